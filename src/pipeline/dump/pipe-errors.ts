import { isStandinError, StandinError } from "../../errors.ts";

/** What makes a dump writes its first lines even of an empty database: it failed, and its reader would take nothing for all. */
export function emptyDump(): StandinError {
  const hint = "Look at the exit code, and the errors, of what makes it (set -o pipefail).";
  return new StandinError("DUMP_INVALID", "The dump is empty.", { hint });
}

/** Every failure leaves as one StandinError that knows whether something was written. Whatever else was thrown may quote a value: it is not shown. */
export function asPipeError(error: unknown, hasWritten: boolean, signal: AbortSignal): StandinError {
  const isOurs = isStandinError(error);
  const known =
    signal.aborted && !isOurs
      ? new StandinError("ABORTED", "The run was stopped.")
      : isOurs
        ? error
        : new StandinError("SOURCE_FAILED", `The run failed (${error instanceof Error ? error.name : typeof error}).`);
  known.phase = hasWritten ? "during" : "before";
  return known;
}
