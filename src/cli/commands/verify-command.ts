import { verifyRefresh } from "../../verify-refresh.ts";
import { type PolicyOptions, readPolicy } from "../read-policy.ts";
import { logLine } from "../show/log-line.ts";
import { logFinding } from "../show/log-progress.ts";
import { printJson } from "../show/print-json.ts";
import { verifyLines } from "../show/verify-lines.ts";
import { pauseOnSignal, type SourceOptions, sourceLimits } from "../source-options.ts";
import { checkReportFile, writeReport } from "../write-report.ts";

export interface VerifyCommandOptions extends PolicyOptions, SourceOptions {
  readonly report?: string | undefined;
  readonly warningsAsErrors?: boolean | undefined;
}

/** `standin verify`. Exits 3 where the copy holds what it should not, or lost what it should hold. */
export async function verifyCommand(options: VerifyCommandOptions, signal: AbortSignal): Promise<void> {
  const { report } = options;
  const pauseSwitch = pauseOnSignal();
  await checkReportFile(report);
  const { policy } = await readPolicy(options);
  const log = options.log === "json" ? logLine : () => {};
  const verification = await verifyRefresh(policy, {
    signal,
    onProgress: ({ type, ...fields }) => log("info", type, fields),
    sourceLimits: sourceLimits(options),
    pauseSwitch,
  });
  const isClean = !verification.findings.some(
    ({ severity }) => severity === "error" || (options.warningsAsErrors === true && severity === "warning"),
  );
  if (report !== undefined) await writeReport(report, verification, policy, { ok: isClean, isPublished: true });
  if (options.log === "json") for (const finding of verification.findings) logFinding(finding, {});
  const { leaks, findings, milliseconds } = verification;
  log("info", "verified", { ok: isClean, leaks: leaks.length, findings: findings.length, milliseconds });
  if (options.json) printJson("verification", { ok: isClean, ...verification });
  else process.stdout.write(`${verifyLines(verification, isClean, options, process.stdout).join("\n")}\n`);
  if (!isClean) process.exitCode = 3;
}
