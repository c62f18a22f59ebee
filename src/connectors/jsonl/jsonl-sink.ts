import { basename, join } from "node:path";
import type { Sink, TableToWrite, TableWriter } from "../../contracts.ts";
import { jsonlRows } from "../../formats/json/jsonl-encoder.ts";
import { readJsonl } from "../../formats/json/jsonl-scanner.ts";
import { tableName } from "../../table-ref.ts";
import { BytesTableWriter } from "../bytes-table-writer.ts";
import type { ByteSink } from "../file-bytes.ts";
import { type FolderFormat, FolderSink } from "../folder-sink.ts";
import { GivenSink } from "../given-sink.ts";
import { fileInput } from "../table-input.ts";
import { fileName } from "../target-files.ts";
import { JSONL_FILES, type JsonlSinkOptions } from "./jsonl-options.ts";
import { jsonlSource } from "./jsonl-source.ts";
import { isJsonlTable } from "./jsonl-table.ts";

/**
 * Writes each table as JSON Lines: into a folder, where the files get their names when the run is done, all of them or none, or to streams that the caller
 * opens, which are ended then.
 *
 * Rows of JSON Lines keep their bytes but for the masked values. Of rows from elsewhere, numbers, booleans and JSON are such, NULL is `null`, and all else
 * is a string as its system writes it.
 */
export function jsonlSink(options: JsonlSinkOptions): Sink {
  return "open" in options
    ? new GivenSink("jsonl", options.open, jsonlWriterOf)
    : new FolderSink(options.folder, folderFormat(options));
}

/** Writes a table, whose rows keep their bytes where they came as JSON Lines. */
export function jsonlWriterOf({ columns }: TableToWrite, bytes: ByteSink): TableWriter {
  return new BytesTableWriter(bytes, jsonlRows(columns));
}

function folderFormat({ folder, gzip }: Extract<JsonlSinkOptions, { readonly folder: string }>): FolderFormat {
  return {
    system: "jsonl",
    kind: JSONL_FILES,
    targetOf(toWrite) {
      const { table } = toWrite;
      const origin = isJsonlTable(table) ? table.jsonl : null;
      const isGzip = gzip ?? origin?.isGzip ?? false;
      const final = join(
        folder,
        fileName(origin?.path == null ? `${tableName(table.ref)}.jsonl` : basename(origin.path), isGzip),
      );
      return { toWrite, final, source: origin?.path ?? null, isGzip };
    },
    writerOf: jsonlWriterOf,
    read: (file, { table, columns }, { columns: asked, batchSize, signal }) =>
      readJsonl(fileInput(file).open(signal), { table: table.ref, columns, asked, batchSize, file: file.path }),
    sourceOf: (paths) => jsonlSource({ paths }),
  };
}
