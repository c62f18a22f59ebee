import { relative } from "node:path";
import { type Finding, isStandinError, type Place, type StandinError } from "../../errors.ts";
import { inertText } from "../../policy/parse/written-name.ts";
import { coveragePatch } from "../policy-patch.ts";
import { logLine } from "./log-line.ts";
import { type Paint, paintFor } from "./paint.ts";
import { printJson } from "./print-json.ts";

/** Options that every command has. */
export interface CliContext {
  readonly json?: boolean | undefined;
  readonly debug?: boolean | undefined;
  /** What standard error holds: lines for people, or lines of a log. */
  readonly log?: "text" | "json" | undefined;
  /** The policy's path, as the user gave it. */
  readonly policy?: string | undefined;
}

/** Where and how a command tells of its errors. */
export interface ErrorStage {
  /** Where `--json` goes: the command's rows may need standard output for themselves. */
  readonly machines: NodeJS.WritableStream;
  /** What is left of a run that failed half way. */
  readonly aftermath?: string;
}

/** Whether some databases were published, and others not. */
export function isInPart(error: unknown): boolean {
  return isStandinError(error) && error.code === "PUBLISHED_IN_PART";
}

/** 1: refused before any row moved. 2: failed while rows moved. 3: a verification found something. 4: some of several databases were published. */
export function exitCodeOf(error: unknown): number {
  if (isInPart(error)) return 4;
  if (isStandinError(error) && error.code === "VERIFICATION_FAILED") return 3;
  return isStandinError(error) && error.phase === "before" ? 1 : 2;
}

/**
 * Prints one error: to standard error for people, as a line of JSON for machines. An error that is not ours may quote a value: only its kind is told.
 */
export function printError(error: unknown, context: CliContext, { machines, aftermath }: ErrorStage): void {
  const isOurs = isStandinError(error);
  const described = isOurs ? describe(error) : unforeseen(error);
  if (context.json) printJson("error", described, machines);
  // Where rows are on standard output, the one line on standard error is enough.
  if (context.log === "json") {
    if (!context.json || machines !== process.stderr) logLine("error", "error", { ...described, ...stackOf(error, context) });
    return;
  }
  if (!context.json)
    process.stderr.write(
      `${(isOurs ? errorLines(error, context, process.stderr, aftermath) : unforeseenLines(error)).join("\n")}\n`,
    );
  const { stack } = stackOf(error, context);
  if (stack !== undefined) process.stderr.write(`${stack}\n`);
}

/** The stack's frames without what stands before them: that is the message, and of a foreign error it may quote a value. */
function stackOf(error: unknown, { debug }: CliContext): { readonly stack?: string | undefined } {
  return debug && error instanceof Error ? { stack: error.stack?.replace(/^[\s\S]*?(?=\n\s+at )/, "") } : {};
}

function describe(error: StandinError) {
  const { code, message, hint, findings, database, table, column, row, file, line, columnNumber, offset, phase } = error;
  const { isResumable, isPublished, published } = error;
  const kept = {
    ...(isResumable && { isResumable }),
    ...(isPublished && { isPublished }),
    ...(published.length > 0 && { published }),
  };
  return { code, message, hint, database, table, column, row, file, line, columnNumber, offset, phase, ...kept, findings };
}

function unforeseen(error: unknown) {
  const name = error instanceof Error ? error.name : typeof error;
  return { code: "UNFORESEEN", message: `Something unforeseen happened (${name}).` };
}

function unforeseenLines(error: unknown): readonly string[] {
  const paint = paintFor(process.stderr);
  const hint = "This is a defect of standin: run again with --debug to see where, and report it.";
  return [`${paint("red", "✗")} ${unforeseen(error).message}`, `  ${paint("cyan", "→")} ${hint}`];
}

/** Messages quote names of tables and columns, which may hold anything: no sign of theirs commands the terminal. The message with its code; the place where the message does not name it; what is wrong, where that is several things; what to do. */
export function errorLines(
  error: StandinError,
  { policy }: CliContext,
  output: NodeJS.WritableStream,
  aftermath?: string,
): readonly string[] {
  const { code, message, hint, findings, file, phase } = error;
  const paint = paintFor(output);
  const [only] = findings.length === 1 ? findings : [];
  const lines = [`${paint("red", "✗")} ${inertText(message)} ${paint("dim", `[${only?.code ?? code}]`)}`];
  if (error.line !== undefined && file !== undefined) lines.push(`  ${paint("dim", `at ${placeText(error)}`)}`);
  else if (file !== undefined && !message.includes(file)) lines.push(`  ${paint("dim", `in ${inertText(file)}`)}`);
  const saysHowItEnded = isInPart(error) || error.isPublished || message.includes("target is as it was");
  if (phase === "during" && aftermath !== undefined && !saysHowItEnded) lines.push(`  ${aftermath}`);
  if (error.isResumable) lines.push("  What is done is kept in the target: go on with `standin run --resume`.");
  if (findings.length > 1) {
    lines.push(...problemLines(findings, policy, output, code));
    if (hint !== undefined) lines.push(`  ${paint("cyan", "→")} ${inertText(hint)}`);
  } else if (only?.code === "COLUMN_UNCOVERED") lines.push(...patchLines(findings, policy, paint));
  else if (hint !== undefined) lines.push(`  ${paint("cyan", "→")} ${inertText(hint)}`);
  return lines;
}

/** Findings, each with its hint in a second line; for columns without a rule one patch for all stands in the place of a hint for each. */
export function problemLines(
  findings: readonly Finding[],
  policyFile: string | undefined,
  output: NodeJS.WritableStream,
  codeAbove?: string,
): readonly string[] {
  const paint = paintFor(output);
  const lines = findings.flatMap((finding) => {
    const { severity, code, message, hint } = finding;
    const sign = severity === "error" ? paint("red", "✗") : paint("yellow", "!");
    const place = finding.line === undefined ? "" : paint("dim", `${placeText(finding)} `);
    const line = `  ${sign} ${place}${inertText(message)}${code === codeAbove ? "" : paint("dim", ` [${code}]`)}`;
    return hint === undefined || code === "COLUMN_UNCOVERED" ? [line] : [line, `      ${paint("cyan", "→")} ${inertText(hint)}`];
  });
  return [...lines, ...patchLines(findings, policyFile, paint)];
}

/** `standin.policy.yaml:12:5`, which terminals and editors open. */
function placeText({ file = "", line, columnNumber }: Place): string {
  return `${inertText(relative(process.cwd(), file))}:${line}:${columnNumber}`;
}

function patchLines(findings: readonly Finding[], policyFile: string | undefined, paint: Paint): readonly string[] {
  const patch = coveragePatch(findings, policyFile);
  if (patch.length === 0) return [];
  const hint = `  ${paint("cyan", "→")} Decide about ${findings.length === 1 ? "it" : "each"} in the policy: keep, or the transform that it needs.`;
  return [hint, ...patch.map((line) => `      ${line}`)];
}
