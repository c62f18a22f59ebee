import type { BatchSize, RowEncoder, RowEncoding, ShardReader, SystemName, TableToWrite } from "../../contracts.ts";
import { isStandinError, StandinError, type StandinErrorCode, type StandinErrorDetails } from "../../errors.ts";
import type { PortableTable } from "./portable-plan.ts";
import type { ShardEnd, ShardTask, WorkedRows } from "./work-shard.ts";

/** What a thread is started with. */
export interface ThreadData {
  /** The system that is read. */
  readonly system: SystemName;
  /** By position in the plan; null for a table that is not a thread's work. */
  readonly tables: readonly (ThreadTable | null)[];
  /** Null where no rule needs a key. */
  readonly key: Uint8Array | null;
  readonly batchSize: BatchSize;
  /** Whether the rows of shards are to be summed up. */
  readonly sums: boolean;
}

export interface ThreadTable {
  readonly plan: PortableTable;
  readonly encoding: RowEncoding;
}

/** To a thread. */
export type ToThread =
  /** Opens the reader, once the thread has started. */
  | { readonly type: "open"; readonly reader: unknown }
  /** A shard to work on. One at a time. */
  | { readonly type: "task"; readonly task: ShardTask }
  /** One more batch may be read. */
  | { readonly type: "credit" }
  | { readonly type: "close" };

/** From a thread. */
export type FromThread =
  | { readonly type: "started" }
  | { readonly type: "open" }
  /** The reader could not be opened. */
  | { readonly type: "closed"; readonly error: ErrorData }
  /** A credit was used: for so many rows, none at the end of a shard. */
  | { readonly type: "read"; readonly rows: number; readonly bytes: number }
  | { readonly type: "rows"; readonly worked: WorkedRows }
  | { readonly type: "end"; readonly end: ShardEnd }
  /** The shard failed. The thread can go on with others unless it `isLost`. */
  | { readonly type: "failed"; readonly error: ErrorData; readonly isLost: boolean };

/** An error as plain data. Of one that is not ours, its kind alone. */
export type ErrorData =
  | { readonly code: StandinErrorCode; readonly message: string; readonly details: StandinErrorDetails }
  | { readonly name: string };

export function errorToData(error: unknown): ErrorData {
  if (!isStandinError(error)) return { name: error instanceof Error ? error.name : typeof error };
  const { code, message, hint, table, column, row, file, offset, line, columnNumber, findings } = error;
  return { code, message, details: { hint, table, column, row, file, offset, line, columnNumber, findings } };
}

export function errorFromData(data: ErrorData): Error {
  if ("code" in data) return new StandinError(data.code, data.message, data.details);
  return Object.assign(new Error("failed on a thread"), { name: data.name });
}

/** What the thread's door looks up for it: connectors are the composition root's to load. */
export interface ThreadConnectors {
  /** Loads what reads a system, and gives what makes a reader of a shared snapshot. */
  readersOf(system: SystemName): Promise<(reader: unknown) => ShardReader>;
  connectEncoder(encoding: RowEncoding, table: TableToWrite): Promise<RowEncoder>;
}
