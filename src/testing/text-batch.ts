import type { ColumnValues, RowBatch, TableRef } from "../contracts.ts";

/** A batch of texts, held by column: what the exams hand to masks and sinks. Tells who watches it what is asked of it. */
export class TextBatch implements RowBatch {
  readonly table: TableRef;
  readonly rowCount: number;
  readonly firstRow: number;
  #columns: readonly ColumnValues[];
  readonly #watcher: BatchWatcher;
  readonly #replaced = new Map<number, ColumnValues>();

  constructor(table: TableRef, columns: readonly ColumnValues[], firstRow = 0, watcher: BatchWatcher = {}) {
    this.table = table;
    this.rowCount = columns[0]?.length ?? 0;
    this.firstRow = firstRow;
    this.#columns = columns;
    this.#watcher = watcher;
  }

  column(index: number): ColumnValues {
    this.#watcher.onColumn?.(index);
    return this.#columns[index]!;
  }

  replace(index: number, values: ColumnValues): void {
    this.#watcher.onReplace?.(index);
    this.#replaced.set(index, values);
  }

  replacement(index: number): ColumnValues | undefined {
    return this.#replaced.get(index);
  }

  slice(from: number, to: number): TextBatch {
    const columns = this.#columns.map((values) => values.slice(from, to));
    return new TextBatch(this.table, columns, this.firstRow + from, this.#watcher);
  }

  /** Overwrites every cell: whoever uses the batch afterwards writes this text and is found out by it. */
  release(): void {
    const spent = new Array<string>(this.rowCount).fill(SPENT);
    this.#columns = this.#columns.map(() => spent);
    for (const index of this.#replaced.keys()) this.#replaced.set(index, spent);
  }
}

/** What cells of a batch read once it was given back. */
export const SPENT = "given back";

export interface BatchWatcher {
  onColumn?(index: number): void;
  onReplace?(index: number): void;
}
