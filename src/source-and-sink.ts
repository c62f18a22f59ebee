import type { ChangeSink, ChangeTeller, Since } from "./changed-rows.ts";
import type { Column, DataSchema, SystemName, Table, TableRef } from "./data-schema.ts";
import type { Finding } from "./errors.ts";
import type { BatchSize, ColumnValues, RowBatch } from "./row-batch.ts";
import type { DrawKey, SelectionGraph, SelectionWork, Unselected } from "./selection.ts";
import type { EncodedRows, RowEncoding, Shard, ShardOptions, ShardStage, SharedSnapshot, Unshared } from "./shard.ts";

/** How a source is to read a table: which columns, in what batches, which part of it. */
export interface ReadOptions {
  /** The columns to read, in this order: position in a batch = position in this list. Never a generated one. */
  readonly columns: readonly Column[];
  readonly batchSize: BatchSize;
  /** The part to read, one that `shards` gave. @default the whole table */
  readonly shard?: Shard | undefined;
  /** The ordinal in its table of the shard's first row, from 0: batches count on from it. @default 0 */
  readonly firstRow?: number | undefined;
  /** Only rows that may have changed since a mark. @default all */
  readonly since?: Since | undefined;
  /** Columns whose weights stand in a batch behind `columns`, as of `weighs` of the source. @default none */
  readonly weights?: readonly Column[] | undefined;
  readonly signal: AbortSignal;
}

export interface SampleOptions {
  /** The columns to look at, in this order. Never a generated one. */
  readonly columns: readonly Column[];
  /** Most rows to look at. @default 1000; never more than 5000 */
  readonly rows?: number | undefined;
  readonly signal: AbortSignal;
}

/** Columns by table, as a policy names them. */
export type NamedColumns = { readonly [table: string]: readonly string[] };

/** Statements that make empty tables like the source's, and what must follow the rows (indexes, constraints, triggers). */
export interface SchemaDefinition {
  readonly beforeRows: readonly string[];
  readonly afterRows: readonly string[];
}

/** A column of a table. */
export interface ColumnPlace {
  readonly table: TableRef;
  readonly column: Column;
}

/**
 * Where rows come from. One snapshot serves every table: what `schema` says and what `read` gives agree.
 *
 * Life: `open` → `schema` → `hold` → (`read` | `sample`)* → `close`. `close` may come at any time, more than once, and frees everything.
 */
export interface Source {
  readonly system: SystemName;
  /** Connects, pins the session, takes the snapshot. Throws SOURCE_UNREACHABLE. */
  open(signal: AbortSignal): Promise<void>;
  /** Says which place this is, comparable with a sink's: two equal strings are one database or folder. */
  identity(): Promise<string>;
  /**
   * Told after `open` which columns the policy names, and where rows go, null where nowhere: a source that finds its columns by looking takes the named ones for its own,
   * seen or not; one whose columns hold anything refuses what would become something else there. Absent where both are known.
   */
  expects?(named: NamedColumns, target: SystemName | null): void;
  schema(): Promise<DataSchema>;
  /**
   * Holds these tables against whatever the snapshot does not keep out (a TRUNCATE), and tells what would stop them from being read (a privilege): all
   * of it before the first row. Absent where nothing can.
   */
  hold?(tables: readonly TableToWrite[]): Promise<readonly Finding[]>;
  /**
   * Streams one table. Ends only when the system said that it was the end; throws otherwise.
   * Leaving the loop early frees the connection.
   */
  read(table: Table, options: ReadOptions): AsyncIterable<RowBatch>;
  /**
   * Cuts a table into parts in the order of its rows: read one after the other they give what the whole table gives. One part where there is nothing to cut by. Absent where tables are read as a whole.
   */
  shards?(table: Table, options: ShardOptions): AsyncIterable<Shard>;
  /**
   * Lets so many readers on other threads see what this source sees, after `hold` and before the first row, or says why they cannot. The source stays open for
   * as long as they read. Absent where nobody else can read.
   */
  share?(tables: readonly TableToWrite[], readers: number): Promise<SharedSnapshot | Unshared>;
  /**
   * Prepares to work a selection out by itself, before `hold` and the first row: it may take its snapshot anew, of the same tables. Or says why it cannot, and the selection
   * is worked out by reading. Absent where that is always so.
   */
  select?(graph: SelectionGraph, draw: DrawKey): Promise<SelectionWork | Unselected>;
  /**
   * Looks at some rows from all over a table without reading it whole: for each column their values as text, long ones cut. Absent where rows can be read
   * once only.
   */
  sample?(table: Table, options: SampleOptions): Promise<readonly ColumnValues[]>;
  /**
   * For each two columns whether `read` gives weights of them: texts that are equal where the server takes the values for equal, by a collation that both columns have. Absent
   * where no server compares.
   */
  weighs?(pairs: readonly (readonly [ColumnPlace, ColumnPlace])[]): Promise<readonly boolean[]>;
  /** Where these tables are in the snapshot, each as its teller has it: what `since` of a later run's `read` begins at. Null for a table without rows. Absent where changes cannot be told. */
  marks?(tellers: readonly ChangeTeller[]): Promise<readonly (string | null)[]>;
  /** How to make these tables on an empty target of the same system. Absent where the source cannot tell. */
  define?(tables: readonly Table[]): Promise<SchemaDefinition>;
  close(): Promise<void>;
}

