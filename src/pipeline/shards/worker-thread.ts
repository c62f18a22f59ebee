import { Worker } from "node:worker_threads";
import { StandinError } from "../../errors.ts";
import type { Pace } from "../../pace.ts";
import type { ShardSlot } from "./shard-slot.ts";
import { errorFromData, type FromThread, type ThreadData, type ToThread } from "./thread-messages.ts";
import type { WorkedRows } from "./work-shard.ts";

/** Batches that a thread may read before it is told again: with one it would wait for each answer. */
const CREDITS_AHEAD = 2;
/** Bytes of memory that a thread may be ahead of the writer. */
const BYTES_AHEAD = 8 * 1024 * 1024;
/** Longest wait for a thread that was asked to close its session. */
const GOODBYE_MILLISECONDS = 2000;

export interface ThreadOptions {
  /** The module that the thread runs. */
  readonly entry: URL;
  readonly pace: Pace;
  readonly signal: AbortSignal;
  /** It can take another shard, or can never again. */
  onIdle(): void;
  /** Reading cannot go on, on any thread: who looks on at the run's pace threw something. */
  onStop(error: Error): void;
}

/** One worker thread as the main thread sees it: it takes a shard at a time, and is held back by credits. */
export class WorkerThread {
  readonly #worker: Worker;
  readonly #options: ThreadOptions;
  #slot: ShardSlot | null = null;
  #loss: Error | null = null;
  #isClosing = false;
  #credits = 0;
  #ahead = 0;
  #isPumping = false;
  #onOpen: (error: Error | null) => void = () => {};
  /** Resolves when it has loaded what it needs. */
  readonly started: Promise<void>;
  #onStart: () => void = () => {};
  /** Resolves when its reader is open. */
  readonly opened: Promise<void>;
  readonly #exited: Promise<void>;

  constructor(data: ThreadData, options: ThreadOptions) {
    this.#options = options;
    this.started = new Promise((resolve) => {
      this.#onStart = resolve;
    });
    this.opened = new Promise((resolve, reject) => {
      this.#onOpen = (error) => (error === null ? resolve() : reject(error));
    });
    // Whoever awaits it meets the failure; until then it must not count as unhandled.
    this.opened.catch(() => {});
    this.#worker = new Worker(options.entry, { workerData: data, name: "standin", ...withoutInputType() });
    this.#worker.on("message", (message: FromThread) => this.#take(message));
    this.#worker.on("error", (error) => this.#lose(threadFailed(error)));
    this.#exited = new Promise((resolve) => {
      this.#worker.on("exit", () => {
        this.#lose(threadFailed(null));
        resolve();
      });
    });
  }

  /** Whether it can take a shard now. */
  get isIdle(): boolean {
    return !this.isOver && this.#slot === null;
  }

  /** Whether it will never take one again. */
  get isOver(): boolean {
    return this.#loss !== null || this.#isClosing;
  }

  /** Why it will not. */
  get loss(): Error {
    return this.#loss ?? threadFailed(null);
  }

  open(reader: unknown): void {
    this.#say({ type: "open", reader });
  }

  start(slot: ShardSlot): void {
    this.#slot = slot;
    this.#say({ type: "task", task: slot.task });
    void this.#pump();
  }

  /** Rows of a shard of this thread's are out of the way. */
  taken(worked: WorkedRows): void {
    this.#ahead -= memoryOf(worked);
    void this.#pump();
  }

  /** Ends what is waited for of its shard. The thread itself knows nothing of it. */
  stop(error: Error): void {
    this.#slot?.fail(error);
  }

  async close(): Promise<void> {
    // Also one that lost its reader: it waits for work. One that is gone does not hear it.
    this.#say({ type: "close" });
    this.#isClosing = true;
    const giveUp = setTimeout(() => void this.#worker.terminate(), GOODBYE_MILLISECONDS);
    await this.#exited;
    clearTimeout(giveUp);
  }

  /** Allows batches for as long as the run's pace does and the writer keeps up. */
  async #pump(): Promise<void> {
    if (this.#isPumping) return;
    this.#isPumping = true;
    try {
      while (!this.isOver && this.#slot !== null && this.#credits < CREDITS_AHEAD && this.#ahead < BYTES_AHEAD) {
        await this.#options.pace.turn(this.#options.signal);
        this.#credits++;
        this.#say({ type: "credit" });
      }
    } catch (error) {
      // A run that was stopped says so itself.
      if (!this.#options.signal.aborted) this.#options.onStop(error as Error);
    } finally {
      this.#isPumping = false;
    }
  }

  #take(message: FromThread): void {
    if (message.type === "started") this.#onStart();
    else if (message.type === "open") this.#onOpen(null);
    else if (message.type === "closed") this.#lose(errorFromData(message.error));
    else if (message.type === "read") {
      this.#credits--;
      this.#options.pace.count({ rowCount: message.rows, byteCount: message.bytes });
      void this.#pump();
    } else if (message.type === "rows") {
      this.#ahead += memoryOf(message.worked);
      this.#slot!.add(message.worked);
    } else if (message.type === "end") this.#leave((slot) => slot.finish(message.end));
    else {
      // Whether the credit was used is not known: one more does no harm.
      this.#credits = 0;
      this.#fail(errorFromData(message.error), message.isLost);
    }
  }

  #leave(end: (slot: ShardSlot) => void): void {
    const slot = this.#slot;
    this.#slot = null;
    if (slot !== null) end(slot);
    this.#options.onIdle();
  }

  #fail(error: Error, isLost: boolean): void {
    if (isLost) this.#loss ??= error;
    this.#leave((slot) => slot.fail(error));
  }

  #lose(error: Error): void {
    if (this.isOver) return;
    this.#onStart();
    this.#onOpen(error);
    this.#fail(error, true);
  }

  #say(message: ToThread): void {
    this.#worker.postMessage(message);
  }
}

/** How a program is read that stands on the command line is refused for one that is a file. */
function withoutInputType(): { readonly execArgv?: [] } {
  return process.execArgv.some((flag) => flag.startsWith("--input-type")) ? { execArgv: [] } : {};
}

/** What rows take until they are taken: a mask may write more than was read, and not every batch tells of bytes. */
function memoryOf({ bytes, encoded }: WorkedRows): number {
  if (encoded === null) return bytes;
  const memory = new Set(encoded.pieces.map(({ buffer }) => buffer));
  return [...memory].reduce((sum, { byteLength }) => sum + byteLength, 0);
}

/** What a thread ends with is told by its code: a text of somebody else's may quote a value. */
function threadFailed(error: unknown): StandinError {
  const { code } = (error ?? {}) as { code?: unknown };
  const why = typeof code === "string" ? ` (${code})` : "";
  const hint = code === "ERR_WORKER_OUT_OF_MEMORY" ? "Use fewer workers, or more memory." : undefined;
  return new StandinError("WORKER_FAILED", `A worker thread ended before its work was done${why}.`, { hint });
}
