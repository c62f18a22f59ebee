import { readdir, realpath, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { StandinError } from "../../errors.ts";

/** One CSV file, which is one table. */
export interface CsvFile {
  readonly path: string;
  readonly table: string;
  readonly isGzip: boolean;
  readonly size: number;
  readonly modified: number;
}

/** Whether a folder counts a file of this name as one of CSV. */
export const isCsvName = (name: string): boolean => CSV_NAME.test(name);

const CSV_NAME = /\.(csv|tsv|txt)(\.gz)?$/i;

/** Finds the files that paths name: files, folders (all CSV files in them) and names with `*`. Sorted by table name. */
export async function findCsvFiles(paths: readonly string[]): Promise<readonly CsvFile[]> {
  const files: CsvFile[] = [];
  for (const path of paths) files.push(...(await expand(path)));
  const twice = files.find((file, index) => files.findIndex(({ table }) => table === file.table) !== index);
  if (twice !== undefined) {
    throw new StandinError("LOCATION_INVALID", `Two CSV files would both be the table ${twice.table}.`, {
      file: twice.path,
      hint: "Rename one of them.",
    });
  }
  return files.sort((one, other) => (one.table < other.table ? -1 : 1));
}

async function expand(path: string): Promise<readonly CsvFile[]> {
  if (basename(path).includes("*")) return inFolder(dirname(path), matcher(basename(path)), path);
  const found = await stat(path).catch((error) => {
    throw unreachable(path, error);
  });
  if (found.isDirectory()) return inFolder(path, isCsvName, path);
  // A pipe can be read once, and a file is read twice: for its header, and for its rows.
  if (!found.isFile()) {
    throw new StandinError("SOURCE_UNREACHABLE", `${path} is no regular file.`, {
      file: path,
      hint: "Read a pipe with `standin pipe` or csvStreamSource.",
    });
  }
  return [await describeFile(path)];
}

async function inFolder(folder: string, matches: (name: string) => boolean, asked: string): Promise<readonly CsvFile[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error) => {
    throw unreachable(folder, error);
  });
  const names = entries
    .filter((entry) => (entry.isFile() || entry.isSymbolicLink()) && matches(entry.name))
    .map(({ name }) => name);
  if (names.length === 0)
    throw new StandinError("SOURCE_UNREACHABLE", `No CSV file matches ${asked}.`, {
      file: asked,
      hint: "Check the path: a folder counts its .csv, .tsv and .txt files, each also as .gz.",
    });
  return Promise.all(names.map((name) => describeFile(join(folder, name))));
}

/** `*` stands for any characters of a file's name. */
function matcher(pattern: string): (name: string) => boolean {
  const parts = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  const expression = new RegExp(`^${parts.join(".*")}$`);
  return (name) => expression.test(name);
}

/** What a file is now. `named` is the name that it stands for. */
export async function describeFile(path: string, named: string = path): Promise<CsvFile> {
  const { size, mtimeMs } = await stat(path).catch((error) => {
    throw unreachable(path, error);
  });
  return {
    path,
    table: basename(named).replace(/\.gz$/i, "").replace(CSV_NAME, ""),
    isGzip: /\.gz$/i.test(named),
    size,
    modified: mtimeMs,
  };
}

/** Where the files are: equal for two sets of files in one folder. */
export async function folderIdentity(folder: string): Promise<string> {
  return `csv:${await realpath(folder).catch(() => folder)}`;
}

export function unreachable(path: string, error: unknown): StandinError {
  const { code } = error as { code?: unknown };
  const why = code === "ENOENT" ? "does not exist" : code === "EACCES" ? "may not be read" : `cannot be read (${String(code)})`;
  return new StandinError("SOURCE_UNREACHABLE", `${path} ${why}.`, {
    file: path,
    hint: "Check the path of the CSV files, and that they may be read.",
  });
}
