import type { FlowJob, Job, Worker } from "bullmq";
import { isStandinError, StandinError } from "../errors.ts";
import { Seal } from "../keys/seal.ts";
import type { HandedShards, HandedWork, OtherHands } from "../pipeline/shards/hand-out-shards.ts";
import { limitsRate, type SourceLimits } from "../source-limits.ts";
import { untilAborted } from "../until-aborted.ts";
import { counted } from "../written-numbers.ts";
import { HandedTables } from "./handed-tables.ts";
import { JobsUnderWork } from "./jobs-under-work.ts";
import type { QueueDoor } from "./queue-door.ts";
import {
  jobIdOf,
  numberOfJob,
  type RunBeat,
  type RunJobData,
  type SealedRun,
  type ShardsJobData,
  type ShardsJobResult,
  sealed,
} from "./run-jobs.ts";
import { takeAway } from "./take-away.ts";

/** Most jobs of a run: the shards of a large table share them. */
const MOST_JOBS = 10_000;
/** How often workers hear that the coordinator is alive. */
const BEAT_MILLISECONDS = 2_000;
/** How often the coordinator asks whether there is a worker. */
const ASK_MILLISECONDS = 10_000;

export interface QueueHandsOptions {
  readonly door: QueueDoor;
  /** Most jobs under work at a time, of all workers together. */
  readonly atOnce: number;
  /** Of all workers together. */
  readonly limits: SourceLimits;
  /** How often a job that fails by a lost connection is tried. */
  readonly attempts: number;
  /** How long nobody may work once a worker has given its job back. */
  readonly unfitSeconds: number;
}

/** Hands shards out as BullMQ jobs under a job that publishes, and follows them. */
export class QueueHands implements OtherHands {
  readonly #options: QueueHandsOptions;
  readonly #timers: NodeJS.Timeout[] = [];
  #tables: HandedTables | null = null;
  #runJob: Job<RunJobData> | null = null;
  #publisher: Worker | null = null;
  #jobCount = 0;
  #tellPublished: (isPublished: boolean) => void = () => {};

  constructor(options: QueueHandsOptions) {
    this.#options = options;
  }

