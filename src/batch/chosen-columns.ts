import type { ColumnValues, RowBatch, TableRef } from "../contracts.ts";

/** Some columns of a masked batch, in an order of their own: as they will be written. */
export class ChosenColumns implements RowBatch {
  readonly table: TableRef;
  readonly rowCount: number;
  readonly firstRow: number;
  readonly #batch: RowBatch;
  readonly #indices: readonly number[];

  constructor(batch: RowBatch, indices: readonly number[]) {
    this.table = batch.table;
    this.rowCount = batch.rowCount;
    this.firstRow = batch.firstRow;
    this.#batch = batch;
    this.#indices = indices;
  }

  column(index: number): ColumnValues {
    const own = this.#indices[index]!;
    return this.#batch.replacement(own) ?? this.#batch.column(own);
  }

  replace(index: number, values: ColumnValues): void {
    this.#batch.replace(this.#indices[index]!, values);
  }

  replacement(index: number): ColumnValues | undefined {
    return this.#batch.replacement(this.#indices[index]!);
  }

  slice(from: number, to: number): RowBatch {
    return new ChosenColumns(this.#batch.slice(from, to), this.#indices);
  }
}
