import { setTimeout as wait } from "node:timers/promises";
import { USUAL_BYTES, USUAL_ROWS } from "./batch/usual-size.ts";
import type { BatchSize, RowBatch } from "./contracts.ts";
import type { PauseSwitch } from "./pause-switch.ts";
import type { SourceLimits } from "./source-limits.ts";

/** Who is told that reading stands still. */
export interface PauseListener {
  onPaused(): void;
  onResumed(milliseconds: number): void;
}

/** Batches a second at least: with fewer, a slow run would read in great gulps. */
const BATCHES_PER_SECOND = 4;

/**
 * Reads no faster than the limits allow, and not at all while the switch says so. It holds the reader back and keeps nothing: the source's own back-pressure
 * stops the server. One pace serves all readers of a run.
 */
export class Pace {
  #rowsPerSecond = Number.POSITIVE_INFINITY;
  #bytesPerSecond = Number.POSITIVE_INFINITY;
  readonly #pauseSwitch: PauseSwitch | null;
  readonly #listener: PauseListener | null;
  /** When all that was read so far was due, by the clock of `performance`. */
  #due = 0;
  /** Readers that a pause holds. */
  #held = 0;

  constructor(limits: SourceLimits = {}, pauseSwitch: PauseSwitch | null = null, listener: PauseListener | null = null) {
    this.limit(limits);
    this.#pauseSwitch = pauseSwitch;
    this.#listener = listener;
  }

  /** Goes by other limits from here on. */
  limit({ rowsPerSecond = Number.POSITIVE_INFINITY, megabytesPerSecond = Number.POSITIVE_INFINITY }: SourceLimits): void {
    this.#rowsPerSecond = rowsPerSecond;
    this.#bytesPerSecond = megabytesPerSecond * 1e6;
  }

  /** Batches small enough that what so many readers read comes evenly. */
  batchSize({ maxRows = USUAL_ROWS, maxBytes = USUAL_BYTES }: BatchSize, readers = 1): BatchSize {
    const evenly = (perSecond: number) => Math.max(1, Math.floor(perSecond / BATCHES_PER_SECOND / readers));
    return {
      maxRows: Math.min(maxRows, evenly(this.#rowsPerSecond)),
      maxBytes: Math.min(maxBytes, evenly(this.#bytesPerSecond)),
    };
  }

  /** Passes batches on, and asks for the next only when it may be read. */
  async *over(batches: AsyncIterable<RowBatch>, signal: AbortSignal): AsyncGenerator<RowBatch> {
    const iterator = batches[Symbol.asyncIterator]();
    try {
      for (;;) {
        await this.turn(signal);
        const { done, value } = await iterator.next();
        if (done) return;
        this.count(value);
        yield value;
      }
    } finally {
      await iterator.return?.();
    }
  }

  /** Waits until the next batch may be read. */
  async turn(signal: AbortSignal): Promise<void> {
    if (this.#pauseSwitch?.isPaused) await this.#whenOpen(this.#pauseSwitch, signal);
    const early = this.#due - performance.now();
    if (early > 0) await wait(early, undefined, { signal });
  }

  async #whenOpen(pauseSwitch: PauseSwitch, signal: AbortSignal): Promise<void> {
    const started = performance.now();
    if (this.#held++ === 0) this.#listener?.onPaused();
    try {
      await pauseSwitch.whenOpen(signal);
    } finally {
      this.#held--;
    }
    if (this.#held === 0) this.#listener?.onResumed(Math.round(performance.now() - started));
  }

  /** Counts a batch that was read. What was not read in a pause, or while the target was slow, is not caught up on: that would be a burst. */
  count({ rowCount, byteCount = 0 }: Pick<RowBatch, "rowCount" | "byteCount">): void {
    const seconds = Math.max(rowCount / this.#rowsPerSecond, byteCount / this.#bytesPerSecond);
    this.#due = Math.max(this.#due, performance.now()) + seconds * 1000;
  }
}
