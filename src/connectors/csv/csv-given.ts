import type { ColumnValues, DataSchema, ReadOptions, RowBatch, SampleOptions, Source, Table } from "../../contracts.ts";
import { knownTable } from "../known-table.ts";
import { ReadsUnderWay } from "../reads-under-way.ts";
import { sampleFirst } from "../sample-first.ts";
import { givenInput, type OpenBytes, type TableInput } from "../table-input.ts";
import type { CsvReadOptions } from "./csv-options.ts";
import { openCsv } from "./csv-reader.ts";
import { inOrder } from "./csv-reorder.ts";
import { type CsvTable, openedTable } from "./csv-table.ts";

interface KnownInput {
  readonly input: TableInput;
  readonly table: CsvTable;
}

/** Reads CSV from bytes that the caller opens, a table each. */
export class CsvGivenSource implements Source {
  readonly system = "csv";
  readonly #inputs: readonly TableInput[];
  readonly #options: CsvReadOptions;
  readonly #reads = new ReadsUnderWay();
  #known: readonly KnownInput[] = [];

  constructor(files: { readonly [table: string]: OpenBytes }, options: CsvReadOptions) {
    this.#inputs = Object.entries(files).map(([table, open]) => givenInput(table, open));
    this.#options = options;
  }

  async open(signal: AbortSignal): Promise<void> {
    const known: KnownInput[] = [];
    for (const input of this.#inputs) {
      const opened = await openCsv(input.open(signal), input.table, input.file, this.#options, {});
      try {
        known.push({ input, table: openedTable(input.table, opened, await opened.scanner.open(), this.#options) });
      } finally {
        await opened.scanner.close();
      }
    }
    this.#known = known;
  }

  async identity(): Promise<string> {
    return "csv:given:in";
  }

  async schema(): Promise<DataSchema> {
    return { system: "csv", tables: this.#known.map(({ table }) => table) };
  }

  read(table: Table, options: ReadOptions): AsyncIterable<RowBatch> {
    const known = knownTable(this.#known, table, "There are no bytes of CSV");
    return this.#reads.read(readRows(known, this.#options, options), options.signal, known.input.file);
  }

  sample(table: Table, options: SampleOptions): Promise<readonly ColumnValues[]> {
    return sampleFirst(this, table, options);
  }

  close(): Promise<void> {
    return this.#reads.close();
  }
}

async function* readRows(
  { input, table }: KnownInput,
  how: CsvReadOptions,
  { columns, batchSize, signal }: ReadOptions,
): AsyncGenerator<RowBatch> {
  const { scanner } = await openCsv(input.open(signal), input.table, input.file, how, batchSize);
  try {
    for await (const batch of scanner.batches()) yield inOrder(batch, table.csv.columnNames, columns);
  } finally {
    await scanner.close();
  }
}
