import { readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { ReadOptions, RowBatch, StagedTarget, Table, TableToWrite } from "../../contracts.ts";
import type { CsvDialect } from "../../formats/csv/csv-dialect.ts";
import { readFileBytes } from "../read-file.ts";
import { describeFile, isNameOf, type TableFile } from "../table-files.ts";
import { CSV_FILES } from "./csv-files.ts";
import { openCsv } from "./csv-reader.ts";
import { inOrder } from "./csv-reorder.ts";
import { csvSource } from "./csv-source.ts";

/** A file that is written and does not have its name yet. */
export interface StagedCsv {
  readonly toWrite: TableToWrite;
  readonly partial: string;
  readonly final: string;
  readonly dialect: CsvDialect;
  readonly hasHeader: boolean;
}

/** The folder as it will be: the files that were written, read in the dialect that they were written in, and those that stay. */
export async function stagedFolder(folder: string, written: readonly StagedCsv[], signal: AbortSignal): Promise<StagedTarget> {
  const files = new Map<Table, readonly [staged: StagedCsv, file: TableFile]>();
  for (const staged of written) {
    const { table, columns } = staged.toWrite;
    files.set({ ...table, columns }, [staged, await describeFile(staged.partial, CSV_FILES, staged.final)]);
  }
  const gone = new Set(written.map(({ final }) => resolve(final)));
  const paths = (await readdir(folder)).filter((name) => isNameOf(name, CSV_FILES)).map((name) => join(folder, name));
  const others = csvSource({ paths: paths.filter((path) => !gone.has(resolve(path))) });
  await others.open(signal);
  const { tables } = await others.schema();
  return {
    schema: { system: "csv", tables: [...files.keys(), ...tables] },
    read: (table, options) => {
      const own = files.get(table);
      return own === undefined ? others.read(table, options) : readStaged(...own, options);
    },
  };
}

async function* readStaged(
  { toWrite, dialect, hasHeader }: StagedCsv,
  file: TableFile,
  { columns, batchSize, signal }: ReadOptions,
): AsyncGenerator<RowBatch> {
  const names = toWrite.columns.map(({ name }) => name);
  const how = { dialect, header: hasHeader, ...(!hasHeader && { columns: names }) };
  const { scanner } = await openCsv(readFileBytes(file, signal), file.table, file.path, how, batchSize);
  try {
    for await (const batch of scanner.batches()) yield inOrder(batch, names, columns);
  } finally {
    await scanner.close();
  }
}
