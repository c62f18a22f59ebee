import type { RowBatch } from "../contracts.ts";

/** Passes batches on, and shows each before somebody masks it. */
export async function* passOn(batches: AsyncIterable<RowBatch>, onBatch: (batch: RowBatch) => void): AsyncGenerator<RowBatch> {
  for await (const batch of batches) {
    onBatch(batch);
    yield batch;
  }
}
