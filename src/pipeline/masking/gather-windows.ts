import type { ColumnValues, RowBatch, TableRef } from "../../contracts.ts";

/** Several batches seen as one, for masks that need many rows together. What `replace` sets is dealt out to the batches. */
export class WindowBatch implements RowBatch {
  readonly table: TableRef;
  readonly rowCount: number;
  readonly firstRow: number;
  readonly batches: readonly RowBatch[];

  constructor(batches: readonly RowBatch[]) {
    this.batches = batches;
    this.table = batches[0]!.table;
    this.firstRow = batches[0]!.firstRow;
    this.rowCount = batches.reduce((rows, batch) => rows + batch.rowCount, 0);
  }

  column(index: number): ColumnValues {
    return this.batches.flatMap((batch) => batch.column(index));
  }

  replace(index: number, values: ColumnValues): void {
    let from = 0;
    for (const batch of this.batches) {
      batch.replace(index, values.slice(from, from + batch.rowCount));
      from += batch.rowCount;
    }
  }

  replacement(index: number): ColumnValues | undefined {
    const parts = this.batches.map((batch) => batch.replacement(index));
    return parts[0] === undefined ? undefined : parts.flatMap((part) => part ?? []);
  }

  slice(from: number, to: number): RowBatch {
    return new WindowBatch(cut(this.batches, from, to));
  }
}

/**
 * Regroups batches into windows of exactly `rows` rows, wherever the batches ended, so that a window never depends on the batch size. The last window
 * takes the rest and so has from `rows` to less than twice `rows`, unless the table is smaller.
 */
export async function* gatherWindows(batches: AsyncIterable<RowBatch>, rows: number): AsyncGenerator<WindowBatch> {
  let pending: RowBatch[] = [];
  let count = 0;
  for await (const batch of batches) {
    pending.push(batch);
    count += batch.rowCount;
    while (count >= 2 * rows) {
      yield new WindowBatch(cut(pending, 0, rows));
      pending = cut(pending, rows, count);
      count -= rows;
    }
  }
  if (count > 0) yield new WindowBatch(pending);
}

/** Rows `from` to `to` of consecutive batches. */
function cut(batches: readonly RowBatch[], from: number, to: number): RowBatch[] {
  const parts: RowBatch[] = [];
  let start = 0;
  for (const batch of batches) {
    const low = Math.max(from - start, 0);
    const high = Math.min(to - start, batch.rowCount);
    if (low === 0 && high === batch.rowCount) parts.push(batch);
    else if (low < high) parts.push(batch.slice(low, high));
    start += batch.rowCount;
  }
  return parts;
}
