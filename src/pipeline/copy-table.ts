import type { BatchSize, RowBatch, Sink, Source } from "../contracts.ts";
import { StandinError } from "../errors.ts";
import type { Pace } from "../pace.ts";
import { type TablePlan, tableToWrite } from "../plan/plan.ts";
import { untilAborted } from "../until-aborted.ts";
import { amount, counted } from "../written-numbers.ts";
import { gatherWindows, WindowBatch } from "./masking/gather-windows.ts";
import { maskBatch } from "./masking/mask-batch.ts";
import type { PreparedTable } from "./masking/prepare-table.ts";
import { passOn } from "./pass-on.ts";
import { WriteAhead } from "./write-ahead.ts";

export interface CopyOptions {
  readonly batchSize: BatchSize;
  readonly pace: Pace;
  readonly signal: AbortSignal;
  /** Looks on at batches once they are masked, for a verification. */
  readonly watch?: { add(batch: RowBatch): void } | null | undefined;
  onRows(rows: number, bytes: number): void;
}

/**
 * Streams one table from source to sink through its masks. While the sink takes one batch, the next is read and masked: one batch under way on
 * each side, no more. Resolves with the rows that the sink acknowledged, which equal those read.
 */
export async function copyTable(
  source: Pick<Source, "read">,
  sink: Pick<Sink, "writer">,
  plan: TablePlan,
  prepared: PreparedTable,
  options: CopyOptions,
): Promise<number> {
  const toWrite = tableToWrite(plan);
  const { columns } = toWrite;
  const writer = await sink.writer(toWrite);
  const { pace, signal } = options;
  let [read, masked] = [0, 0];
  const rows = pace.over(source.read(plan.table, { columns, batchSize: pace.batchSize(options.batchSize), signal }), signal);
  const all = passOn(rows, ({ rowCount }) => {
    read += rowCount;
  });
  const batches = prepared.windowRows > 1 ? gatherWindows(all, prepared.windowRows) : all;
  const writing = new WriteAhead<RowBatch>(async (batch) => {
    await writer.write(batch);
    batch.release?.();
  });
  for await (const batch of batches) {
    signal.throwIfAborted();
    await untilAborted(maskBatch(prepared, batch), signal);
    options.watch?.add(batch);
    const parts = batch instanceof WindowBatch ? batch.batches : [batch];
    const bytes = parts.reduce((sum, part) => sum + (part.byteCount ?? 0), 0);
    for (const part of parts) {
      masked += part.rowCount;
      await writing.push(part);
    }
    options.onRows(batch.rowCount, bytes);
  }
  await writing.settled();
  const acknowledged = await writer.end();
  if (masked !== read) throw mismatch(prepared.name, read, `${amount(masked)} masked`);
  if (acknowledged !== masked) throw mismatch(prepared.name, read, `the target took ${amount(acknowledged)}`);
  return acknowledged;
}

/** Rows that did not all come through. */
export function mismatch(table: string, read: number, other: string): StandinError {
  const message = `${table}: ${counted(read, "row")} ${read === 1 ? "was" : "were"} read, and ${other}.`;
  return new StandinError("COUNT_MISMATCH", message, { table });
}
