import { createInterface } from "node:readline";
import { StandinError } from "../../errors.ts";
import { reveal } from "../../reveal.ts";
import { type PolicyOptions, readLockBeside, readOnePolicy } from "../read-policy.ts";
import { printJson } from "../show/print-json.ts";

export interface RevealCommandOptions extends PolicyOptions {
  readonly originalsMayLeaveTheTerminal?: boolean | undefined;
}

/** `standin reveal <table.column>`: masked values from standard input, one a line, and their originals on a terminal alone, in the same order. A lock beside the policy must have the column as it is. */
export async function revealCommand(column: string, options: RevealCommandOptions, signal: AbortSignal): Promise<void> {
  // Before anything is read. JSON would hold them as well.
  if (!process.stdout.isTTY && !options.originalsMayLeaveTheTerminal) {
    throw new StandinError("ORIGINALS_EXPOSED", "What is revealed is production data, and standard output is no terminal.", {
      hint: "Use --originals-may-leave-the-terminal if the originals may be where this goes.",
    });
  }
  const { policy, file } = await readOnePolicy(options);
  const lock = await readLockBeside(file, options);
  const values: string[] = [];
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) values.push(line);
  const originals = await reveal(policy, column, values, { signal, lock });
  for (const [index, original] of originals.entries()) {
    if (options.json) printJson("original", { column, row: index + 1, original });
    else process.stdout.write(`${original}\n`);
  }
}
