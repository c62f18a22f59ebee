import type { ColumnValues, RowBatch, TableRef } from "../contracts.ts";
import { ByteBatch } from "./byte-batch.ts";
import { ObjectBatch } from "./object-batch.ts";

/** Some rows of a batch, in their order, as a batch of their own: bytes stay bytes. The first one is not to be used any more; its memory is given back when nothing needs it. */
export function pickRows(batch: RowBatch, rows: readonly number[], firstRow: number): RowBatch {
  if (batch instanceof ByteBatch) {
    const picked = pickBytes(batch, rows, firstRow);
    batch.release();
    return picked;
  }
  if (batch instanceof ObjectBatch)
    return new ObjectBatch(
      batch.table,
      batch.columns,
      rows.map((row) => batch.rows[row]!),
      firstRow,
    );
  return new PickedBatch(batch, rows, firstRow);
}

function pickBytes(batch: ByteBatch, rows: readonly number[], firstRow: number): ByteBatch {
  const { table, format, columnCount, rowCount } = batch;
  const startOf = (row: number) => (row === 0 ? batch.from : batch.rowStart(row));
  const endOf = (row: number) => (row + 1 === rowCount ? batch.to : batch.rowStart(row + 1));
  let size = 0;
  for (const row of rows) size += endOf(row) - startOf(row);
  const bytes = Buffer.allocUnsafe(size);
  const starts = new Int32Array(rows.length * columnCount);
  const ends = new Int32Array(rows.length * columnCount);
  let [at, cell] = [0, 0];
  for (const row of rows) {
    const from = startOf(row);
    const moved = at - from;
    at += batch.bytes.copy(bytes, at, from, endOf(row));
    for (let column = row * columnCount; column < (row + 1) * columnCount; column++, cell++) {
      starts[cell] = batch.starts[column]! + moved;
      // A NULL without bytes has no end.
      ends[cell] = batch.ends[column]! < 0 ? batch.ends[column]! : batch.ends[column]! + moved;
    }
  }
  return new ByteBatch({ table, format, bytes, from: 0, to: at, starts, ends, columnCount, rowCount: rows.length, firstRow });
}

/** Rows of a batch of which only its columns are known. */
class PickedBatch implements RowBatch {
  readonly table: TableRef;
  readonly rowCount: number;
  readonly firstRow: number;
  readonly #batch: RowBatch;
  readonly #rows: readonly number[];
  readonly #replaced = new Map<number, ColumnValues>();

  constructor(batch: RowBatch, rows: readonly number[], firstRow: number) {
    this.table = batch.table;
    this.rowCount = rows.length;
    this.firstRow = firstRow;
    this.#batch = batch;
    this.#rows = rows;
  }

  column(index: number): ColumnValues {
    const values = this.#batch.column(index);
    return this.#rows.map((row) => values[row]!);
  }

  replace(index: number, values: ColumnValues): void {
    this.#replaced.set(index, values);
  }

  replacement(index: number): ColumnValues | undefined {
    return this.#replaced.get(index);
  }

  slice(from: number, to: number): RowBatch {
    return new PickedBatch(this.#batch, this.#rows.slice(from, to), this.firstRow + from);
  }

  release(): void {
    this.#batch.release?.();
  }
}
