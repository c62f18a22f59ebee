import { basename, dirname } from "node:path";
import type {
  ColumnValues,
  DataSchema,
  ReadOptions,
  RowBatch,
  SampleOptions,
  Shard,
  ShardOptions,
  SharedSnapshot,
  Source,
  Table,
  TableToWrite,
} from "../../contracts.ts";
import type { CsvHeader } from "../../formats/csv/csv-scanner.ts";
import { dottedRef } from "../dotted-ref.ts";
import { readFileBytes } from "../read-file.ts";
import { findTableFiles, folderIdentity, type TableFile } from "../table-files.ts";
import type { OpenBytes } from "../table-input.ts";
import { CSV_FILES } from "./csv-files.ts";
import { CsvGivenSource } from "./csv-given.ts";
import type { CsvReadOptions } from "./csv-options.ts";
import { type OpenedCsv, openCsv } from "./csv-reader.ts";
import { CsvReads, type KnownFile } from "./csv-reads.ts";
import { inOrder } from "./csv-reorder.ts";
import { sampleCsv } from "./csv-sample.ts";
import { sharedCsv } from "./csv-shared.ts";
import { type CsvTable, columnNames, csvColumn } from "./csv-table.ts";

/** Which CSV files are read, and how. */
interface CsvPathOptions extends CsvReadOptions {
  /** A file, a folder, a name with `*`, or several of them. `.gz` is unpacked. */
  readonly paths: string | readonly string[];
}

interface CsvGivenOptions extends CsvReadOptions {
  /** What opens the bytes of each table, by its name: called once to look at them, and once to read them. Gzip is unpacked. */
  readonly files: { readonly [table: string]: OpenBytes };
}

/** Which CSV files are read, or how their bytes are opened. */
export type CsvSourceOptions = CsvPathOptions | CsvGivenOptions;

/**
 * Reads CSV: each file is a table of its name, each field is text.
 *
 * @example
 * csvSource({ paths: "./exports" })
 * csvSource({ files: { customers: () => fetchObject("customers.csv") } })
 */
export function csvSource(options: CsvSourceOptions): Source {
  return "files" in options ? new CsvGivenSource(options.files, options) : new CsvSource(options);
}

class CsvSource implements Source {
  readonly system = "csv";
  readonly #options: CsvPathOptions;
  #files: readonly KnownFile[] = [];
  #reads: CsvReads;

  constructor(options: CsvPathOptions) {
    this.#options = options;
    this.#reads = new CsvReads([], options);
  }

  async open(signal: AbortSignal): Promise<void> {
    const { paths } = this.#options;
    const found = await findTableFiles(typeof paths === "string" ? [paths] : paths, CSV_FILES);
    const files: KnownFile[] = [];
    for (const file of found) files.push({ file, table: await this.#lookAt(file, signal) });
    this.#files = files;
    this.#reads = new CsvReads(files, this.#options);
  }

  async identity(): Promise<string> {
    const [first] = this.#files;
    return folderIdentity(first === undefined ? "." : dirname(first.file.path), "csv");
  }

  async schema(): Promise<DataSchema> {
    return { system: "csv", tables: this.#files.map(({ table }) => table) };
  }

  read(table: Table, options: ReadOptions): AsyncIterable<RowBatch> {
    return this.#reads.read(table, options);
  }

  shards(table: Table, options: ShardOptions): AsyncIterable<Shard> {
    return this.#reads.shards(table, options);
  }

  /** Any number of readers can open a file: each sees whether it is still the one that was found. */
  async share(tables: readonly TableToWrite[]): Promise<SharedSnapshot> {
    const files = tables.map(({ table }) => this.#reads.find(table));
    const reader = sharedCsv(files, this.#options);
    // On another machine as well, where the files lie under the same path.
    return { system: "csv", reader, elsewhere: reader };
  }

  sample(table: Table, options: SampleOptions): Promise<readonly ColumnValues[]> {
    const known = this.#reads.find(table).table;
    const { columns, signal } = options;
    const start = this.read(known, { columns, batchSize: {}, signal });
    return sampleCsv(known, options, start, (batch) => inOrder(batch, known.csv.columnNames, columns));
  }

  close(): Promise<void> {
    return this.#reads.close();
  }

  async #lookAt(file: TableFile, signal: AbortSignal): Promise<CsvTable> {
    const opened = await openCsv(readFileBytes(file, signal), file.table, file.path, this.#options, {});
    try {
      return this.#describe(file, await opened.scanner.open(), opened);
    } finally {
      await opened.scanner.close();
    }
  }

  #describe(file: TableFile, header: CsvHeader, { dialect, isNormalized }: OpenedCsv): CsvTable {
    const names = columnNames(header, this.#options.columns, file.path);
    const types = this.#options.types?.[file.table] ?? {};
    return {
      ref: dottedRef(file.table),
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
