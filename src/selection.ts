import type { Condition } from "./conditions/condition.ts";
import type { Column, RowBatch, Table } from "./contracts.ts";
import type { Shard } from "./shard.ts";
import type { ReadOptions } from "./source-and-sink.ts";

/** Which rows of a table its own words choose. */
export interface SelectionSeed {
  /** Null where every row is meant. */
  readonly where: Condition | null;
  /** Null for no draw. */
  readonly percent: number | null;
  /** Most rows, null for no bound. */
  readonly rows: number | null;
  /** Rows by the texts of `by`, whatever else is said. */
  readonly keep: readonly (readonly string[])[];
  /** False where rows are chosen by `keep` alone. */
  readonly draws: boolean;
  /** The columns that rows are drawn and kept by. */
  readonly by: readonly Column[];
}

/**
 * How rows of a table come into a selection. "reached": those that are chosen, brought by chosen ones, or pointed to. "following": all but those that point to a row
 * that is left out. "whole": all.
 */
export type SelectionPart = "reached" | "following" | "whole";

export interface SelectionTable {
  readonly table: Table;
  readonly part: SelectionPart;
  readonly seed: SelectionSeed | null;
  /** Every row comes, and brings no children. */
  readonly isAll: boolean;
}

/** A reference from one table to another, or to itself: a foreign key, or one of the policy's. */
export interface SelectionEdge {
  readonly name: string;
  /** Index of the table that points, the child. */
  readonly from: number;
  /** Index of the table that is pointed to, the parent. */
  readonly to: number;
  readonly columns: readonly Column[];
  /** Same length and order as `columns`. */
  readonly referencedColumns: readonly Column[];
  /** The child's rows that it holds for, by the texts of other columns; null for all. */
  readonly when: Readonly<Record<string, string>> | null;
  /** What a chosen parent brings over it. */
  readonly children: SelectionChildren;
}

export interface SelectionChildren {
  readonly come: boolean;
  /** Null where every child comes. */
  readonly where: Condition | null;
  /** Most children of one parent, null for no bound. */
  readonly max: number | null;
  /** The child's columns that they are drawn by; empty without a bound. */
  readonly by: readonly Column[];
}

/** A selection as it is to be worked out: plain data. */
export interface SelectionGraph {
  /** Every table that is copied, in the plan's order. */
  readonly tables: readonly SelectionTable[];
  readonly edges: readonly SelectionEdge[];
}

/** The blocks that an HMAC-SHA-256 begins its two hashes with (RFC 2104): rows are drawn by it, in a server's SQL as here. */
export interface DrawKey {
  readonly inner: Uint8Array;
  readonly outer: Uint8Array;
}

/** Which way rows are brought over an edge: from parents to children, from children to parents, or out of a following table with what it points to. */
export type SelectionWay = "children" | "parents" | "left-out";

/**
 * Works a selection out where the rows are, step by step, within the source's snapshot. Which steps there are, and when they are over, whoever holds it knows.
 *
 * Life: `seed`* → `bring`* → `count`* → `read`* → `close`.
 */
export interface SelectionWork {
  /** Where the keys are: "temporary tables", "spill files". */
  readonly by: string;
  /** Marks what a table's own words choose, or every row of a table that comes whole. Resolves with how many rows are new. */
  seed(table: number): Promise<number>;
  /** Marks what an edge brings that is not marked yet. Resolves with how many rows that were. */
  bring(edge: number, way: SelectionWay): Promise<number>;
  /** How many of a keep list's keys are in no row. */
  unkept(table: number): Promise<number>;
  /** Rows that a table has; null where nobody had to count them, never of a table that follows. */
  total(table: number): Promise<number | null>;
  /** The parts of a table that its rows can be read by; null where the source's are. */
  cut(table: number): readonly Shard[] | null;
  /** As `read` of the source: the rows of the selection alone. Of a part in the order in which they lie. */
  read(table: number, options: ReadOptions): AsyncIterable<RowBatch>;
  /** Takes back whatever it holds beside the source. May come at any time, and more than once. */
  close(): Promise<void>;
}

/** Why a source cannot work a selection out itself: whoever reads from it selects then. */
export interface Unselected {
  readonly unselected: string;
}
