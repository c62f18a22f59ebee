import { relative } from "node:path";
import { type CheckReport, checkRefresh } from "../check-refresh.ts";
import { isStandinError } from "../errors.ts";
import { lockFileOf, readLock, writeLock } from "../plan/lock-file.ts";
import { checkLines } from "./check-lines.ts";
import { lockPatch } from "./lock-patch.ts";
import { logLine } from "./log-line.ts";
import { logFinding } from "./log-progress.ts";
import { printJson } from "./print-json.ts";
import { type PolicyOptions, readPolicy } from "./read-policy.ts";

export interface CheckCommandOptions extends PolicyOptions {
  readonly lock?: string | undefined;
  readonly write?: boolean | undefined;
  readonly warningsAsErrors?: boolean | undefined;
}

/** What a check made of things, beside what it found. */
export interface CheckOutcome {
  readonly lockFile: string;
  readonly wasWritten: boolean;
  /** Nothing stands against a run. */
  readonly isWell: boolean;
}

/** `standin check`. Exits 3 where something is not as the lock has it, or a run would be refused. */
export async function checkCommand(options: CheckCommandOptions, signal: AbortSignal): Promise<void> {
  const { policy, file } = await readPolicy(options);
  const lockFile = options.lock ?? lockFileOf(file, options.env);
  const former = await readLock(lockFile).catch((error: unknown) => {
    // A broken lock is what --write mends.
    if (options.write && isStandinError(error)) return null;
    throw error;
  });
  const report = await checkRefresh(policy, { lock: former ?? undefined, signal });
  const hasErrors = report.findings.some(
    ({ severity }) => severity === "error" || (options.warningsAsErrors === true && severity === "warning"),
  );
  const wasWritten = options.write === true && !hasErrors;
  if (wasWritten) await writeLock(lockFile, report.lock);
  const isWell = !hasErrors && (wasWritten || (report.former !== null && report.differences.length === 0));
  const outcome: CheckOutcome = { lockFile: relative(process.cwd(), lockFile), wasWritten, isWell };
  if (options.log === "json") logCheck(report, isWell);
  if (options.json) printJson("check", describeCheck(report, outcome, options));
  else process.stdout.write(`${checkLines(report, outcome, options, process.stdout).join("\n")}\n`);
  if (!isWell) process.exitCode = 3;
}

function logCheck({ findings, differences }: CheckReport, isWell: boolean): void {
  for (const finding of findings) logFinding(finding, {});
  const counts = { differences: differences.length, findings: findings.length };
  logLine(isWell ? "info" : "error", "checked", { ok: isWell, ...counts });
}

function describeCheck(report: CheckReport, { lockFile, wasWritten, isWell }: CheckOutcome, options: CheckCommandOptions) {
  return {
    ok: isWell,
    lock: lockFile,
    locked: report.former !== null,
    written: wasWritten,
    keyFingerprint: report.keyFingerprint,
    schema: report.lock.schema,
    differences: report.differences,
    findings: report.findings,
    patch: lockPatch(report, options.policy),
  };
}
