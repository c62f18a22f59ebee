import { relative } from "node:path";
import { type CheckReport, checkRefresh } from "../../check-refresh.ts";
import { isStandinError } from "../../errors.ts";
import type { Lock } from "../../plan/locks/lock.ts";
import { lockFileOf, readAnyLock, writeLock } from "../../plan/locks/lock-file.ts";
import { isOfDatabases, type LockOfDatabases, lockOfDatabase, lockOfOne } from "../../plan/locks/lock-of-databases.ts";
import { databasesOf } from "../../policy/databases-of.ts";
import { lockPatch } from "../lock-patch.ts";
import { type PolicyOptions, readPolicy } from "../read-policy.ts";
import { checkLines } from "../show/check-lines.ts";
import { logLine } from "../show/log-line.ts";
import { logFinding } from "../show/log-progress.ts";
import { printJson } from "../show/print-json.ts";
import { checkAll } from "./check-all.ts";

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
  const { policy, file } = await readPolicy(options, "source");
  const lockFile = options.lock ?? lockFileOf(file, options.env);
  const found = await readAnyLock(lockFile).catch((error: unknown) => {
    // A broken lock is what --write mends.
    if (options.write && isStandinError(error)) return null;
    throw error;
  });
  if (databasesOf(policy) !== null) return checkAll(policy, lockFile, found, options, signal);
  const { only } = options;
  const former = formerOf(found, options);
  const report = await checkRefresh(policy, { lock: former ?? undefined, signal });
  const hasErrors = report.findings.some(
    ({ severity }) => severity === "error" || (options.warningsAsErrors === true && severity === "warning"),
  );
  const wasWritten = options.write === true && !hasErrors;
  if (wasWritten) await writeLock(lockFile, only === undefined ? report.lock : withDatabase(found, only, report.lock));
  const isWell = !hasErrors && (wasWritten || (report.former !== null && report.differences.length === 0));
  const outcome: CheckOutcome = { lockFile: relative(process.cwd(), lockFile), wasWritten, isWell };
  if (options.log === "json") logCheck(report, isWell);
  if (options.json) printJson("check", describeCheck(report, outcome, options));
  else process.stdout.write(`${checkLines(report, outcome, options, process.stdout).join("\n")}\n`);
  if (!isWell) process.exitCode = 3;
}

/** What there is to compare one source with, of the policy or of the one of its databases that was asked for. */
function formerOf(lock: Lock | LockOfDatabases | null, { only, write }: CheckCommandOptions): Lock | null {
  if (lock === null || (isOfDatabases(lock) && only !== undefined && lock.databases[only] === undefined)) return null;
  // Of another form, it is what --write replaces.
  if (write === true && isOfDatabases(lock) !== (only !== undefined)) return null;
  return only === undefined ? lockOfOne(lock) : lockOfDatabase(lock, only);
}

/** The lock with what is new of one database, and of the others as it was. */
function withDatabase(lock: Lock | LockOfDatabases | null, name: string, own: Lock): LockOfDatabases {
  const others = lock !== null && isOfDatabases(lock) ? lock.databases : {};
  return { version: 1, databases: { ...others, [name]: own } };
}

export function logCheck({ findings, differences }: CheckReport, isWell: boolean, database?: string): void {
  for (const finding of findings) logFinding(finding, { database });
  const counts = { database, differences: differences.length, findings: findings.length };
  logLine(isWell ? "info" : "error", "checked", { ok: isWell, ...counts });
}

export function describeCheck(report: CheckReport, { lockFile, wasWritten, isWell }: CheckOutcome, options: CheckCommandOptions) {
  return {
    ok: isWell,
    lock: lockFile,
    locked: report.former !== null,
    written: wasWritten,
    targetChecked: report.isTargetChecked,
    keyFingerprint: report.keyFingerprint,
    schema: report.lock.schema,
    differences: report.differences,
    findings: report.findings,
    patch: lockPatch(report, options.policy),
  };
}
