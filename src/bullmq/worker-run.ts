import { connectElsewhere, connectEncoder, connectSink, connectSource } from "../connect.ts";
import type { RunMark, ShardReader, Sink } from "../contracts.ts";
import { StandinError } from "../errors.ts";
import type { MaskingKey } from "../keys/masking-key.ts";
import type { Pace } from "../pace.ts";
import { otherRun } from "../pipeline/begin-tables.ts";
import { planRun } from "../pipeline/run.ts";
import { ShardDesk } from "../pipeline/shards/shard-desk.ts";
import { SHARD_BYTES } from "../pipeline/shards/shard-workshop.ts";
import { refuseBrokenPlan } from "../plan/compile-plan.ts";
import { type Plan, tableToWrite } from "../plan/plan.ts";
import { fingerprintPlan } from "../plan/plan-fingerprint.ts";
import type { Policy } from "../policy/define-policy.ts";
import { classesFor } from "../refresh.ts";
import { LimitShare } from "./limit-share.ts";
import type { RunBeat, SealedRun } from "./run-jobs.ts";

/** How often a worker looks whether a run goes on, and what its share is: about how long it works on for one that was stopped. */
export const LOOK_MILLISECONDS = 500;
/** By then every worker has looked. */
const HEAR_MILLISECONDS = 2 * LOOK_MILLISECONDS;

/** What a worker is: a run of another key, plan or version is not its own. */
export interface WorkerSelf {
  readonly policy: Policy;
  readonly key: MaskingKey;
  readonly version: string;
}

/** The error of a worker that is not fit for a run: it gives the job back and ends. */
export class Unfit extends Error {
  readonly why: StandinError;

  constructor(why: StandinError) {
    super(why.message);
    this.why = why;
  }
}

interface OpenDesk {
  readonly desk: ShardDesk;
  readonly reader: ShardReader;
  readonly sink: Sink;
  readonly pace: Pace;
}

/** A run that a worker has joined: planned once, with a desk for each job at a time. */
export class WorkerRun {
  readonly #self: WorkerSelf;
  readonly #mark: RunMark;
  readonly #plan: Plan;
  readonly #run: SealedRun;
  readonly #signal: AbortSignal;
  readonly #share: LimitShare;
  /** Desks that nobody works at, the one that was left last behind. */
  #idle: { readonly open: OpenDesk; readonly since: number }[] = [];

  private constructor(self: WorkerSelf, mark: RunMark, plan: Plan, run: SealedRun, signal: AbortSignal) {
    this.#self = self;
    this.#mark = mark;
    this.#plan = plan;
    this.#run = run;
    this.#signal = signal;
    this.#share = new LimitShare(run.limits, HEAR_MILLISECONDS);
  }

  /** Plans as the coordinator did, and compares. Throws `Unfit`. */
  static async join(self: WorkerSelf, mark: RunMark, open: () => SealedRun, signal: AbortSignal): Promise<WorkerRun> {
    const { policy, key, version } = self;
    // Before anything is opened: what another key has sealed does not open.
    const keyFingerprint = key.fingerprint;
    const own = { version, keyFingerprint, planFingerprint: mark.planFingerprint, shardBytes: SHARD_BYTES };
    refuseUnfit(mark, own);
    const run = open();
    const plan = await planHere(policy, signal);
    refuseUnfit(mark, { ...own, planFingerprint: await fingerprintPlan(plan) });
    return new WorkerRun(self, mark, plan, run, signal);
  }

  hear(beat: RunBeat): void {
    this.#share.hear(beat);
  }

  /** Lends a desk to a job, which is the run's of that number. One at which something failed is not lent again. */
  async atDesk<Result>(job: number, work: (desk: ShardDesk) => Promise<Result>): Promise<Result> {
    const open = this.#idle.pop()?.open ?? (await this.#openDesk(job));
    try {
      const result = await work(open.desk);
      // Nobody looks for idle ones any more where the run is over.
      if (this.#signal.aborted) await this.#closeDesk(open);
      else this.#idle.push({ open, since: performance.now() });
      return result;
    } catch (error) {
      await this.#closeDesk(open);
      throw error;
    }
  }

  /** Ends the sessions that nobody has worked at for so long, whatever goes on at others: they are of no job that shares the source's limits. */
  async closeIdle(milliseconds = 0): Promise<void> {
    const last = performance.now() - milliseconds;
    const stale = this.#idle.filter(({ since }) => since <= last);
    this.#idle = this.#idle.filter(({ since }) => since > last);
    await Promise.all(stale.map(({ open }) => this.#closeDesk(open)));
  }

  async #closeDesk({ reader, sink, pace }: OpenDesk): Promise<void> {
    this.#share.leave(pace);
    await Promise.allSettled([reader.close(), sink.close()]);
  }

  async #openDesk(job: number): Promise<OpenDesk> {
    const { policy, key } = this.#self;
    const { system, elsewhere, limits } = this.#run;
    const pace = await this.#share.join(job, this.#signal);
    const reader = await connectElsewhere(policy.source, system, elsewhere, limits);
    const sink = await connectSink(policy.target);
    try {
      await reader.open(this.#signal);
      await sink.open(this.#signal);
      const joined = await sink.stage!.shared!.join(this.#plan.tables.map(tableToWrite), this.#signal);
      if (joined === null || joined.left.mark.runId !== this.#mark.runId) throw gone();
      const desk = new ShardDesk({ reader, sink, joined, plan: this.#plan, key, pace, batchSize: {}, connectEncoder });
      return { desk, reader, sink, pace };
    } catch (error) {
      this.#share.leave(pace);
      await Promise.allSettled([reader.close(), sink.close()]);
      throw error;
    }
  }
}

async function planHere(policy: Policy, signal: AbortSignal): Promise<Plan> {
  const ends = { source: await connectSource(policy.source, policy.sourceLimits), sink: await connectSink(policy.target) };
  try {
    const plan = await planRun(ends, policy, signal, await classesFor(policy));
    refuseBrokenPlan(plan);
    return plan;
  } finally {
    await Promise.allSettled([ends.source.close(), ends.sink.close()]);
  }
}

function refuseUnfit(mark: RunMark, own: Omit<RunMark, "runId" | "createsTables">): void {
  const differences = otherRun(mark, own);
  if (differences.length === 0) return;
  throw new Unfit(
    new StandinError("RESUME_REFUSED", `The run in the queue has ${differences.join(" and ")} than this worker.`, {
      hint: "Give every worker the coordinator's policy, key and version of standin, or a queue of its own: --queue-name.",
    }),
  );
}

function gone(): StandinError {
  return new StandinError("CONNECTION_LOST", "The run that the job belongs to has ended.");
}
