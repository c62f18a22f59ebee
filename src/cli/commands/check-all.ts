import { relative } from "node:path";
import { checkDatabases } from "../../check-refresh.ts";
import type { Finding } from "../../errors.ts";
import type { Lock } from "../../plan/locks/lock.ts";
import { writeLock } from "../../plan/locks/lock-file.ts";
import { isOfDatabases, type LockOfDatabases } from "../../plan/locks/lock-of-databases.ts";
import type { Policy } from "../../policy/define-policy.ts";
import { checkLines } from "../show/check-lines.ts";
import { paintFor } from "../show/paint.ts";
import { problemLines } from "../show/print-error.ts";
import { printJson } from "../show/print-json.ts";
import { type CheckCommandOptions, type CheckOutcome, describeCheck, logCheck } from "./check-command.ts";

/** `standin check` of several databases: each with what changed in it, then what is wrong with them beside one another, and one lock for all. */
export async function checkAll(
  policy: Policy,
  lockFile: string,
  former: Lock | LockOfDatabases | null,
  options: CheckCommandOptions,
  signal: AbortSignal,
): Promise<void> {
  // A lock of the policy as it was with one source is what --write replaces.
  const lock = former !== null && options.write === true && !isOfDatabases(former) ? undefined : (former ?? undefined);
  const report = await checkDatabases(policy, { lock, signal });
  const isError = ({ severity }: Finding) => severity === "error" || options.warningsAsErrors === true;
  const parts = [...report.databases];
  const hasErrors = [...report.findings, ...parts.flatMap(([, { findings }]) => findings)].some(isError);
  const wasWritten = options.write === true && !hasErrors;
  if (wasWritten) await writeLock(lockFile, report.lock);
  const isSame = parts.every(([, { former, differences }]) => former !== null && differences.length === 0);
  const isWell = !hasErrors && (wasWritten || (isSame && report.gone.length === 0));
  const shown = relative(process.cwd(), lockFile);
  const outcomeOf = (name: string): CheckOutcome => {
    const { former, differences, findings } = report.databases.get(name)!;
    const isWell = !findings.some(isError) && (wasWritten || (former !== null && differences.length === 0));
    return { lockFile: shown, wasWritten, isWell };
  };
  if (options.log === "json") for (const [name, one] of parts) logCheck(one, outcomeOf(name).isWell, name);
  if (options.json) {
    const described = parts.map(([name, one]) => [name, describeCheck(one, outcomeOf(name), options)]);
    printJson("check", {
      ...{ ok: isWell, lock: shown, locked: report.former !== null, written: wasWritten },
      ...{ gone: report.gone, findings: report.findings, databases: Object.fromEntries(described) },
    });
  } else {
    const paint = paintFor(process.stdout);
    const lines = [
      ...parts.flatMap(([name, one]) => [
        paint("bold", name),
        ...checkLines(one, outcomeOf(name), options, process.stdout).map((line) => `  ${line}`),
      ]),
      ...report.gone.map(
        (name) =>
          `${wasWritten ? paint("green", "✓") : paint("red", "✗")} ${shown} has the database ${name}, and the policy no longer.`,
      ),
      ...problemLines(report.findings, options.policy, process.stdout),
    ];
    process.stdout.write(`${lines.join("\n")}\n`);
  }
  if (!isWell) process.exitCode = 3;
}
