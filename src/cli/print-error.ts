import { styleText } from "node:util";
import { type Finding, isStandinError } from "../errors.ts";

/** Options that every command has. */
export interface CliContext {
  readonly json?: boolean | undefined;
  readonly debug?: boolean | undefined;
}

/** 1: refused before any row moved. 2: failed while rows moved. */
export function exitCodeOf(error: unknown): number {
  return isStandinError(error) && error.phase === "before" ? 1 : 2;
}

/** Prints one error: to standard error for people, to standard output as JSON for machines. What is not ours may quote a value and is not shown. */
export function printError(error: unknown, { json, debug }: CliContext): void {
  if (!isStandinError(error)) {
    const name = error instanceof Error ? error.name : typeof error;
    const message = `Something unforeseen happened (${name}).`;
    if (json) process.stdout.write(`${JSON.stringify({ error: { code: "UNFORESEEN", message } })}\n`);
    else process.stderr.write(`${styleText("red", "✗")} ${message} This is a defect of standin; --debug shows where.\n`);
    // The stack's frames, without its first line: that is the message, which may quote a value.
    if (debug && error instanceof Error) process.stderr.write(`${error.stack?.replace(/^[\s\S]*?(?=\n\s+at )/, "")}\n`);
    return;
  }
  const { code, message, hint, findings, table, column, row, file, offset, phase } = error;
  if (json) {
    process.stdout.write(
      `${JSON.stringify({ error: { code, message, hint, table, column, row, file, offset, phase, findings } })}\n`,
    );
    return;
  }
  const lines = [`${styleText("red", "✗")} ${message} ${styleText("dim", `[${code}]`)}`];
  if (findings.length > 1) lines.push(...findings.flatMap(findingLines));
  if (hint !== undefined) lines.push(`  ${styleText("cyan", "→")} ${hint}`);
  if (debug) lines.push(error.stack ?? "");
  process.stderr.write(`${lines.join("\n")}\n`);
}

/** A finding in a line, its hint in another. */
export function findingLines({ severity, code, message, hint }: Finding): readonly string[] {
  const sign = severity === "error" ? styleText("red", "✗") : styleText("yellow", "!");
  const line = `  ${sign} ${message} ${styleText("dim", `[${code}]`)}`;
  return hint === undefined ? [line] : [line, `      ${styleText("cyan", "→")} ${hint}`];
}
