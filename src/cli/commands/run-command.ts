import { isStandinError, StandinError } from "../../errors.ts";
import type { OnProgress } from "../../pipeline/progress.ts";
import type { Report } from "../../pipeline/report.ts";
import type { RunPart } from "../../pipeline/shards/stage-part.ts";
import type { Lock } from "../../plan/locks/lock.ts";
import { lockFileOf, readAnyLock, requireLock } from "../../plan/locks/lock-file.ts";
import { type LockOfDatabases, lockOfDatabase } from "../../plan/locks/lock-of-databases.ts";
import { inertText } from "../../policy/parse/written-name.ts";
import { refresh } from "../../refresh.ts";
import type { Evidence } from "../../report/report-page.ts";
import { joinVerifications } from "../../verify/join-verifications.ts";
import type { Verification } from "../../verify/verification.ts";
import type { QueueOptions } from "../queue-options.ts";
import { type PolicyOptions, readPolicy } from "../read-policy.ts";
import { logLine } from "../show/log-line.ts";
import { paintFor } from "../show/paint.ts";
import type { CliContext } from "../show/print-error.ts";
import { printReport } from "../show/print-report.ts";
import { showProgress } from "../show/show-progress.ts";
import { pauseOnSignal, type SourceOptions, sourceLimits } from "../source-options.ts";
import { type SpreadOptions, spreadOptions } from "../spread-options.ts";
import { checkReportFile, writeReport } from "../write-report.ts";
import { runByQueue, runPart } from "./run-elsewhere.ts";

export interface RunCommandOptions extends PolicyOptions, SourceOptions, SpreadOptions, QueueOptions {
  readonly atOnce?: number | undefined;
  readonly shard?: RunPart | undefined;
  readonly telemetry?: true | undefined;
  readonly lock?: string | undefined;
  readonly verify?: boolean | undefined;
  readonly warningsAsErrors?: boolean | undefined;
  readonly report?: string | undefined;
  readonly parallel?: boolean | undefined;
  readonly incremental?: boolean | undefined;
}

/**
 * `standin run`. Where a lock lies beside the policy, nothing runs that differs from it. With `--verify` nothing is published that a verification finds wrong; what it
 * found is in the report also then.
 */
export async function runCommand(options: RunCommandOptions, signal: AbortSignal): Promise<void> {
  const { verify = false, warningsAsErrors = false } = options;
  // Before anything that takes time: without a listener the signal ends the process.
  const pauseSwitch = pauseOnSignal();
  if (warningsAsErrors && !verify) throw needsVerify();
  if (options.incremental && (options.shard !== undefined || options.queue !== undefined)) throw isOneProcess();
  await checkReportFile(options.report);
  const { policy, file } = await readPolicy(options);
  const lock = await lockFor(file, options);
  const progress = showProgress(options);
  const found = new Map<string, Verification>();
  const onProgress: OnProgress = (event) => {
    if (event.type === "verified") found.set(event.database ?? "", event.verification);
    progress.onProgress(event);
  };
  const tell = async (evidence: Evidence, ok: boolean): Promise<string | undefined> => {
    const { report } = options;
    if (report === undefined) return undefined;
    return writeReport(report, evidence, policy, { ok, isPublished: ok }).then(
      () => report,
      () => tellUnwritten(report, options),
    );
  };
  let report: Report;
  try {
    const shared = { signal, lock, onProgress, sourceLimits: sourceLimits(options), telemetry: options.telemetry };
    if (await runPart(policy, options, shared)) return progress.end();
    report =
      (await runByQueue(policy, options, shared)) ??
      (await refresh(policy, {
        ...shared,
        verify: verify && { warningsAsErrors },
        pauseSwitch,
        ...spreadOptions(options),
        parallel: options.parallel,
        incremental: options.incremental,
      }));
  } catch (error) {
    progress.end();
    if (found.size > 0 && isStandinError(error) && error.code === "VERIFICATION_FAILED")
      await tell(found.get("") ?? (await joinVerifications(found)), false);
    throw error;
  }
  progress.end();
  const written = await tell(report, true);
  printReport(report, { ...options, report: written });
}

/** What the run must be as: of one of several databases, its part. */
async function lockFor(file: string, { lock, env, only }: RunCommandOptions): Promise<Lock | LockOfDatabases | undefined> {
  const found = lock === undefined ? await readAnyLock(lockFileOf(file, env)) : await requireLock(lock);
  if (found === null) return undefined;
  return only === undefined ? found : lockOfDatabase(found, only);
}

function isOneProcess(): StandinError {
  return new StandinError("OPTION_INVALID", "An incremental run reads few rows, and one process does it.", {
    hint: "Leave --queue and --shard away.",
  });
}

function needsVerify(): StandinError {
  return new StandinError("OPTION_INVALID", "--warnings-as-errors says something of a verification, and none was asked for.", {
    hint: "Add --verify.",
  });
}

/** The run is done, well or badly, so that this is no error of the run's. */
function tellUnwritten(file: string, { log }: CliContext): undefined {
  const message = `The report could not be written to ${inertText(file)}.`;
  if (log === "json") logLine("warn", "report-unwritten", { message, file });
  else process.stderr.write(`${paintFor(process.stderr)("yellow", "!")} ${message}\n`);
  process.exitCode = 2;
}
