import type { StandinError } from "../../errors.ts";
import { refuseForeign } from "./postgres-dump-head.ts";
import type { ForeignByte } from "./postgres-dump-lexer.ts";
import { refused } from "./postgres-dump-statements.ts";

/** The error of a byte that psql would act upon. `offset` is where in the dump the bytes begin that it was found in. */
export function foreignByte({ at, what }: ForeignByte, offset: number): StandinError {
  const suspicious = "Do not restore this dump: ask where it comes from.";
  const told = {
    command: [
      "The dump holds a command for psql at a place where no dump has one.",
      `psql would run it, on the machine that restores. ${suspicious}`,
    ],
    zero: [
      "The dump holds a byte that no dump has (zero, or a carriage return).",
      "Have it written by pg_dump anew, with newlines alone at its lines' ends.",
    ],
    escape: ["The dump holds a text whose end hangs on settings.", `Have it written by pg_dump anew. ${suspicious}`],
    end: ["The dump holds rows that end for a server where they go on for psql.", suspicious],
  }[what];
  return refused(told[0]!, offset + at, told[1]!);
}

/** Throws where the first bytes are those of something else than a plain dump. */
export function refuseOther(bytes: Buffer): void {
  const foreign = refuseForeign(bytes);
  if (foreign !== null) throw refused(`The dump ${foreign.what}.`, 0, foreign.hint);
}

export function brokenOff(offset: number): StandinError {
  const hint = "Make it again, and look at pg_dump's exit code (set -o pipefail).";
  return refused("The dump breaks off within a statement.", offset, hint);
}
