import type { ByteBatch } from "../../batch/byte-batch.ts";
import type { ColumnValues, RowBatch, TableRef } from "../../contracts.ts";

/** Rows of JSON Lines, still in the bytes that they came in. */
export class JsonlBatch implements RowBatch {
  readonly table: TableRef;
  readonly rowCount: number;
  readonly firstRow: number;
  /** The rows' bytes; the first cell of each row is the row itself. */
  readonly rows: ByteBatch;
  readonly #order: readonly number[];

  /** `order` holds the place among the known names of each column of the batch. */
  constructor(rows: ByteBatch, order: readonly number[]) {
    this.rows = rows;
    this.#order = order;
    this.table = rows.table;
    this.rowCount = rows.rowCount;
    this.firstRow = rows.firstRow;
  }

  get byteCount(): number {
    return this.rows.byteCount;
  }

  /** Whether every name that a row may have is a column of the batch: only then may its bytes be copied. */
  get isWhole(): boolean {
    return this.#order.length === this.rows.columnCount - 1;
  }

  /** Which cell of each row a column is. */
  cellOf(index: number): number {
    return this.#order[index]! + 1;
  }

  column(index: number): ColumnValues {
    return this.rows.column(this.cellOf(index));
  }

  replace(index: number, values: ColumnValues): void {
    this.rows.replace(this.cellOf(index), values);
  }

  replacement(index: number): ColumnValues | undefined {
    return this.rows.replacement(this.cellOf(index));
  }

  slice(from: number, to: number): JsonlBatch {
    return new JsonlBatch(this.rows.slice(from, to), this.#order);
  }

  release(): void {
    this.rows.release();
  }
}
