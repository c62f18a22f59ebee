import { basename, dirname } from "node:path";
import type {
  BatchSize,
  ColumnValues,
  DataSchema,
  ReadOptions,
  RowBatch,
  SampleOptions,
  Source,
  Table,
} from "../../contracts.ts";
import { StandinError } from "../../errors.ts";
import type { CsvHeader } from "../../formats/csv-scanner.ts";
import { type CsvFile, findCsvFiles, folderIdentity } from "./csv-files.ts";
import type { CsvReadOptions } from "./csv-options.ts";
import { type OpenedCsv, openCsv, readFileBytes } from "./csv-reader.ts";
import { inOrder } from "./csv-reorder.ts";
import { sampleCsv } from "./csv-sample.ts";
import { type CsvTable, columnNames, csvColumn, csvRef } from "./csv-table.ts";

export interface CsvSourceOptions extends CsvReadOptions {
  /** A file, a folder, a name with `*`, or several of them. `.gz` is unpacked. */
  readonly paths: string | readonly string[];
}

/** Reads CSV files: each file is a table of its name, each field is text. */
export function csvSource(options: CsvSourceOptions): Source {
  return new CsvSource(options);
}

interface KnownFile {
  readonly file: CsvFile;
  readonly table: CsvTable;
}

class CsvSource implements Source {
  readonly system = "csv";
  readonly #options: CsvSourceOptions;
  readonly #known = new Map<string, KnownFile>();
  readonly #opened = new Set<OpenedCsv>();

  constructor(options: CsvSourceOptions) {
    this.#options = options;
  }

  async open(signal: AbortSignal): Promise<void> {
    const { paths } = this.#options;
    for (const file of await findCsvFiles(typeof paths === "string" ? [paths] : paths)) {
      const opened = await this.#openFile(file, {}, signal);
      const header = await opened.scanner.open();
      await this.#closeFile(opened);
      this.#known.set(file.table, { file, table: this.#describe(file, header, opened) });
    }
  }

  async identity(): Promise<string> {
    const [first] = this.#known.values();
    return folderIdentity(first === undefined ? "." : dirname(first.file.path));
  }

  async schema(): Promise<DataSchema> {
    return { system: "csv", tables: [...this.#known.values()].map(({ table }) => table) };
  }

  async *read(table: Table, { columns, batchSize, signal }: ReadOptions): AsyncGenerator<RowBatch> {
    const known = this.#find(table);
    const opened = await this.#openFile(known.file, batchSize, signal);
    try {
      for await (const batch of opened.scanner.batches()) {
        signal.throwIfAborted();
        yield inOrder(batch, known.table.csv.columnNames, columns);
      }
    } finally {
      await this.#closeFile(opened);
    }
  }

  sample(table: Table, options: SampleOptions): Promise<readonly ColumnValues[]> {
    const known = this.#find(table);
    const { columns, signal } = options;
    const start = this.read(known.table, { columns, batchSize: {}, signal });
    return sampleCsv(known.table, options, start, (batch) => inOrder(batch, known.table.csv.columnNames, columns));
  }

  async close(): Promise<void> {
    await Promise.all([...this.#opened].map((opened) => this.#closeFile(opened)));
  }

  #find({ ref }: Table): KnownFile {
    const known = [...this.#known.values()].find(({ table }) => table.ref.name === ref.name && table.ref.schema === ref.schema);
    if (known !== undefined) return known;
    throw new StandinError("TABLE_UNKNOWN", `There is no CSV file for ${ref.name}.`, { table: ref.name });
  }

  async #openFile(file: CsvFile, batchSize: BatchSize, signal: AbortSignal): Promise<OpenedCsv> {
    const opened = await openCsv(readFileBytes(file, signal), file.table, file.path, this.#options, batchSize);
    this.#opened.add(opened);
    return opened;
  }

  async #closeFile(opened: OpenedCsv): Promise<void> {
    this.#opened.delete(opened);
    await opened.scanner.close();
  }

  #describe(file: CsvFile, header: CsvHeader, { dialect, isNormalized }: OpenedCsv): CsvTable {
    const names = columnNames(header, this.#options.columns, file.path);
    const types = this.#options.types?.[file.table] ?? {};
    return {
      ref: csvRef(file.table),
      columns: names.map((name) => csvColumn(name, Object.hasOwn(types, name) ? types[name] : "text")),
      uniqueKeys: [],
      foreignKeys: [],
      rowEstimate: null,
      // A packed file does not tell what is in it.
      byteEstimate: file.isGzip ? null : file.size,
      csv: {
        dialect,
        header: header.bytes,
        hasHeader: header.names !== null,
        fileName: basename(file.path),
        path: file.path,
        isGzip: file.isGzip,
        canEnterAnywhere: !file.isGzip && !isNormalized,
        columnNames: names,
      },
    };
  }
}