/** One table as a sink will write it. */
export interface TableToWrite {
  /** The source's table. The sink matches it to its own by name. */
  readonly table: Table;
  /** The columns that batches will hold, in this order. */
  readonly columns: readonly Column[];
}

/** A foreign key of a table that is not written to one that is, with rows behind it. */
export interface PointingRows {
  readonly from: TableRef;
  readonly key: string;
  readonly to: TableRef;
  /** The columns that it points to. */
  readonly columns: readonly string[];
}

export interface TableWriter {
  /** Takes a batch. Resolves when the writer wants the next: that is the back-pressure. The batch may not be used afterwards. */
  write(batch: RowBatch): Promise<void>;
  /** Takes rows that are written out already, in the form that `encoding` of the sink names. Absent where it names none. */
  writeEncoded?(rows: EncodedRows): Promise<void>;
  /** Ends the table. Resolves with the rows that the system acknowledged. */
  end(): Promise<number>;
}

/** A text of the policy's that every row of a column is to hold. */
export interface StandIn {
  readonly table: TableRef;
  readonly column: Column;
  readonly text: string;
}

/** The target as a commit would leave it: the rows that were written, under their tables' names, and the tables that stay as they are. */
export interface StagedTarget {
  readonly schema: DataSchema;
  /** As `read` of a source: ends only when the system said that it was the end. */
  read(table: Table, options: ReadOptions): AsyncIterable<RowBatch>;
  /** As `weighs` of a source. Absent where no server compares. */
  readonly weighs?: Source["weighs"] | undefined;
}

/**
 * Where rows go, all or nothing: until `commit` resolves, readers of the target see it as it was; after `rollback` it is as it was.
 *
 * Life: `open` → `schema` → `begin` → (`writer` → write* → end)* → `commit` | `rollback` → `close`. `close` without `commit` rolls back.
 */
export interface Sink {
  readonly system: SystemName;
  /** Connects and pins the session. Throws TARGET_UNREACHABLE. */
  open(signal: AbortSignal): Promise<void>;
  identity(): Promise<string>;
  /** The tables that the target holds now. */
  schema(): Promise<DataSchema>;
  /** Tells what would stop these tables from being written (a privilege), before anything is. Absent where nothing can. */
  check?(tables: readonly TableToWrite[]): Promise<readonly Finding[]>;
  /** Those of these texts that the target's own columns do not hold, as the server reads them. Absent where the form of a text is all there is to know. */
  refused?(standIns: readonly StandIn[]): Promise<readonly StandIn[]>;
  /** Foreign keys of other tables whose rows, which stay, point to rows of these, which go. Absent where there are no foreign keys. */
  pointing?(tables: readonly TableToWrite[]): Promise<readonly PointingRows[]>;
  /**
   * Starts the all-or-nothing unit: takes away what stands in the rows' way (old rows, triggers, foreign keys) or creates the tables from
   * `definition` where the target has none of them. `notes` are sentences for the report ("created 15 tables").
   */
  begin(
    tables: readonly TableToWrite[],
    definition: SchemaDefinition | null,
    signal: AbortSignal,
  ): Promise<{ notes: readonly string[] }>;
  /** Opens one table of those given to `begin`. One writer at a time. */
  writer(table: TableToWrite): Promise<TableWriter>;
  /** How rows of a table of those given to `begin` are to be written out by whoever masks them on another thread. Absent where only batches are taken. */
  encoding?(table: TableToWrite): RowEncoding;
  /** The side that keeps what is done of a run that breaks off. Absent where a run is done as a whole or not at all. */
  readonly stage?: ShardStage;
  /** The side that takes changed rows. Absent where tables are written whole alone. */
  readonly changes?: ChangeSink;
  /** Tells which of the target's own tables `staged` could not read, before anything is written. Absent where it can read all. */
  unreadable?(tables: readonly Table[]): Promise<readonly Finding[]>;
  /** Lets what was written be looked at before it is published, once the last writer has ended. Absent where it cannot be read back. */
  staged?(): Promise<StagedTarget>;
  /**
   * Does all of `commit` that can fail for what the rows or the target hold (triggers, constraints, foreign keys), so that the moment of publishing alone is left; readers see
   * the target as it was. Called once all rows are in, where several targets are published together. Absent where nothing of it can fail.
   */
  prepareCommit?(): Promise<void>;
  /** Puts back triggers and constraints, checks foreign keys, sets sequences, and publishes. */
  commit(): Promise<void>;
  rollback(): Promise<void>;
  close(): Promise<void>;
}
