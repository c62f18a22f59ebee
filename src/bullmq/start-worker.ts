import type { Job, Worker } from "bullmq";
import { StandinError } from "../errors.ts";
import type { KeyProvider } from "../keys/masking-key.ts";
import { refuseWhatOneProcessDoes } from "../one-process.ts";
import { parseOne } from "../policy/databases-of.ts";
import type { Policy } from "../policy/define-policy.ts";
import { keyOf } from "../refresh.ts";
import { ownFiles } from "../spread-run.ts";
import { QueueDoor } from "./queue-door.ts";
import type { QueueLocation } from "./queue-location.ts";
import { ShardJobs } from "./shard-jobs.ts";
import { WorkerRuns } from "./worker-runs.ts";

/** Where a worker finds its jobs, and what it has to have in common with the coordinator. */
export interface WorkerOptions {
  /** As the coordinator has it. */
  readonly queue: string | QueueLocation;
  /** The coordinator's key. @default as of `refresh` */
  readonly key?: KeyProvider | undefined;
  readonly environment?: string | undefined;
  readonly database?: string | undefined;
  /** Jobs at a time in this process. It masks by one thread: start a process for each core, and two jobs hide the waiting for both servers. @default 2 */
  readonly concurrency?: number | undefined;
  /** Seconds without a sign of life after which a job is given to another worker. @default 15 */
  readonly lockSeconds?: number | undefined;
  /** Takes no more jobs, finishes those under work, and ends. */
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: ((event: WorkerEvent) => void) | undefined;
}

/** What a worker tells. Names and counts only. */
export type WorkerEvent =
  | { readonly type: "listening"; readonly queue: string }
  | { readonly type: "done"; readonly runId: string; readonly table: string; readonly shards: number; readonly rows: number }
  /** The job is tried again, here or elsewhere, or the run ends for it. */
  | { readonly type: "failed"; readonly runId: string; readonly table: string; readonly message: string }
  /** The run is over, and the job with it. */
  | { readonly type: "stopped"; readonly runId: string; readonly table: string };

/** A worker that takes jobs of runs out of a queue, until it is closed. */
export interface QueueWorker {
  /** Resolves when the worker has ended as it was asked to; rejects where it is not fit for a run: another key, plan or version. */
  readonly ended: Promise<{ readonly jobs: number; readonly rows: number }>;
  /** As an abort of `signal`. */
  close(): Promise<void>;
}

const MOST_AT_A_TIME = 64;

/** Works on the shards that `distribute` hands out, until it is asked to end. Resolves when it listens. The policy and key are those of the coordinator. */
export async function startWorker(policy: Policy, options: WorkerOptions): Promise<QueueWorker> {
  const { concurrency = 2, lockSeconds = 15, onEvent = () => {}, signal } = options;
  refuseNumbers(concurrency, lockSeconds);
  const one = parseOne(policy, { environment: options.environment, database: options.database });
  refuseWhatOneProcessDoes(one);
  const key = await keyOf(options, one);
  const { version } = await ownFiles(false);
  const door = await QueueDoor.open(options.queue);
  const runs = new WorkerRuns(door, { policy: one, key, version });
  const jobs = new ShardJobs(runs, key, door.errors, onEvent);
  const worker: Worker = door.worker(door.name, (job: Job, token, cancelled) => jobs.work(job, token!, cancelled!), {
    concurrency,
    lockDuration: lockSeconds * 1000,
    stalledInterval: lockSeconds * 500,
    maxStalledCount: 5,
  });
  // Another worker has the job by now.
  worker.on("lockRenewalFailed", (ids) => {
    for (const id of ids) worker.cancelJob(id);
  });
  const ended = endOf(worker, jobs, signal).finally(async () => {
    await runs.close();
    await door.close();
  });
  ended.catch(() => {});
  await worker.waitUntilReady();
  onEvent({ type: "listening", queue: door.name });
  return {
    ended,
    close: async () => {
      jobs.leave(null);
      await ended.catch(() => {});
    },
  };
}

async function endOf(worker: Worker, jobs: ShardJobs, signal: AbortSignal | undefined) {
  const onAbort = () => jobs.leave(null);
  signal?.addEventListener("abort", onAbort);
  if (signal?.aborted) onAbort();
  const unfit = await jobs.left;
  signal?.removeEventListener("abort", onAbort);
  await worker.close();
  if (unfit !== null) throw unfit;
  return { jobs: jobs.done, rows: jobs.rows };
}

function refuseNumbers(concurrency: number, lockSeconds: number): void {
  if (!Number.isInteger(concurrency) || concurrency < 1 || concurrency > MOST_AT_A_TIME)
    throw new StandinError("OPTION_INVALID", `concurrency must be a whole number from 1 to ${MOST_AT_A_TIME}.`);
  if (!(lockSeconds >= 1 && lockSeconds <= 3600)) throw new StandinError("OPTION_INVALID", "lockSeconds must be from 1 to 3600.");
}
