import type { QueueEvents } from "bullmq";

/** How long a job that has ended still counts: its worker takes the next one meanwhile. */
const LINGER_MILLISECONDS = 10_000;

/** Which jobs of a run workers have taken, as the queue's events tell it. */
export class JobsUnderWork {
  readonly #isOurs: (jobId: string) => boolean;
  readonly #onTaken: () => void;
  readonly #taken = new Set<string>();
  /** How many there were until a moment. */
  #before: { readonly count: number; readonly until: number }[] = [];

  constructor(isOurs: (jobId: string) => boolean, onTaken: () => void) {
    this.#isOurs = isOurs;
    this.#onTaken = onTaken;
  }

  follow(events: QueueEvents): void {
    events.on("active", ({ jobId }) => this.#take(jobId));
    events.on("completed", ({ jobId }) => this.#giveBack(jobId));
    events.on("failed", ({ jobId }) => this.#giveBack(jobId));
    events.on("delayed", ({ jobId }) => this.#giveBack(jobId));
    events.on("stalled", ({ jobId }) => this.#giveBack(jobId));
  }

  get now(): readonly string[] {
    return [...this.#taken];
  }

  /** Most at one time, of late. */
  get most(): number {
    this.#forget();
    return Math.max(this.#taken.size, ...this.#before.map(({ count }) => count));
  }

  #take(jobId: string): void {
    if (!this.#isOurs(jobId) || this.#taken.has(jobId)) return;
    this.#taken.add(jobId);
    this.#onTaken();
  }

  #giveBack(jobId: string): void {
    const count = this.#taken.size;
    if (!this.#taken.delete(jobId)) return;
    // A smaller number that came before says nothing any more.
    this.#before = [...this.#before.filter((one) => one.count > count), { count, until: performance.now() }];
    this.#forget();
  }

  #forget(): void {
    const since = performance.now() - LINGER_MILLISECONDS;
    this.#before = this.#before.filter(({ until }) => until > since);
  }
}
