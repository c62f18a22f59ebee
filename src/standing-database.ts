import type { Column, DataSchema, SystemName, Table } from "./data-schema.ts";
import type { Finding } from "./errors.ts";
import type { RowBatch } from "./row-batch.ts";

/** One table as it is masked where it stands. Positions are those of a batch. */
export interface StandingTable {
  readonly table: Table;
  /** The columns that batches hold, in this order. */
  readonly columns: readonly Column[];
  /** The columns of the unique key that rows are read by and found again with. */
  readonly key: readonly number[];
  /** The columns that are written. */
  readonly masked: readonly number[];
}

/** A key or foreign key over masked columns: half masked it cannot hold, so it is taken off and put back. SQL of the database's own. */
export interface Obstacle {
  readonly name: string;
  readonly drop: string;
  readonly add: string;
  /** Gives a row while it is there. */
  readonly isThere: string;
}

/** What a run in place writes down in the database, in the transaction of the batch that it tells of. Nothing of it leaves the database. */
export interface Note {
  readonly kind: "run" | "aside" | "keys" | "table";
  readonly name: string;
  readonly body: string;
}

/** Whether the database is marked as none of production; `foreign` where the mark was made in another, and came with a copy. */
export type Mark = "own" | "foreign" | "none";

/**
 * A database that is source and target at once.
 *
 * Life: `open` → marks, `schema`, `check`, notes → `transact`(`read`, `update`, `putNote`)* → `close`. `close` rolls back what is under way.
 */
export interface StandingDatabase {
  readonly system: SystemName;
  open(signal: AbortSignal): Promise<void>;
  /** Keeps other runs out until `close`. */
  lockOut(): Promise<void>;
  readMark(): Promise<Mark>;
  setMark(): Promise<void>;
  removeMark(): Promise<void>;
  schema(): Promise<DataSchema>;
  /** Whether rows can be ordered and found by this column's text. */
  canOrderBy(column: Column): boolean;
  /** What would stop these tables from being masked, or would see or undo it: privileges, triggers, engines. */
  check(tables: readonly StandingTable[]): Promise<readonly Finding[]>;
  obstacles(tables: readonly StandingTable[]): Promise<readonly Obstacle[]>;
  /** Both do nothing where it is done already. */
  setAside(obstacle: Obstacle): Promise<void>;
  putBack(obstacle: Obstacle): Promise<void>;
  /** Tells a table from one that took its place, as a restored backup does. */
  generation(table: StandingTable): Promise<string>;
  /** What an unfinished run wrote down; empty where there is none. */
  notes(): Promise<readonly Note[]>;
  makeNotes(): Promise<void>;
  putNote(note: Note): Promise<void>;
  dropNotes(): Promise<void>;
  transact<Result>(step: () => Promise<Result>): Promise<Result>;
  countRows(table: StandingTable): Promise<number>;
  /** The next rows in the order of the key, behind one key, held until the transaction ends. */
  read(table: StandingTable, after: readonly string[] | null, rows: number): Promise<readonly RowBatch[]>;
  /** Writes the masked columns of the rows to their keys: staging, then one UPDATE. Resolves with the rows that were found. */
  update(table: StandingTable, batch: RowBatch): Promise<number>;
  /** Brings up to date what is made of the tables' rows (materialized views). */
  refreshDependents(tables: readonly StandingTable[]): Promise<void>;
  /** Statements that take former values out of the tables' files and of the planner's statistics. */
  cleaning(tables: readonly StandingTable[]): readonly string[];
  run(statement: string): Promise<void>;
  close(): Promise<void>;
}
