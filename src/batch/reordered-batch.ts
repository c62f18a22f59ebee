import type { ColumnValues, RowBatch, TableRef } from "../contracts.ts";

/** A batch with its columns in another order, or fewer of them. Its bytes can no longer be copied in runs. */
export class ReorderedBatch implements RowBatch {
  readonly table: TableRef;
  readonly rowCount: number;
  readonly firstRow: number;
  /** The batch as it came. */
  readonly inner: RowBatch;
  readonly #order: readonly number[];

  constructor(batch: RowBatch, order: readonly number[]) {
    this.table = batch.table;
    this.rowCount = batch.rowCount;
    this.firstRow = batch.firstRow;
    this.inner = batch;
    this.#order = order;
  }

  column(index: number): ColumnValues {
    return this.inner.column(this.#order[index]!);
  }

  replace(index: number, values: ColumnValues): void {
    this.inner.replace(this.#order[index]!, values);
  }

  replacement(index: number): ColumnValues | undefined {
    return this.inner.replacement(this.#order[index]!);
  }

  slice(from: number, to: number): RowBatch {
    return new ReorderedBatch(this.inner.slice(from, to), this.#order);
  }
}
