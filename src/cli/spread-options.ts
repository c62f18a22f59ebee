import { type Command, InvalidArgumentError } from "commander";
import type { RefreshOptions } from "../refresh.ts";

/** What the flags of `withSpread` say. */
export type SpreadOptions = Pick<RefreshOptions, "workers" | "resumable" | "resume">;

/** Adds the flags for a long run. */
export function withSpread(command: Command): Command {
  return command
    .option("--workers <count>", "threads that read, mask and write out rows (default: 1)", wholeNumber)
    .option("--resumable", "keep in the target what is done of a run that breaks off, unseen until all is in")
    .option("--resume", "go on with a run that was resumable and broke off");
}

export function spreadOptions({ workers, resumable, resume }: SpreadOptions): SpreadOptions {
  return { workers, resumable, resume };
}

function wholeNumber(text: string): number {
  const value = /^[1-9]\d{0,3}$/.test(text.trim()) ? Number(text) : Number.NaN;
  if (Number.isNaN(value)) throw new InvalidArgumentError("It must be a whole number from 1.");
  return value;
}
