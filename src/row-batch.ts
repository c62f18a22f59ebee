import type { TableRef } from "./data-schema.ts";

/** One column of a batch as text, NULL as null. */
export type ColumnValues = readonly (string | null)[];

/** Rows of one table, as the source wrote them. Cells are reached by column; unmasked cells stay bytes. */
export interface RowBatch {
  readonly table: TableRef;
  readonly rowCount: number;
  /** Ordinal of the first row in its table, from 0. */
  readonly firstRow: number;
  /** The ordinal, from 0, of a row in its table; absent where rows count on from `firstRow`. */
  ordinalOf?(index: number): number;
  /** Bytes that the rows came in, where they came in bytes. For progress bars. */
  readonly byteCount?: number;
  /** The text of one column as the source wrote it, NULL as null. Decoded on first use; masks never change it. */
  column(index: number): ColumnValues;
  /** Sets what the sink will write for one column. */
  replace(index: number, values: ColumnValues): void;
  /** What `replace` set, undefined where the column goes as it came. */
  replacement(index: number): ColumnValues | undefined;
  /** Rows from `from` up to, not including, `to`. Replacements do not carry over: slice first, then mask. */
  slice(from: number, to: number): RowBatch;
  /** Gives the batch's memory back to whoever made it: nothing of the batch may be used afterwards. Optional, and called at most once. */
  release?(): void;
}

/** Where a batch ends: at the row that reaches either bound. */
export interface BatchSize {
  /** @default 10_000 */
  readonly maxRows?: number | undefined;
  /** @default 256 KiB; one row may be larger */
  readonly maxBytes?: number | undefined;
}
