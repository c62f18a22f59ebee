import { isUtf8 } from "node:buffer";
import type { ByteBatch } from "../../batch/byte-batch.ts";
import type { BatchSize, TableRef } from "../../contracts.ts";
import { StandinError } from "../../errors.ts";
import { tableName } from "../../table-ref.ts";
import { BoundsBuilder, cutBatches, RowCollector } from "../row-collector.ts";
import type { CsvDialect } from "./csv-dialect.ts";
import { csvFormat } from "./csv-format.ts";
import { CsvFault, createRowScanner } from "./csv-rows.ts";

export interface CsvScanOptions {
  readonly table: TableRef;
  readonly dialect: CsvDialect;
  readonly batchSize: BatchSize;
  /** Whether the first row names the columns. */
  readonly header: boolean;
  /** As errors name the file. */
  readonly file: string;
  /** Where the bytes stand in the file. @default at its start */
  readonly part?: CsvPart | undefined;
}

/** A part of a file that starts where a row does and ends where one does: it has no header, and its rows have as many fields as all others. */
export interface CsvPart {
  /** Bytes of the file before it. */
  readonly offset: number;
  /** Rows of the file before it. */
  readonly firstRow: number;
  readonly columnCount: number;
}

/** The start of a CSV: what came before the first row, as it came, and the names in it. */
export interface CsvHeader {
  /** Null for a file without a header. */
  readonly names: readonly string[] | null;
  readonly columnCount: number;
  /** Byte order mark and header line, to be written as they are. */
  readonly bytes: Buffer;
  readonly hasBom: boolean;
}

const BOM = [0xef, 0xbb, 0xbf];

/** A CSV in one of the usual dialects, read as batches of bytes with cell bounds. `open` reads the header, `batches` the rest. */
export class CsvScanner {
  readonly #chunks: AsyncIterator<Uint8Array>;
  readonly #options: CsvScanOptions;
  readonly #collector: RowCollector;
  readonly #bounds = new BoundsBuilder();
  readonly #scanRows: ReturnType<typeof createRowScanner>;
  /** Bytes of the file before the collector's first. */
  #offset: number;
  #isEnded = false;
  #header: CsvHeader | undefined;

  constructor(chunks: AsyncIterable<Uint8Array>, options: CsvScanOptions) {
    this.#chunks = chunks[Symbol.asyncIterator]();
    this.#options = options;
    this.#collector = new RowCollector(options.batchSize);
    this.#scanRows = createRowScanner(options.dialect);
    const { part } = options;
    this.#offset = part?.offset ?? 0;
    if (part !== undefined) this.#header = { names: null, columnCount: part.columnCount, bytes: Buffer.alloc(0), hasBom: false };
  }

