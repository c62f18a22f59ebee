/** What the command's exit code says, for `--help` and the documentation. */
export const EXIT_CODES: readonly (readonly [codes: string, meaning: string])[] = [
  ["0", "done"],
  ["1", "refused before any row"],
  ["2", "failed during the run, target as it was (mask: --resume)"],
  ["3", "a check or a verification found something"],
  ["4", "of several databases some were published, others not: see the message"],
  ["130 or 143", "stopped by a signal, target as it was (mask: --resume)"],
];
