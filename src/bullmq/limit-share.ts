import { setTimeout as wait } from "node:timers/promises";
import { Pace } from "../pace.ts";
import { limitsRate, type SourceLimits } from "../source-limits.ts";
import type { RunBeat } from "./run-jobs.ts";

/** Longest wait to be counted: who tells it may have missed the job. */
const COUNTED_MILLISECONDS = 10_000;

/** A worker's share in what the source allows all jobs together: as many parts as the coordinator counts jobs under work. */
export class LimitShare {
  readonly #limits: SourceLimits;
  /** How long it takes until all workers have heard a beat. */
  readonly #hearMilliseconds: number;
  readonly #paces = new Set<Pace>();
  #beat: RunBeat = { beat: 0, shares: 1, counted: [] };
  #onBeat: (() => void)[] = [];

  constructor(limits: SourceLimits, hearMilliseconds: number) {
    this.#limits = limits;
    this.#hearMilliseconds = hearMilliseconds;
  }

  hear(beat: RunBeat): void {
    this.#beat = beat;
    for (const pace of this.#paces) pace.limit(this.#part());
    for (const wake of this.#onBeat.splice(0)) wake();
  }

  /** Resolves with a pace for one job at a time, once others know that there is one more. */
  async join(job: number, signal: AbortSignal): Promise<Pace> {
    if (limitsRate(this.#limits)) {
      const until = performance.now() + COUNTED_MILLISECONDS;
      while (!this.#beat.counted.includes(job) && performance.now() < until) await this.#nextBeat(signal);
      await wait(this.#hearMilliseconds, undefined, { signal });
    }
    const pace = new Pace(this.#part());
    this.#paces.add(pace);
    return pace;
  }

  leave(pace: Pace): void {
    this.#paces.delete(pace);
  }

  async #nextBeat(signal: AbortSignal): Promise<void> {
    const beat = new Promise<void>((resolve) => {
      this.#onBeat.push(resolve);
    });
    await Promise.race([beat, wait(COUNTED_MILLISECONDS, undefined, { signal, ref: false })]);
  }

  #part(): SourceLimits {
    const share = (limit: number | undefined) => (limit === undefined ? undefined : limit / this.#beat.shares);
    const { rowsPerSecond, megabytesPerSecond } = this.#limits;
    return { rowsPerSecond: share(rowsPerSecond), megabytesPerSecond: share(megabytesPerSecond) };
  }
}