  /** Reads as far as the first row ends. */
  async open(): Promise<CsvHeader> {
    if (this.#header !== undefined) return this.#header;
    const collector = this.#collector;
    for (;;) {
      const { bytes, length } = collector;
      const hasBom = length >= BOM.length && BOM.every((byte, index) => bytes[index] === byte);
      const from = hasBom ? BOM.length : 0;
      const scan = this.#scanRows(bytes, from, length, this.#isEnded, 0, this.#bounds);
      if (scan instanceof CsvFault) throw this.#fault(scan, 0);
      if (scan.rowCount === 1) {
        this.#header = this.#readHeader(scan.cellCount, from, scan.to, hasBom);
        return this.#header;
      }
      if (this.#isEnded) {
        if (this.#options.header) throw this.#invalid("has no header: it is empty", {});
        this.#header = { names: null, columnCount: 0, bytes: Buffer.from(bytes.subarray(0, from)), hasBom };
        return this.#header;
      }
      this.#checkRowLength();
      await this.#pull();
    }
  }

  /** The rows behind the header. */
  async *batches(): AsyncGenerator<ByteBatch> {
    const { columnCount } = await this.open();
    const collector = this.#collector;
    const { table, dialect, part } = this.#options;
    const identity = { table, format: csvFormat(dialect), columnCount };
    let firstRow = part?.firstRow ?? 0;
    // A row longer than a batch: twice as many bytes are awaited before the next look, so that looking stays linear.
    let wanted = collector.maxBytes;
    try {
      for (;;) {
        while (!this.#isEnded && collector.length < wanted) await this.#pull();
        const { bytes, length } = collector;
        const scan = this.#scanRows(bytes, 0, length, this.#isEnded, columnCount, this.#bounds);
        if (scan instanceof CsvFault) throw this.#fault(scan, firstRow);
        // Skipped lines go with the row behind them; those at the very end go by themselves.
        const to = scan.rowCount === 0 && !this.#isEnded ? 0 : scan.to;
        this.#checkUtf8(bytes, to, firstRow);
        const rows = { starts: this.#bounds.starts, ends: this.#bounds.ends, rowCount: scan.rowCount, to };
        yield* cutBatches(bytes, 0, rows, identity, firstRow, collector.maxRows, () => collector.recycle(bytes));
        firstRow += scan.rowCount;
        if (to === 0) this.#checkRowLength();
        wanted = to === 0 ? length * 2 : collector.maxBytes;
        this.#offset += to;
        if (to > 0) collector.carry(to);
        if (this.#isEnded) return;
      }
    } finally {
      await this.close();
    }
  }

  async close(): Promise<void> {
    this.#isEnded = true;
    await this.#chunks.return?.();
  }

  async #pull(): Promise<void> {
    const { done, value } = await this.#chunks.next();
    if (done) this.#isEnded = true;
    else this.#collector.append(value);
  }

  #readHeader(columnCount: number, from: number, to: number, hasBom: boolean): CsvHeader {
    const { bytes } = this.#collector;
    if (!this.#options.header) {
      if (from > 0) this.#skip(from);
      return { names: null, columnCount, bytes: Buffer.from(bytes.subarray(0, from)), hasBom };
    }
    this.#checkUtf8(bytes, to, 0);
    const { table, dialect } = this.#options;
    const rows = { starts: this.#bounds.starts, ends: this.#bounds.ends, rowCount: 1, to };
    const [row] = cutBatches(bytes, from, rows, { table, format: csvFormat({ ...dialect, nulls: "none" }), columnCount }, 0, 1);
    const names = Array.from({ length: columnCount }, (_, column) => row!.column(column)[0]!);
    this.#checkNames(names);
    const header = { names, columnCount, bytes: Buffer.from(bytes.subarray(0, to)), hasBom };
    this.#skip(to);
    return header;
  }

  #skip(bytes: number): void {
    this.#offset += bytes;
    this.#collector.carry(bytes);
  }

  #checkNames(names: readonly string[]): void {
    const empty = names.indexOf("");
    if (empty >= 0) throw this.#invalid(`has no name for column ${empty + 1} in its header`, {});
    // By position: where the file has no header after all, the names are a row's values.
    const second = names.findIndex((name, index) => names.indexOf(name) !== index);
    if (second < 0) return;
    const first = names.indexOf(names[second]!);
    throw this.#invalid(`gives columns ${first + 1} and ${second + 1} one name in its header`, {});
  }

  #checkRowLength(): void {
    if (this.#collector.length <= this.#options.dialect.maxRowBytes) return;
    throw this.#invalid("has a row that is longer than maxRowBytes: is a quote never closed?", { offset: this.#offset });
  }

  /** Checks whole rows, so a character cut by a chunk's edge is never taken for a broken one. */
  #checkUtf8(bytes: Buffer, to: number, firstRow: number): void {
    if (isUtf8(bytes.subarray(0, to))) return;
    throw this.#invalid(`is not UTF-8 (within the rows from ${firstRow + 1} on)`, { offset: this.#offset, row: firstRow + 1 });
  }

  #fault({ what, row, column, at }: CsvFault, firstRow: number): StandinError {
    const ordinal = firstRow + row + 1;
    return this.#invalid(`is malformed in row ${ordinal}, field ${column + 1}: ${what}`, {
      row: ordinal,
      offset: this.#offset + at,
    });
  }

  #invalid(what: string, place: { readonly row?: number; readonly offset?: number }): StandinError {
    const { file, table } = this.#options;
    return new StandinError("FORMAT_INVALID", `${file} ${what}.`, {
      file,
      table: tableName(table),
      ...place,
      hint: "If the file is as it should be, describe its dialect (delimiter, quote, escape, terminator, encoding).",
    });
  }
}
