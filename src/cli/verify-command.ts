import { readFile, writeFile } from "node:fs/promises";
import { StandinError } from "../errors.ts";
import { resolveMaskingKey } from "../keys/masking-key.ts";
import type { Policy } from "../policy/define-policy.ts";
import { reportPage } from "../report/report-page.ts";
import type { Verification } from "../verify/verification.ts";
import { verifyRefresh } from "../verify-refresh.ts";
import { logLine } from "./log-line.ts";
import { logFinding } from "./log-progress.ts";
import { printJson } from "./print-json.ts";
import { type PolicyOptions, readPolicy } from "./read-policy.ts";
import { pauseOnSignal, type SourceOptions, sourceLimits } from "./source-options.ts";
import { verifyLines } from "./verify-lines.ts";

export interface VerifyCommandOptions extends PolicyOptions, SourceOptions {
  readonly report?: string | undefined;
  readonly warningsAsErrors?: boolean | undefined;
}

/** `standin verify`. Exits 3 where the copy holds what it should not, or lost what it should hold. */
export async function verifyCommand(options: VerifyCommandOptions, signal: AbortSignal): Promise<void> {
  const { report } = options;
  // Before hours of reading.
  if (report !== undefined && !/\.(html|json)$/.test(report))
    throw new StandinError("OPTION_INVALID", `--report ${report} is neither a page nor a file for machines.`, {
      hint: "Give it the ending .html or .json.",
    });
  const { policy } = await readPolicy(options);
  const log = options.log === "json" ? logLine : () => {};
  const verification = await verifyRefresh(policy, {
    signal,
    onProgress: ({ type, ...fields }) => log("info", type, fields),
    sourceLimits: sourceLimits(options),
    pauseSwitch: pauseOnSignal(),
  });
  const isClean = !verification.findings.some(
    ({ severity }) => severity === "error" || (options.warningsAsErrors === true && severity === "warning"),
  );
  if (report !== undefined) await writeReport(report, verification, policy, isClean);
  if (options.log === "json") for (const finding of verification.findings) logFinding(finding, {});
  const { leaks, findings, milliseconds } = verification;
  log("info", "verified", { ok: isClean, leaks: leaks.length, findings: findings.length, milliseconds });
  if (options.json) printJson("verification", { ok: isClean, ...verification });
  else process.stdout.write(`${verifyLines(verification, isClean, options, process.stdout).join("\n")}\n`);
  if (!isClean) process.exitCode = 3;
}

async function writeReport(file: string, verification: Verification, policy: Policy, isClean: boolean): Promise<void> {
  const facts = { at: new Date(), version: await ownVersion(), keyFingerprint: await fingerprintWhereSet(policy) };
  const text = file.endsWith(".html")
    ? reportPage(verification, facts)
    : `${JSON.stringify({ ok: isClean, ...facts, ...verification }, null, 2)}\n`;
  await writeFile(file, text);
}

/** A verification needs no key; where one is set, the report tells which. */
async function fingerprintWhereSet({ keyVariable = "STANDIN_KEY" }: Policy): Promise<string | null> {
  if ((process.env[keyVariable] ?? "") === "") return null;
  return (await resolveMaskingKey(undefined, process.env, keyVariable)).fingerprint;
}

async function ownVersion(): Promise<string> {
  return (JSON.parse(await readFile(new URL("../package.json", import.meta.url), "utf8")) as { version: string }).version;
}
