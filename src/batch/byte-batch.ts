import type { ColumnValues, RowBatch, TableRef } from "../contracts.ts";
import type { CellFormat } from "./cell-format.ts";

/** Where the cells of a batch lie in its bytes, row after row: cell c of row r is at index r × columnCount + c. */
export interface CellBounds {
  /** First byte of each cell, quotes included. */
  readonly starts: Int32Array;
  /** First byte behind each cell. A format may use -1 for a NULL that has no bytes. */
  readonly ends: Int32Array;
}

export interface ByteBatchParts extends CellBounds {
  readonly table: TableRef;
  readonly format: CellFormat;
  readonly bytes: Buffer;
  /** The rows' bytes, terminators included: `bytes[from, to)`. */
  readonly from: number;
  readonly to: number;
  readonly columnCount: number;
  readonly rowCount: number;
  readonly firstRow: number;
  /** Takes the bytes back once the batch is done with. A slice of the batch does not: others may share them. */
  readonly onRelease?: (() => void) | undefined;
}

const STRETCH_BITS = 15;
const STRETCH = 1 << STRETCH_BITS;

/** A batch of rows still in the bytes that the source sent. A column is decoded when somebody masks it, and only then. */
export class ByteBatch implements RowBatch, ByteBatchParts {
  readonly table: TableRef;
  readonly format: CellFormat;
  readonly bytes: Buffer;
  readonly from: number;
  readonly to: number;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly columnCount: number;
  readonly rowCount: number;
  readonly firstRow: number;
  readonly #decoded: (ColumnValues | undefined)[];
  readonly #replaced: (ColumnValues | undefined)[];
  readonly #onRelease: (() => void) | undefined;
  readonly #stretches: (string | undefined)[] = [];

  constructor(parts: ByteBatchParts) {
    this.table = parts.table;
    this.format = parts.format;
    this.bytes = parts.bytes;
    this.from = parts.from;
    this.to = parts.to;
    this.starts = parts.starts;
    this.ends = parts.ends;
    this.columnCount = parts.columnCount;
    this.rowCount = parts.rowCount;
    this.firstRow = parts.firstRow;
    this.#onRelease = parts.onRelease;
    this.#decoded = new Array(parts.columnCount);
    this.#replaced = new Array(parts.columnCount);
  }

  get byteCount(): number {
    return this.to - this.from;
  }

  /**
   * The text of `bytes[start, end)`, all of it ASCII. Cut out of a Latin-1 string made once for a stretch of the batch, which is the fastest way to
   * many short texts. A stretch is short enough for V8 to keep it among its young objects: larger ones cost fresh pages each time.
   */
  ascii(start: number, end: number): string {
    const index = start >>> STRETCH_BITS;
    const base = index << STRETCH_BITS;
    if (end - base > STRETCH) return this.bytes.toString("latin1", start, end);
    let stretch = this.#stretches[index];
    if (stretch === undefined) {
      stretch = this.bytes.toString("latin1", base, Math.min(base + STRETCH, this.to));
      this.#stretches[index] = stretch;
    }
    return stretch.slice(start - base, end - base);
  }

  column(index: number): ColumnValues {
    let values = this.#decoded[index];
    if (values === undefined) {
      values = this.format.decodeColumn(this, index);
      this.#decoded[index] = values;
    }
    return values;
  }

  replace(index: number, values: ColumnValues): void {
    this.#replaced[index] = values;
  }

  replacement(index: number): ColumnValues | undefined {
    return this.#replaced[index];
  }

  slice(from: number, to: number): ByteBatch {
    const { columnCount, starts, ends } = this;
    return new ByteBatch({
      ...this.#parts(),
      // A row starts where its first cell does; what lies between two rows is the terminator of the former.
      from: from === 0 ? this.from : this.rowStart(from),
      to: to === this.rowCount ? this.to : this.rowStart(to),
      starts: starts.subarray(from * columnCount, to * columnCount),
      ends: ends.subarray(from * columnCount, to * columnCount),
      rowCount: to - from,
      firstRow: this.firstRow + from,
    });
  }

  release(): void {
    this.#onRelease?.();
  }

  /** First byte of a row. */
  rowStart(row: number): number {
    // Rows without cells are terminators alone.
    if (this.columnCount === 0) return this.from + ((this.to - this.from) / this.rowCount) * row;
    return this.starts[row * this.columnCount]!;
  }

  #parts(): ByteBatchParts {
    const { table, format, bytes, from, to, starts, ends, columnCount, rowCount, firstRow } = this;
    return { table, format, bytes, from, to, starts, ends, columnCount, rowCount, firstRow };
  }
}
