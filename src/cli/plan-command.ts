import { fingerprintPlan } from "../plan/plan-fingerprint.ts";
import { planRefresh } from "../refresh.ts";
import { describePlan } from "./describe-plan.ts";
import { planLines } from "./plan-lines.ts";
import { printJson } from "./print-json.ts";
import { type PolicyOptions, readPolicy } from "./read-policy.ts";

export interface PlanCommandOptions extends PolicyOptions {
  readonly sample?: boolean | undefined;
}

/** `standin plan`. Exits 1 when `run` would refuse. */
export async function planCommand(options: PlanCommandOptions, signal: AbortSignal): Promise<void> {
  const loaded = await readPolicy(options);
  const plan = await planRefresh(loaded.policy, { signal, sample: options.sample });
  if (options.json) printJson("plan", { ...describePlan(plan), planFingerprint: await fingerprintPlan(plan) });
  else process.stdout.write(`${planLines(plan, loaded, process.stdout).join("\n")}\n`);
  if (plan.findings.some(({ severity }) => severity === "error")) process.exitCode = 1;
}
