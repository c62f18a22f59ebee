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
import { StandinError } from "../../errors.ts";
import { csvDialect, WRITTEN_DIALECT } from "../../formats/csv-dialect.ts";
import { csvFormat } from "../../formats/csv-format.ts";
import { type ByteSink, CsvTableWriter } from "./csv-file-writer.ts";
import { csvHeaderLine } from "./csv-header-line.ts";
import type { CsvReadOptions } from "./csv-options.ts";
import { type OpenedCsv, openCsv } from "./csv-reader.ts";
import { type CsvTable, csvColumn, isCsvTable } from "./csv-table.ts";

export interface CsvStreamOptions extends CsvReadOptions {
  /** What the rows are called in the policy. @default "stdin" */
  readonly table?: string | undefined;
}

/** Reads one table of CSV from a stream. The stream can be read once. */
export function csvStreamSource(input: Readable, options: CsvStreamOptions & { readonly batchSize?: BatchSize } = {}): Source {
  const { table: name = "stdin" } = options;
  let opened: OpenedCsv | undefined;
  let table: CsvTable | undefined;
  return {
    system: "csv",
    async open() {
      opened = await openCsv(input, name, name, options, options.batchSize ?? {});
      const header = await opened.scanner.open();
      const names =
        header.names ?? options.columns ?? Array.from({ length: header.columnCount }, (_, index) => `column_${index + 1}`);
      const types = options.types?.[name] ?? {};
      table = {
        ref: { schema: null, name },
        columns: names.map((column) => csvColumn(column, Object.hasOwn(types, column) ? types[column] : "text")),
        uniqueKeys: [],
        foreignKeys: [],
        rowEstimate: null,
        csv: { dialect: opened.dialect, header: header.bytes, fileName: name, path: null, isGzip: false, columnNames: names },
      };
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
      await opened?.scanner.close();
      input.destroy();
    },
  };
}

/**
 * Writes one table as CSV to a stream. What was written cannot be taken back: of an all-or-nothing target this is the exception, and whoever reads the
 * stream must look at the exit code.
 */
export function csvStreamSink(output: Writable): Sink {
  return {
    system: "csv",
    async open() {},
    identity: async () => "csv:stream:out",
    schema: async () => ({ system: "csv", tables: [] }),
    begin: async () => ({ notes: [] }),
    async writer({ table, columns }: TableToWrite): Promise<TableWriter> {
      const names = columns.map(({ name }) => name);
      const origin = isCsvTable(table) ? table.csv : null;
      const dialect = csvDialect(origin?.dialect ?? WRITTEN_DIALECT);
      return new CsvTableWriter(
        streamBytes(output),
        csvFormat(dialect),
        names.length,
        origin?.header ?? csvHeaderLine(names, dialect),
      );
    },
    async commit() {},
    async rollback() {},
    async close() {},
  };
}

function streamBytes(output: Writable): ByteSink {
  return {
    write: (bytes) =>
      new Promise<void>((resolve, reject) => {
        // The callback comes when the bytes have left us: a slow reader holds the writer back.
        output.write(bytes, (error) => (error ? reject(closed()) : resolve()));
      }),
    async end() {},
    async abort() {},
  };
}

function closed(): StandinError {
  return new StandinError("SINK_FAILED", "The output was closed before all rows were written.");
}
