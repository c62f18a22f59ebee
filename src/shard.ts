import type { Column, SystemName, Table } from "./data-schema.ts";
import type { RowBatch } from "./row-batch.ts";
import type { ReadOptions, SchemaDefinition, TableToWrite } from "./source-and-sink.ts";

/** A part of a table that can be read, masked and written alone and again. */
export interface Shard {
  /**
   * Names the part among those of its table, and names the same part in every run that cuts the table so. It is kept with what is done: no bound of a
   * key stands in it, as that is a cell value.
   */
  readonly id: string;
  /** What the source's readers find the rows by: plain data that a thread can be sent. It may hold bounds of keys, and is never printed or kept. */
  readonly range: unknown;
}

/** The one part of a table that is read as a whole. */
export const WHOLE_TABLE: Shard = { id: "all", range: null };

export interface ShardOptions {
  /** The columns that will be read, in this order. */
  readonly columns: readonly Column[];
  /** About how many bytes of the source each part holds; more where a row is longer. */
  readonly bytes: number;
  /** Names of parts that an earlier run had: the table is cut at the same places where the source remembers none by itself. @default none */
  readonly like?: readonly string[] | undefined;
  readonly signal: AbortSignal;
}

/** What a reader on another thread needs to see the rows that the source sees: plain data that a thread can be sent. */
export interface SharedSnapshot {
  readonly system: SystemName;
  readonly reader: unknown;
  /**
   * What a reader in another process, on another machine, needs beside the source's place to see the same, for as long as the source is open: plain
   * data without a password. Absent where only threads of this process can join.
   */
  readonly elsewhere?: unknown;
  /**
   * Ends the moment in which readers may join, to be called on the thread of the source once every reader has opened, or failed to, and within 15 seconds. Throws
   * where the moment was over before. No thread is sent it. Absent where readers may join at any time.
   */
  readonly endWindow?: () => Promise<void>;
}

/** Why readers cannot share the source's snapshot, as a sentence for the report. */
export interface Unshared {
  readonly unshared: string;
}

/** Reads shards in a snapshot that another session holds. Life: `open` → `read`* → `close`, which may come at any time. */
export interface ShardReader {
  open(signal: AbortSignal): Promise<void>;
  /** As `read` of the source with the same shard: the same rows, in the same order, as the same bytes. */
  read(table: Table, options: ReadOptions): AsyncIterable<RowBatch>;
  close(): Promise<void>;
}

/** How a sink wants rows to be written out by whoever has masked them: plain data that a thread can be sent. */
export interface RowEncoding {
  readonly system: SystemName;
  /** What the connector's encoder goes by. */
  readonly how: unknown;
}

/** Rows as the sink sends them on. */
export interface EncodedRows {
  readonly rows: number;
  /** The rows' bytes, in order. Each is memory of its own, to be given away. */
  readonly pieces: readonly Uint8Array[];
  /** What the connector counts of them beside rows. */
  readonly tally: number;
}

/** Writes batches out in a sink's form. */
export interface RowEncoder {
  /** Nothing of the batch is used afterwards. */
  encode(batch: RowBatch): EncodedRows;
}

/** What a run that keeps its shards is: another one cannot go on where it stopped. Fingerprints and versions only. */
export interface RunMark {
  readonly runId: string;
  /** The version of standin. */
  readonly version: string;
  readonly planFingerprint: string;
  readonly keyFingerprint: string | null;
  readonly shardBytes: number;
  /** Whether the run made the target's tables. */
  readonly createsTables: boolean;
}

/** A shard whose rows are in the target's staging. */
export interface StagedShard {
  readonly table: string;
  readonly shard: string;
  readonly rows: number;
  /** XXH64 of the rows' bytes as the source gave them, 16 hexadecimal digits: tells whether the source still gives them. */
  readonly checksum: string;
}

/** What a run that broke off left in the target. */
export interface LeftRun {
  readonly mark: RunMark;
  readonly shards: readonly StagedShard[];
}

export interface ShardWriter {
  /** Resolves when the writer wants more: that is the back-pressure. */
  write(rows: EncodedRows): Promise<void>;
  /** Keeps the shard with its record, both or neither. Resolves with the rows that the system acknowledged. */
  end(record: StagedShard): Promise<number>;
  /** Takes back what came of the shard. */
  abort(): Promise<void>;
}

/**
 * The side of a sink that keeps shards: rows land beside the target's own tables, each shard for good once it is in, and `commit` publishes them all at once. A
 * run that breaks off leaves what it staged, and `rollback` and `close` of such a run leave it too; readers of the target see nothing of it.
 *
 * Life: `open` → `schema` → `left` → (`begin` | `resume`) → (`discard` | `writer` → write* → end)* → `commit` | `rollback` → `close`.
 */
export interface ShardStage {
  /** What a run that broke off has left, null where none did. */
  left(): Promise<LeftRun | null>;
  /** Begins anew: drops what was left, and stages for these tables. */
  begin(
    tables: readonly TableToWrite[],
    definition: SchemaDefinition | null,
    mark: RunMark,
    signal: AbortSignal,
  ): Promise<{ readonly notes: readonly string[] }>;
  /** Goes on with what was left. */
  resume(
    tables: readonly TableToWrite[],
    definition: SchemaDefinition | null,
    signal: AbortSignal,
  ): Promise<{ readonly notes: readonly string[] }>;
  /** Opens one shard of a table. One at a time; of one table in the order of its rows. */
  writer(table: TableToWrite, shard: Shard): Promise<ShardWriter>;
  /** Takes shards of a table out of the staging, and more of them where it cannot take so few. Resolves with the names of those that stay. */
  discard(table: TableToWrite, shards: readonly string[]): Promise<readonly string[]>;
  /** Says in which order the shards of a table are to be published, before `commit`. Absent where they lie in that order. @default as they came */
  arrange?(table: TableToWrite, shards: readonly string[]): void;
  /** Absent where one process alone can write. */
  readonly shared?: SharedStage;
}

/** The side of a staging that several processes write to at once. */
export interface SharedStage {
  /** Lets others join, on the side that began or went on with the run. */
  admit(): Promise<void>;
  /** Ends what others have under way, and keeps them out from here on. What they kept stays. Resolves with all that is kept. */
  expel(): Promise<readonly StagedShard[]>;
  /** Joins a run that another process has begun, in place of `begin`. Null where there is none, or where it lets nobody in. */
  join(tables: readonly TableToWrite[], signal: AbortSignal): Promise<JoinedStage | null>;
  /** Drops the run of this name with all that others have under way for it. Nothing where another run, or none, is there. */
  drop(runId: string): Promise<void>;
}

/** A staging that another process has begun, and that this one writes to by a session of its own, until its sink is closed. */
export interface JoinedStage {
  /** The run, and what was kept of it when it was joined. */
  readonly left: LeftRun;
  /** The rows that are kept of a shard by now, null where it is not kept. */
  keptRows(table: TableToWrite, shard: Shard): Promise<number | null>;
  /** Opens one shard, in any order, one at a time. Its `end` keeps nothing where another process has kept the shard meanwhile. */
  writer(table: TableToWrite, shard: Shard): Promise<ShardWriter>;
}
