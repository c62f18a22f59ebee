import type { Column, TableRef } from "./data-schema.ts";
import type { Finding } from "./errors.ts";
import type { TableToWrite, TableWriter } from "./source-and-sink.ts";

/** What tells the changed rows of a table: a column that grows with every change, or null for the transaction that wrote a row (PostgreSQL's xmin). */
export interface ChangeTeller {
  readonly table: TableRef;
  readonly column: Column | null;
}

/** The rows of a table that may have changed since a mark. Too many are read rather than too few: they are written over their like. */
export interface Since {
  readonly column: Column | null;
  /** As `marks` of the source gave it. */
  readonly mark: string;
  /** How far to read back before the mark, for what was written before it and committed behind it: seconds of a time, or numbers of a number. */
  readonly overlap: number;
}

/** A table that takes changes. */
export interface ChangingTable extends TableToWrite {
  /** The columns whose values tell a row, null for a table that is written whole. */
  readonly key: readonly string[] | null;
  /** Set where rows of keys that the source does not hold are to go as well: how many may, in percent of those that the table holds. Never of a table without `key`. */
  readonly deletes: { readonly maxPercent: number } | null;
}

/** Rows that were taken out of a table, as the source no longer holds them. */
export interface DeletedRows {
  readonly table: TableRef;
  readonly rows: number;
}

/** The side of a sink that takes changed rows into tables that hold the others, and keeps where the source was then. All of it all or nothing, as whole tables. */
export interface ChangeSink {
  /** What the last run left, null where it left nothing or was another's. */
  readMark(): Promise<string | null>;
  /** What keeps these tables from taking changes, before anything is written. */
  check(tables: readonly ChangingTable[]): Promise<readonly Finding[]>;
  /** Starts the unit in place of `begin` of the sink. In `commit` rows take the place of those of equal keys, and whole tables that of all rows. */
  begin(tables: readonly ChangingTable[], signal: AbortSignal): Promise<{ readonly notes: readonly string[] }>;
  /**
   * Takes the masked keys of all rows that the source holds, for a table with `deletes`, after `begin`: batches hold the columns of `key`, in its order. `commit` then deletes rows
   * of other keys, before it writes: TOO_MANY_DELETED where they are more than may go, COUNT_MISMATCH where the table does not hold each key then.
   */
  keys(table: ChangingTable): Promise<TableWriter>;
  /** What `commit` took out of the tables with `deletes`. */
  readonly deleted: readonly DeletedRows[];
  /** What `commit` is to leave, in whole runs as well: with nothing said, it takes away what is there. */
  leave(mark: string): void;
}
