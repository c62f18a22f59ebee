import type { Readable, Writable } from "node:stream";
import type {
  BatchSize,
  DataSchema,
  ReadOptions,
  RowBatch,
  Sink,
  Source,
  Table,
  TableToWrite,
  TableWriter,
} from "../../contracts.ts";
import { csvDialect, WRITTEN_DIALECT } from "../../formats/csv/csv-dialect.ts";
import { BytesTableWriter } from "../bytes-table-writer.ts";
import type { ByteSink } from "../file-bytes.ts";
import { streamInput } from "../stream-input.ts";
import { streamSink } from "../stream-sink.ts";
import { csvEncoding, csvRows } from "./csv-encoder.ts";
import { csvHeaderLine } from "./csv-header-line.ts";
import type { CsvReadOptions } from "./csv-options.ts";
import { type OpenedCsv, openCsv } from "./csv-reader.ts";
import { type CsvTable, isCsvTable, openedTable } from "./csv-table.ts";

/** How a stream of CSV is read. */
export interface CsvStreamOptions extends CsvReadOptions {
  /** What the rows are called in the policy. @default "stdin" */
  readonly table?: string | undefined;
}

/** Reads one table of CSV from a stream. The stream can be read once. */
export function csvStreamSource(input: Readable, options: CsvStreamOptions & { readonly batchSize?: BatchSize } = {}): Source {
  const { table: name = "stdin" } = options;
  let opened: OpenedCsv | undefined;
  let table: CsvTable | undefined;
  let unwatch = () => {};
  const stop = () => input.destroy(new Error("aborted"));
  return {
    system: "csv",
    async open(signal) {
      // A stream that gives nothing would be waited for until it does.
      signal.addEventListener("abort", stop);
      unwatch = () => signal.removeEventListener("abort", stop);
      if (signal.aborted) stop();
      opened = await openCsv(streamInput(input, signal), name, name, options, options.batchSize ?? {});
      // The name is the caller's, and no file's: a dot in it means nothing.
      const known = openedTable(name, opened, await opened.scanner.open(), options);
      table = { ...known, ref: { schema: null, name } };
    },
    identity: async () => "csv:stream:in",
    schema: async (): Promise<DataSchema> => ({ system: "csv", tables: table === undefined ? [] : [table] }),
    async *read(_table: Table, { signal }: ReadOptions): AsyncGenerator<RowBatch> {
      for await (const batch of opened!.scanner.batches()) {
        signal.throwIfAborted();
        yield batch;
      }
    },
    async close() {
      unwatch();
      // First the input: a scanner that waits for its next bytes does not hear that it is closed.
      input.destroy();
      await opened?.scanner.close().catch(() => {});
    },
  };
}

/**
 * Writes one table as CSV to a stream. What was written cannot be taken back: of an all-or-nothing target this is the exception, and whoever reads the
 * stream must look at the exit code.
 */
export function csvStreamSink(output: Writable): Sink {
  return { ...streamSink("csv", output, csvWriterOf), encoding: ({ table }) => csvEncoding(dialectOf(table)) };
}

/** Writes a table in the dialect that it came in, with the header line that it came with. */
export function csvWriterOf({ table, columns }: TableToWrite, bytes: ByteSink): TableWriter {
  const names = columns.map(({ name }) => name);
  const dialect = dialectOf(table);
  const header = isCsvTable(table) ? table.csv.header : csvHeaderLine(names, dialect);
  return new BytesTableWriter(bytes, csvRows(dialect, names.length), header);
}

const dialectOf = (table: Table) => csvDialect(isCsvTable(table) ? table.csv.dialect : WRITTEN_DIALECT);
