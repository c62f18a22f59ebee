import type { Column, TableRef } from "./data-schema.ts";
import type { Finding } from "./errors.ts";
import type { TableToWrite } from "./source-and-sink.ts";

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
}

/** The side of a sink that takes changed rows into tables that hold the others, and keeps where the source was then. All of it all or nothing, as whole tables. */
export interface ChangeSink {
  /** What the last run left, null where it left nothing or was another's. */
  readMark(): Promise<string | null>;
  /** What keeps these tables from taking changes, before anything is written. */
  check(tables: readonly ChangingTable[]): Promise<readonly Finding[]>;
  /** Starts the unit in place of `begin` of the sink. In `commit` rows take the place of those of equal keys, and whole tables that of all rows. */
  begin(tables: readonly ChangingTable[], signal: AbortSignal): Promise<{ readonly notes: readonly string[] }>;
  /** What `commit` is to leave, in whole runs as well: with nothing said, it takes away what is there. */
  leave(mark: string): void;
}
