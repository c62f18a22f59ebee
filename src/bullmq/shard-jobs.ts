import type { Job } from "bullmq";
import { isStandinError, type StandinError } from "../errors.ts";
import type { MaskingKey } from "../keys/masking-key.ts";
import { Seal } from "../keys/seal.ts";
import type { QueueErrors } from "./queue-door.ts";
import {
  failureText,
  isPassing,
  numberOfJob,
  type ShardsJobData,
  type ShardsJobProgress,
  type ShardsJobResult,
  shardsOf,
} from "./run-jobs.ts";
import type { WorkerEvent } from "./start-worker.ts";
import { Unfit } from "./worker-run.ts";
import type { FollowedRun, WorkerRuns } from "./worker-runs.ts";

/** How often a job tells how far it is. */
const TELL_MILLISECONDS = 500;
/** How long a job waits that an unfit worker gave back. */
const GIVE_BACK_MILLISECONDS = 1_000;

/** What a worker does with its jobs. */
export class ShardJobs {
  readonly #runs: WorkerRuns;
  readonly #key: MaskingKey;
  readonly #errors: QueueErrors;
  readonly #onEvent: (event: WorkerEvent) => void;
  done = 0;
  rows = 0;
  /** Resolves when the worker is to end: with why it is not fit for a run, or null where it was asked to. */
  readonly left: Promise<StandinError | null>;
  leave: (why: StandinError | null) => void = () => {};

  constructor(runs: WorkerRuns, key: MaskingKey, errors: QueueErrors, onEvent: (event: WorkerEvent) => void) {
    this.#runs = runs;
    this.#key = key;
    this.#errors = errors;
    this.#onEvent = onEvent;
    this.left = new Promise((resolve) => {
      this.leave = resolve;
    });
  }

  async work(job: Job<ShardsJobData>, token: string, cancelled: AbortSignal): Promise<ShardsJobResult> {
    const { runId, table, shards, position } = job.data;
    const followed = await this.#runs.of(job.data);
    if (followed === null) return this.#stop(job);
    try {
      const rows = await this.#stage(job, followed, AbortSignal.any([followed.signal, cancelled]));
      this.done++;
      this.rows += rows;
      this.#onEvent({ type: "done", runId, table, shards: shards.length, rows });
      return { position, rows };
    } catch (error) {
      if (error instanceof Unfit) return await this.#giveBack(job, token, error.why);
      if (followed.signal.aborted || cancelled.aborted) return this.#stop(job);
      this.#onEvent({ type: "failed", runId, table, message: isStandinError(error) ? error.message : "The worker failed." });
      throw this.#told(error);
    }
  }

  async #stage(job: Job<ShardsJobData>, { run }: FollowedRun, signal: AbortSignal): Promise<number> {
    const joined = await run;
    const shards = shardsOf(new Seal(this.#key, job.data.runId), job.data);
    let [rows, bytes, toldAt] = [0, 0, performance.now()];
    const tell = () => job.updateProgress({ rows, bytes } satisfies ShardsJobProgress).catch(() => {});
    const onRows = (more: number, moreBytes: number) => {
      rows += more;
      bytes += moreBytes;
      if (performance.now() - toldAt < TELL_MILLISECONDS) return;
      toldAt = performance.now();
      void tell();
    };
    await joined.atDesk(numberOfJob(job.id!), async (desk) => {
      for (const shard of shards) {
        signal.throwIfAborted();
        await desk.stage(job.data.table, shard, onRows, signal);
      }
    });
    await tell();
    return rows;
  }

  /** Not this worker's to do: another one's, which has the run's key, plan and version. */
  async #giveBack(job: Job<ShardsJobData>, token: string, why: StandinError): Promise<never> {
    await job.updateProgress({ rows: 0, bytes: 0, refused: why.message } satisfies ShardsJobProgress).catch(() => {});
    await job.moveToDelayed(Date.now() + GIVE_BACK_MILLISECONDS, token);
    this.leave(why);
    throw new this.#errors.DelayedError();
  }

  #stop({ data: { runId, table } }: Job<ShardsJobData>): never {
    this.#onEvent({ type: "stopped", runId, table });
    throw plain(new this.#errors.UnrecoverableError("The run is over."));
  }

  #told(error: unknown): Error {
    const text = failureText(error);
    return plain(isPassing(error) ? new Error(text) : new this.#errors.UnrecoverableError(text));
  }
}

/** BullMQ keeps the stack as well, which tells of this machine's folders. */
function plain(error: Error): Error {
  error.stack = error.message;
  return error;
}
