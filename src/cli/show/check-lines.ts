import type { CheckReport } from "../../check-refresh.ts";
import { unexplained } from "../../plan/locks/lock-difference.ts";
import { inertText } from "../../policy/parse/written-name.ts";
import { counted } from "../../written-numbers.ts";
import type { CheckCommandOptions, CheckOutcome } from "../commands/check-command.ts";
import { lockPatch } from "../lock-patch.ts";
import { type Paint, paintFor } from "./paint.ts";
import { problemLines } from "./print-error.ts";

/** A check as a person reads it: what changed, what is wrong, what to paste, and how to accept it. */
export function checkLines(
  report: CheckReport,
  outcome: CheckOutcome,
  options: CheckCommandOptions,
  output: NodeJS.WritableStream,
): readonly string[] {
  const paint = paintFor(output);
  const { differences } = report;
  const accepted = outcome.wasWritten ? paint("green", "✓") : paint("red", "✗");
  const told = unexplained(report.findings, differences);
  // What the patch below answers needs no hint of its own.
  const findings = told.filter(({ code }) => code !== "COLUMN_UNCOVERED");
  const uncovered = told.length - findings.length;
  const patch = lockPatch(report, options.policy);
  return [
    ...differences.flatMap(({ message, hint }) => [
      `  ${accepted} ${message}`,
      ...(hint === undefined || outcome.wasWritten ? [] : [`      ${paint("cyan", "→")} ${hint}`]),
    ]),
    ...problemLines(findings, options.policy, output),
    ...(uncovered === 0
      ? []
      : [`  ${paint("red", "✗")} ${counted(uncovered, "column")} without a rule${paint("dim", " [COLUMN_UNCOVERED]")}`]),
    ...(patch.length === 0
      ? []
      : [`  ${paint("cyan", "→")} In the policy, before what stands there:`, ...patch.map((line) => `      ${line}`)]),
    ...verdict(report, outcome, options, paint),
  ];
}

function verdict(
  { plan, former, lock, keyFingerprint, isTargetChecked, differences, findings }: CheckReport,
  { lockFile, wasWritten, isWell }: CheckOutcome,
  options: CheckCommandOptions,
  paint: Paint,
): readonly string[] {
  const { write, warningsAsErrors } = options;
  const accept = acceptCommand(options);
  const columns = plan.tables.reduce((sum, { table }) => sum + table.columns.length, 0);
  const size = `${counted(plan.tables.length, "table")}, ${counted(columns, "column")}`;
  const key = paint(
    "dim",
    keyFingerprint === null ? "  no key is set, so none is compared" : `  key ${keyFingerprint} · schema ${lock.schema}`,
  );
  const told = isTargetChecked
    ? [key]
    : [key, paint("dim", "  the policy's target is not set, so only the source was looked at")];
  if (wasWritten) return [`${paint("green", "✓")} Wrote ${lockFile}: ${size}. Commit it.`, ...told];
  if (isWell) return [`${paint("green", "✓")} Nothing changed: ${size} are as ${lockFile} has them.`, ...told];
  const lines = [`${paint("red", "✗")} ${sum(former !== null, differences.length, lockFile)}`];
  const hasErrors = findings.some(({ severity }) => severity === "error");
  if (hasErrors)
    lines.push(
      `  ${paint("cyan", "→")} ${write ? "Not written: decide" : "Decide"} in the policy about what is wrong with the plan, then: ${accept}`,
    );
  else if (former === null || differences.length > 0)
    lines.push(`  ${paint("cyan", "→")} ${former === null ? "Write" : "If that is meant, write"} it: ${accept}`);
  else if (warningsAsErrors) lines.push(`  ${paint("cyan", "→")} Warnings count as errors here (--warnings-as-errors).`);
  return lines;
}

/** The command that writes the lock which was asked for. */
function acceptCommand({ lock, env, only }: CheckCommandOptions): string {
  const flags = Object.entries({ lock, env, only }).flatMap(([name, value]) =>
    value === undefined ? [] : [` --${name} ${inertText(value)}`],
  );
  return `npx standin check --write${flags.join("")}`;
}

function sum(hasLock: boolean, differences: number, lockFile: string): string {
  if (!hasLock) return `There is no ${lockFile} to compare with.`;
  if (differences === 0) return `Nothing changed since ${lockFile} was written, and a run would be refused or warned about.`;
  return `${counted(differences, "thing")} ${differences === 1 ? "is" : "are"} not as ${lockFile} has ${differences === 1 ? "it" : "them"}.`;
}
