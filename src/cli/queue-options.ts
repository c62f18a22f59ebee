import { type Command, InvalidArgumentError } from "commander";
import type { QueueLocation } from "../bullmq/index.ts";
import { StandinError } from "../errors.ts";
import type { RunPart } from "../pipeline/shards/stage-part.ts";

export interface QueueOptions {
  /** True for the one that the environment names. */
  readonly queue?: string | true | undefined;
  readonly queueName?: string | undefined;
}

/** Where a URL with a password is kept from whoever lists the machine's processes. */
const VARIABLE = "STANDIN_QUEUE";

export function withQueue(command: Command, what: string): Command {
  return command
    .option("--queue [url]", `${what}: redis://… or postgres://… (without a URL: $${VARIABLE})`)
    .option("--queue-name <name>", "the queue's name, one for each policy that runs at a time (default: standin)");
}

/** Adds the flags of a run that several machines do. */
export function withMachines(command: Command): Command {
  return withQueue(command, "have `standin worker`s do the work, who wait for it at")
    .option(
      "--at-once <count>",
      "with --queue: most jobs under work at a time, of all workers together (default: 16)",
      countFromOne,
    )
    .option("--shard <part>", "do one part of the work and publish nothing: 0/4, 1/4, …; then `standin run --resume`", partFrom);
}

/** The queue that the flags name, null where they name none. Throws OPTION_INVALID. */
export function queueOf({ queue, queueName: name }: QueueOptions): QueueLocation | null {
  if (queue === undefined && name === undefined) return null;
  const connection = typeof queue === "string" ? queue : process.env[VARIABLE];
  if (connection) return { connection, name };
  throw new StandinError("OPTION_INVALID", "There is no queue.", {
    hint: `Set ${VARIABLE}, or give --queue redis://… or --queue postgres://….`,
  });
}

/** A count from 1, for a flag. */
export function countFromOne(text: string): number {
  const value = /^[1-9]\d{0,5}$/.test(text.trim()) ? Number(text) : Number.NaN;
  if (Number.isNaN(value)) throw new InvalidArgumentError("It must be a whole number from 1.");
  return value;
}

/** `2/8`: the part 2, counted from 0, of 8. */
export function partFrom(text: string): RunPart {
  const [, index, of] = /^(\d{1,6})\/([1-9]\d{0,5})$/.exec(text.trim()) ?? [];
  if (index === undefined || Number(index) >= Number(of))
    throw new InvalidArgumentError("It must be the part, from 0, and the number of parts: 0/4, 1/4, 2/4, 3/4.");
  return { index: Number(index), of: Number(of) };
}
