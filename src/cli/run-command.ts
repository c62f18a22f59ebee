import { lockFileOf, readLock } from "../plan/lock-file.ts";
import { refresh } from "../refresh.ts";
import { printReport } from "./print-report.ts";
import { type PolicyOptions, readPolicy } from "./read-policy.ts";
import { showProgress } from "./show-progress.ts";
import { pauseOnSignal, type SourceOptions, sourceLimits } from "./source-options.ts";

export interface RunCommandOptions extends PolicyOptions, SourceOptions {
  readonly telemetry?: true | undefined;
  readonly lock?: string | undefined;
}

/** `standin run`. Where a lock lies beside the policy, nothing runs that differs from it. */
export async function runCommand(options: RunCommandOptions, signal: AbortSignal): Promise<void> {
  const { policy, file } = await readPolicy(options);
  const lock = options.lock ?? (await readLock(lockFileOf(file, options.env))) ?? undefined;
  const progress = showProgress(options);
  try {
    const report = await refresh(policy, {
      signal,
      lock,
      onProgress: progress.onProgress,
      sourceLimits: sourceLimits(options),
      pauseSwitch: pauseOnSignal(),
      telemetry: options.telemetry,
    });
    progress.end();
    printReport(report, options);
  } finally {
    progress.end();
  }
}
