import type { BatchSize, RowBatch, Sink, Source, TableWriter } from "../contracts.ts";
import { StandinError } from "../errors.ts";
import type { Pace } from "../pace.ts";
import { movedColumns, type TablePlan } from "../plan/plan.ts";
import { counted } from "../written-numbers.ts";
import { gatherWindows, WindowBatch } from "./gather-windows.ts";
import { maskBatch } from "./mask-batch.ts";
import type { PreparedTable } from "./prepare-table.ts";
import { untilAborted } from "./until-aborted.ts";

export interface CopyOptions {
  readonly batchSize: BatchSize;
  readonly pace: Pace;
  readonly signal: AbortSignal;
  onRows(rows: number, bytes: number): void;
}

/**
 * Streams one table from source to sink through its masks. While the sink takes one batch, the next is read and masked: one batch under way on
 * each side, no more. Resolves with the rows that the sink acknowledged, which equal those read.
 */
export async function copyTable(
  source: Source,
  sink: Sink,
  plan: TablePlan,
  prepared: PreparedTable,
  options: CopyOptions,
): Promise<number> {
  const columns = movedColumns(plan).map(({ column }) => column);
  const writer = await sink.writer({ table: plan.table, columns });
  const { pace, signal } = options;
  const read = pace.over(source.read(plan.table, { columns, batchSize: pace.batchSize(options.batchSize), signal }), signal);
  const batches = prepared.windowRows > 1 ? gatherWindows(read, prepared.windowRows) : read;
  const writing = new WriteAhead(writer);
  let rows = 0;
  for await (const batch of batches) {
    signal.throwIfAborted();
    await untilAborted(maskBatch(prepared, batch), signal);
    const parts = batch instanceof WindowBatch ? batch.batches : [batch];
    const bytes = parts.reduce((sum, part) => sum + (part.byteCount ?? 0), 0);
    for (const part of parts) await writing.push(part);
    rows += batch.rowCount;
    options.onRows(batch.rowCount, bytes);
  }
  await writing.settled();
  const acknowledged = await writer.end();
  if (acknowledged !== rows) {
    throw new StandinError("COUNT_MISMATCH", `${prepared.name}: ${counted(rows, "row")} ${rows === 1 ? "was" : "were"} read, and the target took ${acknowledged}.`, {
      table: prepared.name,
    });
  }
  return rows;
}

/** One write under way while the next batch is made. */
class WriteAhead {
  readonly #writer: TableWriter;
  #pending: Promise<void> = Promise.resolve();

  constructor(writer: TableWriter) {
    this.#writer = writer;
  }

  async push(batch: RowBatch): Promise<void> {
    await this.#pending;
    this.#pending = this.#write(batch);
    // The failure is thrown by the next push; until then it must not count as unhandled.
    this.#pending.catch(() => {});
  }

  async #write(batch: RowBatch): Promise<void> {
    await this.#writer.write(batch);
    batch.release?.();
  }

  settled(): Promise<void> {
    return this.#pending;
  }
}
