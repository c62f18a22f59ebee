import { StandinError } from "../../errors.ts";
import type { OnProgress } from "../../pipeline/progress.ts";
import type { Report } from "../../pipeline/report.ts";
import type { Policy } from "../../policy/define-policy.ts";
import type { RefreshOptions } from "../../refresh.ts";
import { refreshPart } from "../../refresh-part.ts";
import { counted, duration } from "../../written-numbers.ts";
import { queueOf } from "../queue-options.ts";
import { paintFor } from "../show/paint.ts";
import { printJson } from "../show/print-json.ts";
import type { RunCommandOptions } from "./run-command.ts";

/** What `standin run` has found out before it spreads over machines. */
export type SharedOptions = Pick<RefreshOptions, "signal" | "lock" | "sourceLimits" | "telemetry"> & {
  readonly onProgress: OnProgress;
};

/** With `--queue`: hands the shards out to workers. Null without. */
export async function runByQueue(policy: Policy, options: RunCommandOptions, shared: SharedOptions): Promise<Report | null> {
  const queue = queueOf(options);
  if (queue === null) return null;
  refuseTogether("--queue", options, ["verify", "workers", "parallel", "incremental", "shard"]);
  const { distribute } = await import("../../bullmq/index.ts");
  const { atOnce, resumable, resume } = options;
  return distribute(policy, { ...shared, queue, atOnce, resumable, resume });
}

/** With `--shard`: does a part, and publishes nothing. False without. */
export async function runPart(policy: Policy, options: RunCommandOptions, shared: SharedOptions): Promise<boolean> {
  const { shard: part } = options;
  if (part === undefined) return false;
  refuseTogether("--shard", options, ["verify", "workers", "parallel", "incremental", "resumable", "resume", "report", "queue"]);
  const { signal, lock, sourceLimits, onProgress } = shared;
  const report = await refreshPart(policy, { part, signal, lock, sourceLimits, onProgress });
  if (options.json) {
    printJson("part", report);
    return true;
  }
  const shards = report.tables.reduce((sum, table) => sum + table.shards, 0);
  const paint = paintFor(process.stdout);
  process.stdout.write(
    `${paint("green", "✓")} part ${part.index} of ${part.of}: ${counted(report.rows, "row")} in ${counted(shards, "shard")} staged in ${duration(report.milliseconds)}.\n` +
      `${paint("dim", "  Nothing is published yet: when all parts are done, `standin run --resume` checks and publishes.")}\n`,
  );
  return true;
}

const FLAGS = {
  verify: "--verify",
  workers: "--workers",
  parallel: "--parallel",
  incremental: "--incremental",
  shard: "--shard",
  resumable: "--resumable",
  resume: "--resume",
  report: "--report",
  queue: "--queue",
} as const;

function refuseTogether(flag: string, options: RunCommandOptions, others: readonly (keyof typeof FLAGS)[]): void {
  const given = others.filter((name) => options[name] !== undefined && options[name] !== false).map((name) => FLAGS[name]);
  if (given.length === 0) return;
  throw new StandinError("OPTION_INVALID", `${flag} does not go together with ${given.join(", ")}.`, {
    hint: "`standin verify` looks through a copy that is published; each worker is a process with a thread of its own.",
  });
}
