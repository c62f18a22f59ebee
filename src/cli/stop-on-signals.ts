/** What a shell expects of a program that a signal ended: 128 and the signal's number. */
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;

export interface StopSignal {
  /** Aborts at the first SIGINT or SIGTERM. */
  readonly signal: AbortSignal;
  /** Undefined while no signal came. */
  readonly exitCode: number | undefined;
  /** Lets the process end by itself. */
  release(): void;
}

/** The first signal stops the run in order; the second ends the process at once. */
export function stopOnSignals(): StopSignal {
  const controller = new AbortController();
  let exitCode: number | undefined;
  const onSignal = (signal: "SIGINT" | "SIGTERM") => {
    if (exitCode !== undefined) process.exit(exitCode);
    exitCode = EXIT_CODES[signal];
    if (process.stderr.isTTY) process.stderr.write("\nStopping, and putting the target back. Once more ends it at once.\n");
    controller.abort();
  };
  process.on("SIGINT", onSignal).on("SIGTERM", onSignal);
  return {
    signal: controller.signal,
    get exitCode() {
      return exitCode;
    },
    release: () => process.off("SIGINT", onSignal).off("SIGTERM", onSignal),
  };
}
