import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { valuesOfTab } from "../../formats/mysql-tab-rows.ts";
import { readFileBytes } from "../read-file.ts";
import type { DumpInput } from "./dump-input.ts";

/** Whether a folder is what `mysqldump --tab` writes: a statement file for each table, and a file of rows beside it. */
export async function isTabFolder(path: string): Promise<boolean> {
  const names = await readdir(path).catch((): string[] => []);
  return names.some((name) => name.endsWith(".txt") && names.includes(name.replace(/\.txt$/, ".sql")));
}

/** Reads such a folder as the dump that mysqldump would have written into one file. */
export async function tabInput(path: string): Promise<DumpInput> {
  const { mysqlDump } = await import("../../formats/mysql-dump-format.ts");
  const names = await readdir(path);
  const tables = names.filter((name) => name.endsWith(".sql")).map((name) => name.slice(0, -4));
  async function* bytes(signal: AbortSignal): AsyncGenerator<Uint8Array> {
    for (const table of tables.sort()) {
      yield* file(join(path, `${table}.sql`), signal);
      if (!names.includes(`${table}.txt`)) continue;
      const rows = join(path, `${table}.txt`);
      // A statement without rows is none.
      if ((await stat(rows)).size === 0) continue;
      yield Buffer.from(`INSERT INTO \`${table.replaceAll("`", "``")}\` VALUES\n`);
      yield* valuesOfTab(file(rows, signal), rows);
      yield Buffer.from(";\n");
    }
  }
  return { path, format: mysqlDump, canSeek: false, size: null, bytes };
}

async function* file(path: string, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const { size, mtimeMs } = await stat(path);
  yield* readFileBytes({ path, isGzip: false, size, modified: mtimeMs }, signal);
}
