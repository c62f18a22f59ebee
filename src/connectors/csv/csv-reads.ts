import type { ReadOptions, RowBatch, Shard, ShardOptions, Table } from "../../contracts.ts";
import { StandinError } from "../../errors.ts";
import { CsvScanner } from "../../formats/csv/csv-scanner.ts";
import { WHOLE_TABLE } from "../../shard.ts";
import { type ByteRange, readFileBytes } from "../read-file.ts";
import type { TableFile } from "../table-files.ts";
import type { CsvReadOptions } from "./csv-options.ts";
import { openCsv } from "./csv-reader.ts";
import { inOrder } from "./csv-reorder.ts";
import { cutRows } from "./csv-shards.ts";
import type { CsvTable } from "./csv-table.ts";

/** A file and how it reads: plain data. */
export interface KnownFile {
  readonly file: TableFile;
  readonly table: CsvTable;
}

/** What is read of known files, whole or in parts, until it is closed. */
export class CsvReads {
  readonly #files: readonly KnownFile[];
  readonly #options: CsvReadOptions;
  /** What frees each read that is under way. */
  readonly #closers = new Set<() => Promise<unknown>>();

  constructor(files: readonly KnownFile[], options: CsvReadOptions) {
    this.#files = files;
    this.#options = options;
  }

  find({ ref }: Table): KnownFile {
    const known = this.#files.find(({ table }) => table.ref.name === ref.name && table.ref.schema === ref.schema);
    if (known !== undefined) return known;
    throw new StandinError("TABLE_UNKNOWN", `There is no CSV file for ${ref.name}.`, { table: ref.name });
  }

  async *read(table: Table, options: ReadOptions): AsyncGenerator<RowBatch> {
    const { file, table: known } = this.find(table);
    const scanner = await this.#scannerOf(file, known, options);
    const close = this.#keep(() => scanner.close());
    try {
      for await (const batch of scanner.batches()) {
        options.signal.throwIfAborted();
        this.#expectOpen(close, file);
        yield inOrder(batch, known.csv.columnNames, options.columns);
      }
      this.#expectOpen(close, file);
    } finally {
      await this.#free(close);
    }
  }

  async *shards(table: Table, { bytes, signal }: ShardOptions): AsyncGenerator<Shard> {
    const { file, table: known } = this.find(table);
    const { canEnterAnywhere, dialect, header } = known.csv;
    if (!canEnterAnywhere) return yield WHOLE_TABLE;
    const start = header.length;
    const chunks = readFileBytes(file, signal, { from: start, to: Number.POSITIVE_INFINITY });
    const close = this.#keep(() => chunks.return(undefined));
    try {
      for await (const shard of cutRows(chunks, start, bytes, dialect)) {
        this.#expectOpen(close, file);
        yield shard;
      }
    } finally {
      await this.#free(close);
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#closers].map((close) => this.#free(close)));
  }

  async #scannerOf(
    file: TableFile,
    { ref, csv }: CsvTable,
    { shard, firstRow = 0, batchSize, signal }: ReadOptions,
  ): Promise<CsvScanner> {
    if (shard === undefined || shard.range === null) {
      return (await openCsv(readFileBytes(file, signal), file.table, file.path, this.#options, batchSize)).scanner;
    }
    const range = shard.range as ByteRange;
    const part = { offset: range.from, firstRow, columnCount: csv.columnNames.length };
    const options = { table: ref, dialect: csv.dialect, batchSize, header: false, file: file.path, part };
    return new CsvScanner(readFileBytes(file, signal, range), options);
  }

  #keep(close: () => Promise<unknown>): () => Promise<unknown> {
    this.#closers.add(close);
    return close;
  }

  /** What was closed has no more bytes: that is no file's end. */
  #expectOpen(close: () => Promise<unknown>, { path }: TableFile): void {
    if (this.#closers.has(close)) return;
    throw new StandinError("SOURCE_FAILED", `${path} was closed while it was read.`, { file: path });
  }

  async #free(close: () => Promise<unknown>): Promise<void> {
    if (this.#closers.delete(close)) await close();
  }
}
