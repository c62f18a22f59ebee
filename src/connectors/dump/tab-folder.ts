import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { valuesOfTab } from "../../formats/mysql-dump/mysql-tab-rows.ts";
import { type BytesFile, readFileBytes } from "../read-file.ts";
import type { DumpInput } from "./dump-input.ts";

/** Whether a folder is what `mysqldump --tab` writes: a statement file for each table, and a file of rows beside it. */
export async function isTabFolder(path: string): Promise<boolean> {
  const names = await readdir(path).catch((): string[] => []);
  return names.some((name) => name.endsWith(".txt") && names.includes(name.replace(/\.txt$/, ".sql")));
}

/** Reads such a folder, as it is now, as the dump that mysqldump would have written into one file. */
export async function tabInput(path: string): Promise<DumpInput> {
  const { mysqlDump } = await import("../../formats/mysql-dump/mysql-dump-format.ts");
  const names = await readdir(path);
  const tables = names.filter((name) => name.endsWith(".sql")).map((name) => name.slice(0, -4));
  const files: { readonly table: string; readonly statements: BytesFile; readonly rows: BytesFile | null }[] = [];
  for (const table of tables.sort()) {
    const rows = names.includes(`${table}.txt`) ? await fileAt(join(path, `${table}.txt`)) : null;
    files.push({ table, statements: await fileAt(join(path, `${table}.sql`)), rows });
  }
  async function* bytes(signal: AbortSignal): AsyncGenerator<Uint8Array> {
    for (const { table, statements, rows } of files) {
      yield* readFileBytes(statements, signal);
      // A statement without rows is none.
      if (rows === null || rows.size === 0) continue;
      yield Buffer.from(`INSERT INTO \`${table.replaceAll("`", "``")}\` VALUES\n`);
      yield* valuesOfTab(readFileBytes(rows, signal), rows.path);
      yield Buffer.from(";\n");
    }
  }
  return { path, format: mysqlDump, canSeek: false, size: null, bytes };
}

async function fileAt(path: string): Promise<BytesFile> {
  const { size, mtimeMs } = await stat(path);
  return { path, isGzip: false, size, modified: mtimeMs };
}
