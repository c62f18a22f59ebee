import { ByteBatch } from "../batch/byte-batch.ts";
import type { CellFormat } from "../batch/cell-format.ts";
import { USUAL_BYTES, USUAL_ROWS } from "../batch/usual-size.ts";
import type { BatchSize, TableRef } from "../contracts.ts";
import { StandinError } from "../errors.ts";

/** Room for the chunk that fills a batch. */
const SPARE_BYTES = 64 * 1024;
const FREE_BUFFERS = 4;
/** From here on a buffer grows where it stands: to move a row of 200 MB to another one would take as much memory again. */
const LONG_BYTES = 8 * 1024 * 1024;
/** Cells are found by 32-bit places. */
const MAX_BYTES = 2 ** 31 - 1;

/** Bytes as they come, gathered until they are worth scanning; what is left over of a row is carried to the next batch. */
export class RowCollector {
  bytes: Buffer;
  /** Bytes that are there to be scanned. */
  length = 0;
  readonly maxRows: number;
  readonly maxBytes: number;
  readonly #free: Buffer[] = [];

  constructor({ maxRows = USUAL_ROWS, maxBytes = USUAL_BYTES }: BatchSize) {
    this.maxRows = maxRows;
    this.maxBytes = maxBytes;
    this.bytes = Buffer.allocUnsafeSlow(maxBytes + SPARE_BYTES);
  }

  append(chunk: Uint8Array): void {
    const needed = this.length + chunk.length;
    if (needed > LONG_BYTES) this.#stretch(needed);
    else if (needed > this.bytes.length) this.#move(0, Math.max(needed, this.bytes.length * 2));
    this.bytes.set(chunk, this.length);
    this.length = needed;
  }

  /** Enough bytes for a batch. */
  get isFull(): boolean {
    return this.length >= this.maxBytes;
  }

  /** Gives the buffer away with the batches that were cut from it, and carries the bytes from `from` on over into another one. */
  carry(from: number): void {
    this.#move(from, Math.max(this.maxBytes + SPARE_BYTES, this.length - from));
  }

  /** Takes a buffer back. Fresh memory costs a page fault for every 4 KiB, which is more than scanning them. */
  recycle(bytes: Buffer): void {
    if (this.#free.length < FREE_BUFFERS && bytes.length <= LONG_BYTES) this.#free.push(bytes);
  }

  /** Makes room for a long row. */
  #stretch(needed: number): void {
    if (needed <= this.bytes.length) return;
    if (needed > MAX_BYTES)
      throw new StandinError("FORMAT_INVALID", "A row is longer than 2 GiB, which is the most that can be read.");
    const size = Math.min(MAX_BYTES, needed + LONG_BYTES);
    const { buffer } = this.bytes;
    if (buffer instanceof ArrayBuffer && buffer.resizable) {
      buffer.resize(size);
      this.bytes = Buffer.from(buffer, 0, size);
      return;
    }
    const stretched = Buffer.from(new ArrayBuffer(size, { maxByteLength: MAX_BYTES }), 0, size);
    this.bytes.copy(stretched, 0, 0, this.length);
    this.bytes = stretched;
  }

  #move(from: number, capacity: number): void {
    const reused = this.#free.findIndex((buffer) => buffer.length >= capacity);
    const next = reused < 0 ? Buffer.allocUnsafeSlow(capacity) : this.#free.splice(reused, 1)[0]!;
    this.bytes.copy(next, 0, from, this.length);
    this.bytes = next;
    this.length -= from;
  }
}

/** Cell bounds of scanned rows, growing as needed. */
export class BoundsBuilder {
  starts: Int32Array;
  ends: Int32Array;
  #capacity: number;

  constructor(capacity = 4096) {
    this.#capacity = capacity;
    this.starts = new Int32Array(capacity);
    this.ends = new Int32Array(capacity);
  }

  /** Makes room for `cells` cells in all. */
  reserve(cells: number): void {
    if (cells <= this.#capacity) return;
    this.#capacity = Math.max(cells, this.#capacity * 2);
    this.starts = grown(this.starts, this.#capacity);
    this.ends = grown(this.ends, this.#capacity);
  }

  get capacity(): number {
    return this.#capacity;
  }
}

function grown(array: Int32Array, capacity: number): Int32Array {
  const next = new Int32Array(capacity);
  next.set(array);
  return next;
}

/** What a scan of complete rows found. `rowStarts[r]` is where row r starts; `to` is behind the last row. */
export interface ScannedRows {
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly rowCount: number;
  readonly to: number;
}

export interface BatchIdentity {
  readonly table: TableRef;
  readonly format: CellFormat;
  readonly columnCount: number;
}

/** Cuts scanned rows into batches of at most `maxRows`, all over the same bytes. Bytes without a row are a batch as well: they are to be copied. */
export function* cutBatches(
  bytes: Buffer,
  from: number,
  rows: ScannedRows,
  identity: BatchIdentity,
  firstRow: number,
  maxRows: number,
  onRelease?: () => void,
): Generator<ByteBatch> {
  if (rows.to === from) return;
  const { starts, ends, rowCount, to } = rows;
  const cells = rowCount * identity.columnCount;
  const whole = new ByteBatch({
    ...identity,
    bytes,
    from,
    to,
    starts: starts.slice(0, cells),
    ends: ends.slice(0, cells),
    rowCount,
    firstRow,
    onRelease,
  });
  if (rowCount <= maxRows) {
    yield whole;
    return;
  }
  for (let row = 0; row < rowCount; row += maxRows) yield whole.slice(row, Math.min(row + maxRows, rowCount));
}
