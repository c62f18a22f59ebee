import { loadPolicy } from "../policy/load-policy.ts";
import { refresh } from "../refresh.ts";
import { importModule } from "./import-module.ts";
import type { CliContext } from "./print-error.ts";
import { printReport } from "./print-report.ts";
import { showProgress } from "./show-progress.ts";

export interface PolicyOptions extends CliContext {
  readonly policy?: string | undefined;
}

/** `standin run` */
export async function runCommand(options: PolicyOptions, signal: AbortSignal): Promise<void> {
  const { policy } = await loadPolicy(options.policy, process.cwd(), importModule);
  const progress = showProgress(process.stderr, options.json === true);
  try {
    const report = await refresh(policy, { signal, onProgress: progress.onProgress });
    progress.end();
    printReport(report, options);
  } finally {
    progress.end();
  }
}
