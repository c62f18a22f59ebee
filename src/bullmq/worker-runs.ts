import type { Job } from "bullmq";
import { Seal } from "../keys/seal.ts";
import type { QueueDoor } from "./queue-door.ts";
import { opened, type RunBeat, type RunJobData, type SealedRun, type ShardsJobData } from "./run-jobs.ts";
import { LOOK_MILLISECONDS, WorkerRun, type WorkerSelf } from "./worker-run.ts";

/** Longest time without a word from the coordinator. */
const SILENCE_MILLISECONDS = 20_000;
/** How long sessions of a run stay open for its next job. */
const IDLE_MILLISECONDS = 2_000;

/** A run that the worker takes part in, for as long as its coordinator says so. */
export interface FollowedRun {
  readonly run: Promise<WorkerRun>;
  /** Aborts when nothing more is to be done for it. */
  readonly signal: AbortSignal;
}

/** The runs of a worker, found by their jobs. */
export class WorkerRuns {
  readonly #door: QueueDoor;
  readonly #self: WorkerSelf;
  readonly #runs = new Map<string, FollowedRun & { stop(): Promise<void> }>();

  constructor(door: QueueDoor, self: WorkerSelf) {
    this.#door = door;
    this.#self = self;
  }

  /** Null where the job's run is over. */
  async of({ runId, runQueue }: ShardsJobData): Promise<FollowedRun | null> {
    const followed = this.#runs.get(runId);
    if (followed !== undefined) return followed.signal.aborted ? null : followed;
    const job = await this.#look(runQueue, runId);
    // Two jobs may have asked at once.
    return job === null ? null : (this.#runs.get(runId) ?? this.#follow(job, runQueue));
  }

  async close(): Promise<void> {
    await Promise.all([...this.#runs.values()].map((run) => run.stop()));
  }

  async #look(runQueue: string, runId: string): Promise<Job<RunJobData> | null> {
    const job: Job<RunJobData> | undefined = await this.#door.queue(runQueue).getJob(runId);
    return job == null || job.data.isOver === true ? null : job;
  }

  #follow(job: Job<RunJobData>, runQueue: string): FollowedRun {
    const { mark, sealed } = job.data;
    const abort = new AbortController();
    const seal = new Seal(this.#self.key, mark.runId);
    const run = WorkerRun.join(this.#self, mark, () => opened<SealedRun>(seal, sealed), abort.signal);
    // Whoever awaits it meets the failure; a later job tries again.
    run.catch(() => void stop());
    let [beat, heard] = [JSON.stringify(job.progress), performance.now()];
    const look = async () => {
      const now = await this.#look(runQueue, mark.runId).catch(() => undefined);
      if (now === null) return stop();
      const told = JSON.stringify(now?.progress);
      if (now !== undefined && told !== beat) [beat, heard] = [told, performance.now()];
      if (performance.now() - heard > SILENCE_MILLISECONDS) return stop();
      const joined = await run;
      if (typeof now?.progress === "object") joined.hear(now.progress as RunBeat);
      await joined.closeIdle(IDLE_MILLISECONDS);
    };
    const timer = setInterval(() => void look().catch(() => {}), LOOK_MILLISECONDS);
    const stop = async () => {
      clearInterval(timer);
      this.#runs.delete(mark.runId);
      abort.abort();
      await run.then(
        (joined) => joined.closeIdle(),
        () => {},
      );
    };
    const followed = { run, signal: abort.signal, stop };
    this.#runs.set(mark.runId, followed);
    return followed;
  }
}