  async begin(work: HandedWork): Promise<HandedShards> {
    const { door, atOnce } = this.#options;
    const { runId } = work.mark;
    const runQueue = `${door.name}-${runId}`;
    const { jobs, children } = this.#jobs(work, runQueue);
    const tables = new HandedTables(jobs, work.onNote);
    this.#tables = tables;
    const isRated = limitsRate(this.#options.limits);
    const under = new JobsUnderWork(
      (jobId) => tables.isJob(jobId),
      () => {
        // Whoever has taken it waits for its share.
        if (isRated) void this.#beat(under).catch(() => {});
      },
    );
    const events = door.events(door.name);
    under.follow(events);
    await tables.follow(events);
    const published = new Promise<boolean>((resolve) => {
      this.#tellPublished = resolve;
    });
    const publish = async (job: Job): Promise<void> => {
      tables.finish(Object.values(await job.getChildrenValues<ShardsJobResult>()));
      if (!(await published)) throw new Error("not published");
    };
    await door.queue(door.name).setGlobalConcurrency(atOnce);
    const { job } = await door.flow().add({
      name: "publish",
      queueName: runQueue,
      data: this.#runData(work),
      opts: { jobId: runId, attempts: 1 },
      children,
    });
    this.#runJob = job;
    this.#jobCount = children.length;
    this.#publisher = door.worker(runQueue, publish, { maxStalledCount: 1_000_000 });
    this.#publisher.on("failed", () => tables.fail(new StandinError("WORKER_FAILED", "The run's job failed in the queue.")));
    this.#every(BEAT_MILLISECONDS, async () => {
      // A job that somebody removed takes no progress: that is how a run is stopped from a dashboard.
      if ((await door.queue(runQueue).getJob(runId)) == null) tables.fail(removed());
      else await this.#beat(under);
      this.#endUnfit(tables, under);
    });
    work.onNote(`handed out to the queue ${door.name}: ${counted(children.length, "job")}`);
    this.#noteIdle(work);
    return { done: (table, onRows) => untilAborted(tables.done(table, onRows), work.signal) };
  }

  /** To be called when the run has ended, well or badly. Workers stop within a second or two. */
  async end(isPublished: boolean): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    this.#tellPublished(isPublished);
    const { door } = this.#options;
    if (this.#runJob !== null) await takeAway(door, this.#runJob, this.#jobCount, isPublished, this.#publisher).catch(() => {});
  }

  #jobs({ mark, tables, key }: HandedWork, runQueue: string) {
    const { runId } = mark;
    const { door, attempts } = this.#options;
    const seal = new Seal(key!, runId);
    const shardCount = tables.reduce((sum, { shards }) => sum + shards.length, 0);
    const each = Math.max(1, Math.ceil(shardCount / MOST_JOBS));
    const children: FlowJob[] = [];
    const jobs = tables.map(({ name, shards }, position) => {
      const ids: string[] = [];
      for (let from = 0; from < shards.length; from += each) {
        const some = shards.slice(from, from + each);
        const ranges = some.map(({ range }) => range);
        const names = some.map(({ id }) => id);
        const data: ShardsJobData = { runId, runQueue, position, table: name, shards: names, sealed: sealed(seal, ranges) };
        const jobId = jobIdOf(runId, children.length);
        const opts = {
          ...{ jobId, attempts, backoff: { type: "exponential", delay: 1000 } },
          ...{ failParentOnFailure: true, removeOnComplete: true, removeOnFail: true },
        };
        children.push({ name: "shards", queueName: door.name, data, opts });
        ids.push(jobId);
      }
      return ids;
    });
    return { jobs, children };
  }

  #runData({ mark, snapshot, key }: HandedWork): RunJobData {
    const run: SealedRun = { ...snapshot, limits: this.#options.limits };
    return { mark, sealed: sealed(new Seal(key!, mark.runId), run) };
  }

  /** Says that the run goes on, and with how many the source's limits are shared. */
  async #beat(under: JobsUnderWork): Promise<void> {
    const { door, atOnce } = this.#options;
    const counted = under.now.map(numberOfJob);
    // Events may have been missed.
    const active = await door.queue(door.name).getActiveCount();
    const shares = Math.max(1, Math.min(atOnce, Math.max(active, under.most)));
    await this.#runJob?.updateProgress({ beat: Date.now(), shares, counted } satisfies RunBeat);
  }

  /** Ends a run that workers are there for, and none that may work on it. */
  #endUnfit(tables: HandedTables, under: JobsUnderWork): void {
    const { refused } = tables;
    const { unfitSeconds } = this.#options;
    if (refused === null || under.now.length > 0 || performance.now() - refused.at < unfitSeconds * 1000) return;
    tables.fail(
      new StandinError(
        "WORKER_FAILED",
        `No worker has taken the run on for ${unfitSeconds} s, and one gave its job back: ${refused.why}`,
        {
          hint: "Give every worker the coordinator's policy, key and version of standin, or a queue of its own: --queue-name.",
        },
      ),
    );
  }

  #noteIdle({ onNote }: HandedWork): void {
    const { door } = this.#options;
    const queue = door.queue(door.name);
    let isTold = false;
    const ask = async () => {
      const workers = await queue.getWorkersCount();
      if (workers === 0 && !isTold) onNote(`no worker listens to the queue ${door.name}: start some with \`standin worker\``);
      isTold = workers === 0;
    };
    void ask().catch(() => {});
    this.#every(ASK_MILLISECONDS, ask);
  }

  /** What fails is tried again the next time: a queue may be away for a moment. */
  #every(milliseconds: number, step: () => Promise<void>): void {
    this.#timers.push(
      setInterval(() => {
        step().catch((error: unknown) => {
          if (isStandinError(error)) this.#tables!.fail(error);
        });
      }, milliseconds),
    );
  }
}

function removed(): StandinError {
  return new StandinError("ABORTED", "The run's job was removed from the queue; the target is as it was.");
}
