import type { EventEmitter } from "node:events";
import { setTimeout as wait } from "node:timers/promises";
import type { FlowProducer, Processor, Queue, QueueEvents, Worker, WorkerOptions } from "bullmq";
import { StandinError } from "../errors.ts";
import { type KnownQueue, locateQueue, type QueueLocation } from "./queue-location.ts";

/** Longest wait for the queue's server to answer. */
const ANSWER_MILLISECONDS = 10_000;

type Closable = Queue | Worker | QueueEvents | FlowProducer;

interface QueueClasses {
  readonly Queue: new (name: string, options: { readonly connection: unknown }) => Queue;
  readonly QueueEvents: new (name: string, options: { readonly connection: unknown }) => QueueEvents;
  readonly FlowProducer: new (options: { readonly connection: unknown }) => FlowProducer;
  readonly Worker: new (name: string, processor: Processor, options: WorkerOptions) => Worker;
}

/** What a job's worker throws to say what becomes of it. */
export type QueueErrors = Pick<typeof import("bullmq"), "DelayedError" | "UnrecoverableError">;

/** BullMQ over Redis or PostgreSQL: the same classes, bound to a connection. Closes what it opened. */
export class QueueDoor {
  readonly name: string;
  readonly errors: QueueErrors;
  readonly #classes: QueueClasses;
  readonly #connection: unknown;
  readonly #queues = new Map<string, Queue>();
  readonly #opened: Closable[] = [];

  private constructor(name: string, errors: QueueErrors, classes: QueueClasses, connection: unknown) {
    this.name = name;
    this.errors = errors;
    this.#classes = classes;
    this.#connection = connection;
  }

  /** Loads BullMQ, and waits until the queue's server answers. Throws DRIVER_MISSING, QUEUE_UNREACHABLE. */
  static async open(queue: string | QueueLocation): Promise<QueueDoor> {
    const known = locateQueue(queue);
    const bullmq = await load(() => import("bullmq"), "bullmq");
    if (known.system === "redis") await load(() => import("ioredis"), "ioredis");
    const { Queue, QueueEvents, FlowProducer, Worker, withBackend, createPostgresBackend } = bullmq;
    const classes: unknown =
      known.system === "postgres" ? withBackend(createPostgresBackend) : { Queue, QueueEvents, FlowProducer, Worker };
    const door = new QueueDoor(known.name, bullmq, classes as QueueClasses, connectionOf(known));
    const answered = await Promise.race([answers(door.queue(known.name)), wait(ANSWER_MILLISECONDS, false)]);
    if (answered) return door;
    void door.close();
    throw new StandinError(
      "QUEUE_UNREACHABLE",
      `The queue's ${known.system === "redis" ? "Redis" : "PostgreSQL"} does not answer.`,
      {
        hint: "Check the URL, that the server runs, and that its role may make BullMQ's tables.",
      },
    );
  }

  queue(name: string): Queue {
    const queue = this.#queues.get(name) ?? this.#keep(new this.#classes.Queue(name, { connection: this.#connection }));
    this.#queues.set(name, queue);
    return queue;
  }

  events(name: string): QueueEvents {
    return this.#keep(new this.#classes.QueueEvents(name, { connection: this.#connection }));
  }

  flow(): FlowProducer {
    return this.#keep(new this.#classes.FlowProducer({ connection: this.#connection }));
  }

  worker(name: string, processor: Processor, options: Omit<WorkerOptions, "connection">): Worker {
    return this.#keep(new this.#classes.Worker(name, processor, { ...options, connection: this.#connection as object }));
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.#opened.map((one) => one.close()));
  }

  #keep<One extends Closable>(one: One): One {
    // Without a listener, a connection that is lost for a moment would end the process. BullMQ goes on when it is back.
    (one as EventEmitter).on("error", () => {});
    this.#opened.push(one);
    return one;
  }
}

async function load<Module>(loading: () => Promise<Module>, name: string): Promise<Module> {
  try {
    return await loading();
  } catch {
    throw new StandinError("DRIVER_MISSING", `${name} is not installed.`, { hint: `Run \`npm install ${name}\`.` });
  }
}

function connectionOf({ system, connection }: KnownQueue): unknown {
  if (typeof connection === "object") return connection;
  // A blocking command waits for as long as there is no job, whatever the connection goes through.
  if (system === "redis") return { url: connection, maxRetriesPerRequest: null };
  return { connectionString: connection, migrate: true };
}

const answers = (queue: Queue): Promise<boolean> =>
  queue.waitUntilReady().then(
    () => true,
    () => false,
  );
