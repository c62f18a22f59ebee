import { readdir, realpath, stat } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import type { SystemName } from "../contracts.ts";
import { StandinError } from "../errors.ts";
import type { BytesFile } from "./read-file.ts";

/** One file, which is one table. */
export interface TableFile extends BytesFile {
  readonly table: string;
}

/** What a connector's files are called. */
export interface FileKind {
  /** As messages name the format. */
  readonly format: string;
  /** How the names of files end that a folder counts as such, packing apart. */
  readonly endings: readonly string[];
  /** How a pipe is read instead. */
  readonly pipe: string;
}

/** Whether a folder counts a file of this name as one of a kind. */
export const isNameOf = (name: string, { endings }: FileKind): boolean => endings.includes(endingOf(name));

const endingOf = (name: string): string => extname(unpacked(name)).toLowerCase();
const unpacked = (name: string): string => name.replace(/\.gz$/i, "");

/** Finds the files that paths name: files, folders (all files of the kind in them) and names with `*`. Sorted by table name. */
export async function findTableFiles(paths: readonly string[], kind: FileKind): Promise<readonly TableFile[]> {
  const files: TableFile[] = [];
  for (const path of paths) files.push(...(await expand(path, kind)));
  const twice = files.find((file, index) => files.findIndex(({ table }) => table === file.table) !== index);
  if (twice !== undefined) {
    throw new StandinError("LOCATION_INVALID", `Two ${kind.format} files would both be the table ${twice.table}.`, {
      file: twice.path,
      hint: "Rename one of them.",
    });
  }
  return files.sort((one, other) => (one.table < other.table ? -1 : 1));
}

async function expand(path: string, kind: FileKind): Promise<readonly TableFile[]> {
  if (basename(path).includes("*")) return inFolder(dirname(path), matcher(basename(path)), path, kind);
  const found = await stat(path).catch((error) => {
    throw unreachable(path, error, kind);
  });
  if (found.isDirectory()) return inFolder(path, (name) => isNameOf(name, kind), path, kind);
  // A pipe can be read once, and a file is read twice: for its header, and for its rows.
  if (!found.isFile()) {
    throw new StandinError("SOURCE_UNREACHABLE", `${path} is no regular file.`, {
      file: path,
      hint: kind.pipe,
    });
  }
  return [await describeFile(path, kind)];
}

async function inFolder(
  folder: string,
  matches: (name: string) => boolean,
  asked: string,
  kind: FileKind,
): Promise<readonly TableFile[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error) => {
    throw unreachable(folder, error, kind);
  });
  const names = entries
    .filter((entry) => (entry.isFile() || entry.isSymbolicLink()) && matches(entry.name))
    .map(({ name }) => name);
  if (names.length === 0)
    throw new StandinError("SOURCE_UNREACHABLE", `No ${kind.format} file matches ${asked}.`, {
      file: asked,
      hint: `Check the path: a folder counts its ${kind.endings.join(", ").replace(/, ([^,]*)$/, " and $1")} files, each also as .gz. Others are named by their ending: ./folder/*.jsonl.`,
    });
  return Promise.all(names.map((name) => describeFile(join(folder, name), kind)));
}

/** `*` stands for any characters of a file's name. */
function matcher(pattern: string): (name: string) => boolean {
  const parts = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  const expression = new RegExp(`^${parts.join(".*")}$`);
  return (name) => expression.test(name);
}

/** What a file is now. `named` is the name that it stands for. */
export async function describeFile(path: string, kind: FileKind, named: string = path): Promise<TableFile> {
  const { size, mtimeMs } = await stat(path).catch((error) => {
    throw unreachable(path, error, kind);
  });
  return {
    path,
    table: isNameOf(named, kind) ? basename(unpacked(named), extname(unpacked(named))) : basename(unpacked(named)),
    isGzip: /\.gz$/i.test(named),
    size,
    modified: mtimeMs,
  };
}

/** Where the files are: equal for two sets of files in one folder. */
export async function folderIdentity(folder: string, system: SystemName): Promise<string> {
  return `${system}:${await realpath(folder).catch(() => folder)}`;
}

function unreachable(path: string, error: unknown, { format }: FileKind): StandinError {
  const { code } = error as { code?: unknown };
  const why = code === "ENOENT" ? "does not exist" : code === "EACCES" ? "may not be read" : `cannot be read (${String(code)})`;
  return new StandinError("SOURCE_UNREACHABLE", `${path} ${why}.`, {
    file: path,
    hint: `Check the path of the ${format} files, and that they may be read.`,
  });
}
