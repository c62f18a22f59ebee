import type { ByteBatch } from "../../batch/byte-batch.ts";
import type { BatchSize, TableRef } from "../../contracts.ts";
import { StandinError } from "../../errors.ts";
import { tableName } from "../../table-ref.ts";
import { BoundsBuilder, cutBatches, RowCollector } from "../row-collector.ts";
import { copyFormat } from "./copy-format.ts";
import { scanUsualRows } from "./scan-usual-rows.ts";

const TAB = 0x09;
const NEWLINE = 0x0a;

export interface CopyScanOptions {
  readonly table: TableRef;
  readonly columnCount: number;
  readonly batchSize: BatchSize;
  /** The ordinal of the first row in its table, from 0. @default 0 */
  readonly firstRow?: number | undefined;
}

/**
 * Finds the cells of COPY text. Tabs and newlines inside values are escaped, so these two bytes are all there is to look for.
 *
 * Throws FORMAT_INVALID for a row with another number of cells and for data that ends within a row.
 */
export async function* scanCopyText(chunks: AsyncIterable<Uint8Array>, options: CopyScanOptions): AsyncGenerator<ByteBatch> {
  const { table, columnCount } = options;
  const collector = new RowCollector(options.batchSize);
  const bounds = new BoundsBuilder();
  let { firstRow = 0 } = options;
  /** Bytes known to hold no newline: a row of many chunks is looked through once, not once for each chunk. */
  let searched = 0;

  function* scan(): Generator<ByteBatch> {
    const { bytes, length } = collector;
    // Bytes behind the last newline belong to a row that is still to come.
    const last = bytes.subarray(searched, length).lastIndexOf(NEWLINE);
    const to = searched + last + 1;
    searched = last < 0 ? length : length - to;
    if (last < 0) return;
    const rowCount = scanRows(bytes, 0, to, columnCount, bounds, table, firstRow);
    const identity = { table, format: copyFormat, columnCount };
    yield* cutBatches(
      bytes,
      0,
      { starts: bounds.starts, ends: bounds.ends, rowCount, to },
      identity,
      firstRow,
      collector.maxRows,
      () => collector.recycle(bytes),
    );
    firstRow += rowCount;
    collector.carry(to);
  }

  for await (const chunk of chunks) {
    collector.append(chunk);
    if (collector.isFull) yield* scan();
  }
  yield* scan();
  if (collector.length > 0) throw malformed(table, firstRow, "ends in the middle of a row");
}

function scanRows(
  bytes: Buffer,
  from: number,
  to: number,
  columnCount: number,
  ...rest: [BoundsBuilder, TableRef, number]
): number {
  if (columnCount === 0) return countCopyRows(bytes, from, to);
  const rowCount = scanUsualRows(bytes, from, to, columnCount, rest[0]);
  return rowCount < 0 ? scanCopyRows(bytes, from, to, columnCount, ...rest) : rowCount;
}

/** The same for all bytes that can be there, and with an error that tells the row. */
export function scanCopyRows(
  bytes: Buffer,
  from: number,
  to: number,
  columnCount: number,
  bounds: BoundsBuilder,
  table: TableRef,
  firstRow: number,
): number {
  let { starts, ends } = bounds;
  let cell = 0;
  let rowEnd = columnCount;
  let start = from;
  const view = new DataView(bytes.buffer, bytes.byteOffset, to);
  const lastWord = to - 3;
  for (let index = from; index < to; index++) {
    // Four bytes at a time while all lie above a newline: a borrow into a byte's high bit tells of one that does not.
    while (index < lastWord) {
      const word = view.getUint32(index, true);
      if (((word - 0x0b0b0b0b) & ~word & 0x80808080) !== 0) break;
      index += 4;
    }
    const byte = bytes[index]!;
    if (byte > NEWLINE || byte < TAB) continue;
    if (cell >= bounds.capacity) {
      bounds.reserve(cell + 1);
      ({ starts, ends } = bounds);
    }
    starts[cell] = start;
    ends[cell] = index;
    cell++;
    start = index + 1;
    // Right exactly when the newline, and no tab, closes the row's last cell.
    if ((byte === NEWLINE) !== (cell === rowEnd))
      throw malformed(table, firstRow + rowEnd / columnCount - 1, "has another number of cells");
    if (byte === NEWLINE) rowEnd += columnCount;
  }
  return cell / columnCount;
}

/** A table without columns has an empty line per row. */
export function countCopyRows(bytes: Buffer, from: number, to: number): number {
  let rows = 0;
  for (let index = from; index < to; index++) if (bytes[index] === NEWLINE) rows++;
  return rows;
}

function malformed(table: TableRef, rowsBefore: number, what: string): StandinError {
  const name = tableName(table);
  const row = rowsBefore + 1;
  return new StandinError("FORMAT_INVALID", `The COPY text of ${name} ${what} (row ${row}).`, { table: name, row });
}
