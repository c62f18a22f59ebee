import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { connectEncoder, connectSink, connectSource } from "./connect.ts";
import { isStandinError, StandinError } from "./errors.ts";
import { refuseWhatOneProcessDoes } from "./one-process.ts";
import { Pace } from "./pace.ts";
import { type Ends, planRun } from "./pipeline/run.ts";
import { BEGIN_MILLISECONDS, type PartReport, type RunPart, stagePart } from "./pipeline/shards/stage-part.ts";
import { refuseBrokenPlan } from "./plan/compile-plan.ts";
import { lockOf } from "./plan/locks/lock-plan.ts";
import { refuseOtherLock } from "./plan/locks/refuse-other-lock.ts";
import type { Plan } from "./plan/plan.ts";
import { fingerprintPlan } from "./plan/plan-fingerprint.ts";
import { parseOne } from "./policy/databases-of.ts";
import type { Policy } from "./policy/define-policy.ts";
import { classesFor, keyOf, lockFor, lockFrom, type RefreshOptions } from "./refresh.ts";
import { joinLimits, type SourceLimits } from "./source-limits.ts";
import { ownFiles } from "./spread-run.ts";

/** What `refreshPart` goes by: which part of the work this process does, beside what every run may say. */
export interface RefreshPartOptions
  extends Pick<RefreshOptions, "key" | "signal" | "onProgress" | "environment" | "database" | "lock" | "sourceLimits"> {
  /** Which part of the shards, from 0, and of how many: a Kubernetes Indexed Job gives both. */
  readonly part: RunPart;
}

/**
 * Does one process's part of a run that several do at a time without a queue: reads, masks and stages every `of`-th shard of each table. Nothing is published, and the
 * target's readers see nothing; `refresh` with `resume`, when all parts are done, reads the source once more in one snapshot, does again what differs or is missing, and
 * publishes. A part that is run again keeps what it has done. Rates of `sourceLimits` are divided by the number of parts.
 */
export async function refreshPart(policy: Policy, options: RefreshPartOptions): Promise<PartReport> {
  const { part, signal = new AbortController().signal, onProgress = () => {} } = options;
  refusePart(part);
  const one = parseOne(policy, { environment: options.environment, database: options.database });
  refuseWhatOneProcessDoes(one);
  const lock = await lockFrom(options.lock);
  const key = await keyOf(options, one);
  const { version } = await ownFiles(false);
  const limits = joinLimits(one.sourceLimits, options.sourceLimits);
  const connect = async () => ({ source: await connectSource(one.source, limits), sink: await connectSink(one.target) });
  const classes = await classesFor(one);
  const { ends, plan } = await planWhenFree(connect, (pair) => planRun(pair, one, signal, classes), signal);
  let phase: StandinError["phase"] = "before";
  try {
    if (lock !== null) refuseOtherLock(lockFor(lock, options.database), await lockOf(plan, one, key), plan);
    refuseBrokenPlan(plan);
    onProgress({
      ...{ type: "planned", source: plan.source, target: plan.target, tables: plan.tables.length },
      ...{ rowEstimate: null, byteEstimate: null },
    });
    phase = "during";
    return await stagePart(ends, plan, {
      ...{ part, key, signal, onProgress, connectEncoder, batchSize: {} },
      planFingerprint: await fingerprintPlan(plan),
      spread: { runId: randomUUID(), version },
      pace: new Pace(share(limits, part.of)),
      connectSink: () => connectSink(one.target),
    });
  } catch (error) {
    const told = signal.aborted && !isStandinError(error) ? new StandinError("ABORTED", "The part was stopped.") : error;
    if (isStandinError(told)) told.phase = phase;
    throw told;
  } finally {
    await Promise.allSettled([ends.source.close(), ends.sink.close()]);
  }
}

/** While one part begins the run, the target is locked for the others: they look again. */
async function planWhenFree(
  connect: () => Promise<Ends>,
  plan: (ends: Ends) => Promise<Plan>,
  signal: AbortSignal,
): Promise<{ readonly ends: Ends; readonly plan: Plan }> {
  for (const until = performance.now() + BEGIN_MILLISECONDS; ; ) {
    const ends = await connect();
    try {
      return { ends, plan: await plan(ends) };
    } catch (error) {
      await Promise.allSettled([ends.source.close(), ends.sink.close()]);
      if (!isStandinError(error) || error.code !== "SINK_FAILED" || performance.now() > until) throw error;
      await wait(500, undefined, { signal });
    }
  }
}

function share({ rowsPerSecond, megabytesPerSecond }: SourceLimits, of: number): SourceLimits {
  return {
    rowsPerSecond: rowsPerSecond === undefined ? undefined : rowsPerSecond / of,
    megabytesPerSecond: megabytesPerSecond === undefined ? undefined : megabytesPerSecond / of,
  };
}

function refusePart({ index, of }: RunPart): void {
  if (Number.isInteger(index) && Number.isInteger(of) && index >= 0 && index < of) return;
  throw new StandinError("OPTION_INVALID", "A part is a whole number from 0, below the number of parts.", {
    hint: "Write --shard 0/4, --shard 1/4, … in processes of their own.",
  });
}
