import { basename, join } from "node:path";
import type { Sink, TableToWrite } from "../../contracts.ts";
import type { Finding } from "../../errors.ts";
import { tableName } from "../../table-ref.ts";
import { type FolderFormat, FolderSink } from "../folder-sink.ts";
import { GivenSink, type WriterOf } from "../given-sink.ts";
import { fileName } from "../target-files.ts";
import { openFile } from "./parquet-bytes.ts";
import { loadWriter } from "./parquet-library.ts";
import { PARQUET_FILES, type ParquetSinkOptions } from "./parquet-options.ts";
import { openParquet, readParquet } from "./parquet-reader.ts";
import { parquetSource } from "./parquet-source.ts";
import { isParquetTable } from "./parquet-table.ts";
import { targetColumns } from "./parquet-target.ts";
import { parquetWriter } from "./parquet-writer.ts";

/**
 * Writes each table as a Parquet file: into a folder, where the files get their names when the run is done, all of them or none, or to streams that the caller
 * opens, which are ended then.
 *
 * Columns of a Parquet file keep their types; those of other systems get the type that comes closest, and what has none is text. Needs the packages hyparquet and
 * hyparquet-writer.
 */
export function parquetSink(options: ParquetSinkOptions): Sink {
  const writerOf: WriterOf = (toWrite, bytes) => parquetWriter(toWrite, bytes, options);
  const sink =
    "open" in options
      ? new GivenSink("parquet", options.open, writerOf)
      : new FolderSink(options.folder, folderFormat(options.folder, writerOf));
  return Object.assign(sink, { check: (tables: readonly TableToWrite[]) => check(tables, options) });
}

function folderFormat(folder: string, writerOf: WriterOf): FolderFormat {
  return {
    system: "parquet",
    kind: PARQUET_FILES,
    targetOf(toWrite) {
      const { table } = toWrite;
      const source = isParquetTable(table) ? table.parquet.path : null;
      const name = source === null ? `${tableName(table.ref)}.parquet` : basename(source);
      return { toWrite, final: join(folder, fileName(name, false)), source, isGzip: false };
    },
    writerOf,
    async *read(file, _toWrite, options) {
      const input = { table: file.table, file: file.path, path: file.path, open: () => openFile(file) };
      yield* readParquet(input, await openParquet(input, {}), options);
    },
    sourceOf: (paths) => parquetSource({ paths }),
  };
}

/** What cannot be written is told before a row is: a missing package, and groups of columns that the writer does not know. */
async function check(tables: readonly TableToWrite[], { types }: ParquetSinkOptions): Promise<readonly Finding[]> {
  await loadWriter();
  return tables.flatMap((toWrite) => {
    const table = tableName(toWrite.table.ref);
    const odd = targetColumns(toWrite, types?.[table] ?? {}).filter(({ field }) => !field.isWritable);
    return odd.map(
      ({ column }): Finding => ({
        code: "TARGET_MISMATCH",
        severity: "error",
        message: `${table}.${column.name} is ${column.type} in a form that Parquet's writer does not know.`,
        table,
        column: column.name,
        hint: "Lists and maps are written in three levels alone (LogicalTypes.md). Write the table to JSON Lines or CSV instead.",
      }),
    );
  });
}
