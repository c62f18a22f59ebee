import { refresh } from "../refresh.ts";
import { printReport } from "./print-report.ts";
import { type PolicyOptions, readPolicy } from "./read-policy.ts";
import { showProgress } from "./show-progress.ts";

/** `standin run` */
export async function runCommand(options: PolicyOptions, signal: AbortSignal): Promise<void> {
  const { policy } = await readPolicy(options);
  const progress = showProgress(options);
  try {
    const report = await refresh(policy, { signal, onProgress: progress.onProgress });
    progress.end();
    printReport(report, options);
  } finally {
    progress.end();
  }
}
