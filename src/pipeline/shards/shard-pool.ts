import type { Shard } from "../../contracts.ts";
import { ShardSlot } from "./shard-slot.ts";
import type { ThreadData } from "./thread-messages.ts";
import type { ShardEnd, ShardTask, WorkedRows } from "./work-shard.ts";
import { type ThreadOptions, WorkerThread } from "./worker-thread.ts";

/** Shards begun and not yet taken, for each thread: enough that no thread waits while another has the slowest of them. */
const SHARDS_AHEAD = 4;

/** A shard under work, handed out in the order in which shards were asked for. */
export interface PooledShard {
  readonly task: ShardTask;
  worked(): AsyncGenerator<WorkedRows, ShardEnd>;
}

export interface PoolOptions extends Omit<ThreadOptions, "onIdle" | "onStop"> {
  readonly data: ThreadData;
  readonly threads: number;
}

/** What can be asked of a pool: a shard of the table at this position of the plan. */
export interface PoolTask {
  readonly table: number;
  readonly shard: Shard;
  readonly isCheck: boolean;
}

/** Threads that work on shards, several at a time, and give them back in order. */
export class ShardPool {
  readonly #threads: readonly WorkerThread[];
  readonly #slots: ShardSlot[] = [];
  #isAssigned = false;
  #isClosed = false;
  #wake = () => {};
  #onRoom = () => {};

  constructor({ data, threads, ...options }: PoolOptions) {
    const onIdle = () => this.#onRoom();
    const onStop = (error: Error) => {
      for (const thread of this.#threads) thread.stop(error);
    };
    this.#threads = Array.from({ length: threads }, () => new WorkerThread(data, { ...options, onIdle, onStop }));
  }

  get size(): number {
    return this.#threads.length;
  }

  /** Resolves when every thread has loaded what it needs, so that readers open at once. */
  async started(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.started));
  }

  /** Opens a reader on every thread. */
  async open(reader: unknown): Promise<void> {
    for (const thread of this.#threads) thread.open(reader);
    const opened = await Promise.allSettled(this.#threads.map((thread) => thread.opened));
    for (const one of opened) if (one.status === "rejected") throw one.reason;
  }

  /** Works on these, and hands them out in their order. Once at a time. Leaving the loop early leaves what is under work to `close`. */
  async *work(tasks: AsyncIterable<PoolTask>): AsyncGenerator<PooledShard, void> {
    this.#isAssigned = false;
    const assigning = this.#assign(tasks);
    // Its failure is met below; until then it must not count as unhandled.
    assigning.catch(() => {});
    for (;;) {
      const slot = this.#slots.shift();
      this.#onRoom();
      if (slot !== undefined) yield slot;
      else if (this.#isAssigned) return await assigning;
      else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#onRoom();
    await Promise.all(this.#threads.map((thread) => thread.close()));
  }

  async #assign(tasks: AsyncIterable<PoolTask>): Promise<void> {
    try {
      for await (const task of tasks) {
        const thread = await this.#idleThread();
        if (this.#isClosed) return;
        const slot = new ShardSlot({ ...task, firstRow: 0 }, (worked) => thread?.taken(worked));
        this.#slots.push(slot);
        if (thread === null) slot.fail(this.#threads[0]!.loss);
        else thread.start(slot);
        this.#wake();
      }
    } finally {
      this.#isAssigned = true;
      this.#wake();
    }
  }

  /** Waits for a thread without work, as long as not too much is ahead of the writer. Null where there is none any more, or nobody to work for. */
  async #idleThread(): Promise<WorkerThread | null> {
    for (;;) {
      if (this.#isClosed || this.#threads.every(({ isOver }) => isOver)) return null;
      const idle = this.#threads.find(({ isIdle }) => isIdle);
      if (idle !== undefined && this.#slots.length < SHARDS_AHEAD * this.#threads.length) return idle;
      await new Promise<void>((resolve) => {
        this.#onRoom = resolve;
      });
    }
  }
}
