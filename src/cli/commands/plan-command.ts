import { fingerprintPlan } from "../../plan/plan-fingerprint.ts";
import { databasesOf } from "../../policy/databases-of.ts";
import type { Policy } from "../../policy/define-policy.ts";
import type { LoadedPolicy } from "../../policy/read/load-policy.ts";
import { planRefresh } from "../../refresh.ts";
import { planDatabases } from "../../refresh-databases.ts";
import { type PolicyOptions, readPolicy } from "../read-policy.ts";
import { describePlan } from "../show/describe-plan.ts";
import { planLines } from "../show/plan-lines.ts";
import { problemLines } from "../show/print-error.ts";
import { printJson } from "../show/print-json.ts";

export interface PlanCommandOptions extends PolicyOptions {
  readonly sample?: boolean | undefined;
}

/** `standin plan`. Exits 1 when `run` would refuse. */
export async function planCommand(options: PlanCommandOptions, signal: AbortSignal): Promise<void> {
  const loaded = await readPolicy(options);
  const databases = databasesOf(loaded.policy);
  if (databases !== null) return planAll(loaded, databases, options, signal);
  const plan = await planRefresh(loaded.policy, { signal, sample: options.sample });
  if (options.json) printJson("plan", { ...describePlan(plan), planFingerprint: await fingerprintPlan(plan) });
  else process.stdout.write(`${planLines(plan, loaded, process.stdout).join("\n")}\n`);
  if (plan.findings.some(({ severity }) => severity === "error")) process.exitCode = 1;
}

/** Each database with its plan, then what is wrong with them beside one another. */
async function planAll(
  loaded: LoadedPolicy,
  databases: ReadonlyMap<string, Policy>,
  options: PlanCommandOptions,
  signal: AbortSignal,
): Promise<void> {
  const { databases: plans, findings } = await planDatabases(loaded.policy, { signal, sample: options.sample });
  if (options.json) {
    const described = [...plans].map(async ([name, plan]) => [
      name,
      { ...describePlan(plan), planFingerprint: await fingerprintPlan(plan) },
    ]);
    printJson("plan", { databases: Object.fromEntries(await Promise.all(described)), findings });
  } else {
    const output = process.stdout;
    const parts = [...plans].flatMap(([name, plan]) => [
      ...planLines(plan, { ...loaded, policy: databases.get(name)!, database: name }, output),
      "",
    ]);
    const own = new Set([...plans.values()].flatMap((plan) => plan.findings.map(({ message }) => message)));
    const joins = findings.filter(({ message, database }) => !own.has(message.slice(`${database}: `.length)));
    const told = joins.length === 0 ? parts.slice(0, -1) : [...parts, ...problemLines(joins, loaded.file, output)];
    output.write(`${told.join("\n")}\n`);
  }
  if (findings.some(({ severity }) => severity === "error")) process.exitCode = 1;
}
