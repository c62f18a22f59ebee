import { readFile } from "node:fs/promises";
import xxhash from "xxhash-wasm";
import type { Rule } from "../../contracts.ts";
import { everyRule } from "../../inner-rules.ts";
import { type LocalFile, locationOf, writtenPath } from "../../local-file.ts";
import { type Plan, variantsOf } from "../plan.ts";

/** Checksums of the files that rules draw from, by their paths as the policy wrote them. */
export type FileChecksums = Readonly<Record<string, string>>;

/** The files of a rule, and of those that stand in it, each with its checksum; undefined where it has none. */
export type ChecksumsOf = (rule: Rule) => FileChecksums | undefined;

/** Reads the files that a plan's rules name: what stands in them is as much a part of the mapping as an option. */
export async function readFileChecksums(plan: Plan): Promise<ChecksumsOf> {
  const { create64 } = await xxhash();
  const rules = plan.tables.flatMap(({ columns }) => columns.flatMap(variantsOf).flatMap(({ rule }) => rule ?? []));
  const found = new Map<string, string>();
  for (const file of rules.flatMap(filesOf)) {
    const place = locationOf(file);
    if (found.has(place)) continue;
    // That it cannot be read is told where it is needed.
    const bytes = await readFile(place).catch(() => null);
    const digits = bytes === null ? null : create64().update(bytes).digest().toString(16).padStart(16, "0");
    found.set(place, digits === null ? "not there" : `xxh64:${digits}`);
  }
  return (rule) => {
    const files = filesOf(rule);
    return files.length === 0
      ? undefined
      : Object.fromEntries(files.map((file) => [writtenPath(file), found.get(locationOf(file))!] as const).sort());
  };
}

/** The files that a rule draws from, and those that stand in it. */
export function filesOf(rule: Rule): readonly (string | LocalFile)[] {
  return everyRule(rule).flatMap(({ transform, options }) =>
    Object.entries(transform.options).flatMap(([name, { kind }]) =>
      kind === "file" && options[name] !== undefined ? [options[name] as string | LocalFile] : [],
    ),
  );
}
