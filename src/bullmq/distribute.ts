import { connectSink } from "../connect.ts";
import { StandinError } from "../errors.ts";
import { refuseWhatOneProcessDoes } from "../one-process.ts";
import type { OnProgress } from "../pipeline/progress.ts";
import type { Report } from "../pipeline/report.ts";
import { parseOne } from "../policy/databases-of.ts";
import type { Policy } from "../policy/define-policy.ts";
import { type RefreshOptions, refreshSpread } from "../refresh.ts";
import { joinLimits } from "../source-limits.ts";
import { ownFiles } from "../spread-run.ts";
import { QueueDoor } from "./queue-door.ts";
import { QueueHands } from "./queue-hands.ts";
import type { QueueLocation } from "./queue-location.ts";

/** What a run over several machines takes of `refresh`, and what it needs beside. */
export interface DistributeOptions
  extends Pick<
    RefreshOptions,
    "key" | "signal" | "onProgress" | "environment" | "database" | "lock" | "sourceLimits" | "telemetry" | "resumable" | "resume"
  > {
  /** The Redis or PostgreSQL where shards wait for workers: a URL, or that and the queue's name. */
  readonly queue: string | QueueLocation;
  /**
   * Most jobs under work at a time, of all workers together: each has a session on the source and one on the target, and its part of the rates of `sourceLimits`, which
   * are divided by the jobs that are under work. @default 16, or what `sourceLimits` → connections leaves
   */
  readonly atOnce?: number | undefined;
  /** How often a job is tried that fails by a lost connection, with 1, 2, 4, … seconds between. Another error ends the run. @default 5 */
  readonly attempts?: number | undefined;
  /** How long the run waits for a worker that is fit, once one has given its job back and nobody works. Without any worker it waits on, and says so. @default 60 */
  readonly unfitSeconds?: number | undefined;
}

const USUAL_AT_ONCE = 16;
const USUAL_ATTEMPTS = 5;
const USUAL_UNFIT_SECONDS = 60;

/**
 * Copies the policy's tables as `refresh` does, with the reading, masking and writing done by workers (`startWorker`, `standin worker`) on any number of machines: this
 * process plans, checks, holds the source's snapshot, hands out shards by a BullMQ queue, and publishes at the end. The target gets the same rows in the same order.
 *
 * All or nothing: a run that fails or is stopped leaves the target as it was, and nothing of it in the queue; with `resumable` it leaves its staging to go on with.
 */
export async function distribute(policy: Policy, options: DistributeOptions): Promise<Report> {
  const one = parseOne(policy, { environment: options.environment, database: options.database });
  refuseWhatOneProcessDoes(one);
  const limits = joinLimits(one.sourceLimits, options.sourceLimits);
  const { connections = Number.POSITIVE_INFINITY } = limits;
  const {
    unfitSeconds = USUAL_UNFIT_SECONDS,
    attempts = USUAL_ATTEMPTS,
    atOnce = Math.max(1, Math.min(USUAL_AT_ONCE, connections - 1)),
  } = options;
  refuseCounts({ attempts, atOnce, unfitSeconds }, connections);
  const resume = options.resume === true;
  const isKept = resume || options.resumable === true;
  const { entry, version } = await ownFiles(false);
  const { connectEncoder } = await import("../connect.ts");
  const door = await QueueDoor.open(options.queue);
  const hands = new QueueHands({ door, atOnce, limits, attempts, unfitSeconds });
  let [runId, isPlanned] = ["", false];
  const onProgress: OnProgress = (event) => {
    if (event.type === "planned") isPlanned = true;
    options.onProgress?.(event);
  };
  try {
    const report = await refreshSpread(policy, { ...options, onProgress }, async (id) => {
      runId = id;
      const keeps = resume ? "resume" : "shards";
      return { workers: 1, keeps, tools: { entry, connectEncoder }, runId, version, others: hands, dropsKept: !isKept };
    });
    await hands.end(true);
    return report;
  } catch (error) {
    await hands.end(false);
    if (isPlanned && !isKept) await dropStaged(one, runId);
    throw error;
  } finally {
    await door.close();
  }
}

/** By a session of its own: the run's may have ended with it. What cannot be dropped now is dropped by the next run. */
async function dropStaged({ target }: Policy, runId: string): Promise<void> {
  const sink = await connectSink(target);
  try {
    await sink.open(new AbortController().signal);
    await sink.stage?.shared?.drop(runId);
  } catch {
    // The run's own error is the one to tell.
  } finally {
    await sink.close().catch(() => {});
  }
}

function refuseCounts(counts: Record<"attempts" | "atOnce" | "unfitSeconds", number>, connections: number): void {
  const { atOnce } = counts;
  for (const [name, value] of Object.entries(counts))
    if (!Number.isInteger(value) || value < 1) throw new StandinError("OPTION_INVALID", `${name} must be a whole number from 1.`);
  if (atOnce < connections) return;
  throw new StandinError(
    "OPTION_INVALID",
    `${atOnce} jobs at once need ${atOnce + 1} sessions on the source, and sourceLimits → connections allows ${connections}.`,
    {
      hint: "Lower atOnce, or raise the limit.",
    },
  );
}
