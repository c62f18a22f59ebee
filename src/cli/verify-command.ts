import type { Verification } from "../verify/verification.ts";
import { verifyRefresh } from "../verify-refresh.ts";
import { printJson } from "./print-json.ts";
import { type PolicyOptions, readPolicy } from "./read-policy.ts";
import { verifyLines } from "./verify-lines.ts";

export interface VerifyCommandOptions extends PolicyOptions {
  readonly warningsAsErrors?: boolean | undefined;
}

/** `standin verify`. Exits 3 where the copy holds what it should not, or lost what it should hold. */
export async function verifyCommand(options: VerifyCommandOptions, signal: AbortSignal): Promise<void> {
  const { policy } = await readPolicy(options);
  const verification = await verifyRefresh(policy, { signal });
  const isClean = !verification.findings.some(
    ({ severity }) => severity === "error" || (options.warningsAsErrors === true && severity === "warning"),
  );
  if (options.json) printJson("verification", { ok: isClean, ...verification } satisfies Verification & { ok: boolean });
  else process.stdout.write(`${verifyLines(verification, isClean, options.policy, process.stdout).join("\n")}\n`);
  if (!isClean) process.exitCode = 3;
}
