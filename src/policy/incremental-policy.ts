/** How the changed rows of a table are told. */
export interface IncrementalTable {
  /**
   * A column that grows with every change (a time, a number), or `xmin` for what PostgreSQL itself knows of its rows. A table that really has a column `xmin` cannot be, as
   * PostgreSQL allows none.
   */
  readonly changedBy: string;
  /**
   * How far an incremental run reads back before the last one's mark, for rows that were written before it and committed behind it: `"90s"`, `"5m"`, `"2h"`, `"1d"` for a column of
   * times, a number for one of numbers. Nothing for `xmin`, which needs none.
   * @default "5m" for times, "1d" for dates, 1000 for numbers
   */
  readonly overlap?: string | number | undefined;
  /**
   * `"compare"` has an incremental run send the masked keys of all rows to the target, and delete there what the source no longer holds, in one transaction with what changed.
   * Each run then reads the key's columns of the whole table.
   * @default rows that were deleted stay in the target until a whole run
   */
  readonly deletes?: "compare" | undefined;
  /**
   * Most rows that `deletes` may take out of the target's table in one run, in percent of those that it holds, above 0 and up to 100. A run that would take out more is refused with
   * TOO_MANY_DELETED, as a source that is not the right one would empty the target. @default 10
   */
  readonly maxDeletedPercent?: number | undefined;
}

/** By table: how its changed rows are told. A text alone is `changedBy`. Tables that are not named are copied whole by every run. */
export type IncrementalPolicy = { readonly [table: string]: IncrementalTable | string };

/** Most rows of a table that may go in one run where the policy says nothing, in percent. */
export const MAX_DELETED_PERCENT = 10;

/** PostgreSQL's own mark on a row: the transaction that wrote it. */
export const XMIN = "xmin";

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86400 };

/** A length of time in seconds, null for what is none. */
export function secondsOf(text: string): number | null {
  const [, count, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  return count === undefined ? null : Number(count) * SECONDS[unit!]!;
}
