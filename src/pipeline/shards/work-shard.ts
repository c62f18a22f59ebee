import type { EncodedRows, RowBatch, RowEncoder, Shard } from "../../contracts.ts";
import { untilAborted } from "../../until-aborted.ts";
import { gatherWindows, WindowBatch } from "../masking/gather-windows.ts";
import { maskBatch } from "../masking/mask-batch.ts";
import type { PreparedTable } from "../masking/prepare-table.ts";
import { passOn } from "../pass-on.ts";
import type { RowsChecksum } from "../rows-checksum.ts";

/** What is to be done with a shard: to copy it, or only to see whether its rows are still what they were. */
export interface ShardTask {
  /** Position of its table among those of the plan. */
  readonly table: number;
  readonly shard: Shard;
  readonly isCheck: boolean;
  /** The ordinal of its first row in the table, where that is known. */
  readonly firstRow: number;
}

/** Rows of a shard, read, masked and written out; or only read. */
export interface WorkedRows {
  readonly rows: number;
  /** Bytes that the rows came in, 0 where they came in none. */
  readonly bytes: number;
  readonly encoded: EncodedRows | null;
}

/** What a shard came to. */
export interface ShardEnd {
  readonly rows: number;
  /** Of the rows as they came; null where nobody asked. */
  readonly checksum: string | null;
}

export interface ShardWork {
  readonly prepared: PreparedTable;
  /** Null where the rows are only looked at. */
  readonly encoder: RowEncoder | null;
  readonly checksum: RowsChecksum | null;
  /** Rows at its beginning that somebody has had already. */
  readonly skip?: number | undefined;
  readonly signal: AbortSignal;
}

/** Masks and writes out the batches of one shard: all that a thread does, or that the run does by itself. */
export async function* workShard(
  batches: AsyncIterable<RowBatch>,
  { prepared, encoder, checksum, skip = 0, signal }: ShardWork,
): AsyncGenerator<WorkedRows, ShardEnd> {
  let rows = 0;
  const seen = passOn(batches, (batch) => {
    rows += batch.rowCount;
    checksum?.add(batch);
  });
  const wanted = skip === 0 ? seen : behind(seen, skip);
  const gathered = encoder !== null && prepared.windowRows > 1 ? gatherWindows(wanted, prepared.windowRows) : wanted;
  for await (const batch of gathered) {
    signal.throwIfAborted();
    if (encoder !== null) await untilAborted(maskBatch(prepared, batch), signal);
    for (const part of batch instanceof WindowBatch ? batch.batches : [batch]) {
      const { rowCount, byteCount = 0 } = part;
      const encoded = encoder?.encode(part) ?? null;
      part.release?.();
      yield { rows: rowCount, bytes: byteCount, encoded };
    }
  }
  return { rows, checksum: checksum?.end() ?? null };
}

/** What comes behind so many rows. */
async function* behind(batches: AsyncIterable<RowBatch>, skip: number): AsyncGenerator<RowBatch> {
  let left = skip;
  for await (const batch of batches) {
    if (left === 0) yield batch;
    else if (batch.rowCount > left) {
      yield batch.slice(left, batch.rowCount);
      left = 0;
    } else {
      left -= batch.rowCount;
      batch.release?.();
    }
  }
}
