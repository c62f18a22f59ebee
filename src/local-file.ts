import { isAbsolute, resolve } from "node:path";
import type { OptionSpec } from "./option-spec.ts";

/** A file that a policy names: the path as it is written, which locks and prints show, and the folder that it is relative to, which they do not. */
export class LocalFile {
  readonly path: string;
  readonly #folder: string;

  constructor(path: string, folder: string) {
    this.path = path;
    this.#folder = folder;
  }

  /** What the path is relative to. */
  get folder(): string {
    return this.#folder;
  }

  get location(): string {
    return isAbsolute(this.path) ? this.path : resolve(this.#folder, this.path);
  }

  toJSON(): string {
    return this.path;
  }
}

/**
 * A file beside the policy. A policy of data means it from the file that says it, as its includes are meant; code means it from the working directory.
 */
export function fileOption(spec: { readonly describe: string }): OptionSpec<string | LocalFile | undefined, true> {
  return {
    kind: "file",
    describe: spec.describe,
    isOptional: true,
    default: undefined,
    problem: (value) => {
      const path = value instanceof LocalFile ? value.path : value;
      if (typeof path !== "string" || path === "") return "must be the path of a file";
      if (/^[a-z][a-z0-9+.-]+:/i.test(path)) return "must be a local file, and is a URL";
      return /\.(csv|json)$/i.test(path) ? null : "must be a file of CSV or JSON (.csv, .json)";
    },
  };
}

/** Where a file option's file is. */
export function locationOf(file: string | LocalFile): string {
  return file instanceof LocalFile ? file.location : resolve(file);
}

/** As its policy wrote it. */
export function writtenPath(file: string | LocalFile): string {
  return file instanceof LocalFile ? file.path : file;
}
