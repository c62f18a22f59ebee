import type { ShardEnd, ShardTask, WorkedRows } from "./work-shard.ts";

/** A shard that a thread works on: what it gave and nobody has taken yet, and how it ended. */
export class ShardSlot {
  readonly task: ShardTask;
  readonly #rows: WorkedRows[] = [];
  readonly #onTaken: (worked: WorkedRows) => void;
  #end: ShardEnd | null = null;
  #failure: Error | null = null;
  #wake = () => {};

  /** `onTaken` is called when somebody has done with rows. */
  constructor(task: ShardTask, onTaken: (worked: WorkedRows) => void) {
    this.task = task;
    this.#onTaken = onTaken;
  }

  add(worked: WorkedRows): void {
    this.#rows.push(worked);
    this.#wake();
  }

  finish(end: ShardEnd): void {
    this.#end = end;
    this.#wake();
  }

  fail(error: Error): void {
    this.#failure ??= error;
    this.#wake();
  }

  /** What the thread gives, as it comes. Throws what it failed with, behind the rows that came before. */
  async *worked(): AsyncGenerator<WorkedRows, ShardEnd> {
    for (;;) {
      const worked = this.#rows.shift();
      if (worked !== undefined) {
        yield worked;
        this.#onTaken(worked);
      } else if (this.#failure !== null) throw this.#failure;
      else if (this.#end !== null) return this.#end;
      else await this.#news();
    }
  }

  #news(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}
