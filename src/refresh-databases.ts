import { StandinError } from "./errors.ts";
import { findingIn, inDatabase } from "./pipeline/errors-of-databases.ts";
import { JoinedProgress, joinReports } from "./pipeline/join-reports.ts";
import type { OnProgress } from "./pipeline/progress.ts";
import type { Report } from "./pipeline/report.ts";
import type { RunGates } from "./pipeline/run.ts";
import { type GatedRun, runTogether } from "./pipeline/run-together.ts";
import { checkJoins } from "./plan/checks/check-joins.ts";
import type { Lock } from "./plan/locks/lock.ts";
import { type LockOfDatabases, lockOfDatabase, refuseOtherDatabases } from "./plan/locks/lock-of-databases.ts";
import type { Plan } from "./plan/plan.ts";
import { databasesOf } from "./policy/databases-of.ts";
import type { Policy } from "./policy/define-policy.ts";
import { parsePolicy } from "./policy/parse/parse-policy.ts";
import { type PlanOptions, planRefresh } from "./refresh.ts";

/** How one of several databases is run. */
export interface GatedOptions {
  readonly lock: Lock | null;
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
  readonly gates: RunGates;
}

export interface RefreshTogetherOptions {
  readonly lock: Lock | LockOfDatabases | null;
  readonly parallel: boolean;
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
  /** Runs a policy with one source. */
  run(policy: Policy, options: GatedOptions): Promise<Report>;
}

/** Refreshes all databases of a policy as one: all are published, or none. */
export async function refreshTogether(
  policy: Policy,
  databases: ReadonlyMap<string, Policy>,
  { lock, parallel, signal, onProgress, run }: RefreshTogetherOptions,
): Promise<Report> {
  const started = performance.now();
  if (lock !== null) refuseOtherDatabases(lock, [...databases.keys()]);
  const progress = new JoinedProgress(onProgress);
  const runs = new Map(
    [...databases].map(([name, one]): [string, GatedRun] => [
      name,
      (gates, signal) => {
        const own = lock === null ? null : lockOfDatabase(lock, name);
        return run(one, { lock: own, signal, gates, onProgress: progress.of(name) });
      },
    ]),
  );
  const reports = await runTogether(runs, {
    ...{ signal, parallel },
    check: (plans) => checkJoins(policy, plans),
    onPlanned: () => progress.planned(),
  });
  const report = await joinReports(reports, Math.round(performance.now() - started));
  try {
    onProgress({ type: "finished", rows: report.rows, milliseconds: report.milliseconds });
  } catch {
    // All are published: a listener can make none of it undone.
  }
  return report;
}

/** What `refresh` would do in each of a policy's databases. */
export interface PlanOfDatabases {
  readonly databases: ReadonlyMap<string, Plan>;
  /** All that is wrong or worth knowing: of each database, and of them beside one another. */
  readonly findings: PlanFindings;
}

type PlanFindings = Plan["findings"];

/**
 * Says what `refresh` would do with a policy of several databases, as `planRefresh` does for one: also where columns that join across them map differently.
 *
 * @example
 * const { databases, findings } = await planDatabases(policy);
 * for (const [name, { tables }] of databases) console.log(name, tables.length);
 */
export async function planDatabases(policy: Policy, options: PlanOptions = {}): Promise<PlanOfDatabases> {
  const checked = parsePolicy(policy, { environment: options.environment });
  const parts = requireDatabases(checked);
  const plans = new Map<string, Plan>();
  for (const [name, one] of parts) {
    const { environment: _, ...others } = options;
    plans.set(name, await within(name, () => planRefresh(one, others)));
  }
  return { databases: plans, findings: findingsOf(checked, plans) };
}

/** All that is wrong with plans, each by itself and beside one another. */
export function findingsOf(policy: Policy, plans: ReadonlyMap<string, Plan>): PlanFindings {
  const own = [...plans].flatMap(([name, { findings }]) => findings.map((finding) => findingIn(finding, name)));
  return [...own, ...checkJoins(policy, plans)];
}

/** Has an error tell its database. */
export async function within<Result>(database: string, what: () => Promise<Result>): Promise<Result> {
  return what().catch((error: unknown) => {
    throw inDatabase(error, database);
  });
}

export function requireDatabases(policy: Policy): ReadonlyMap<string, Policy> {
  const databases = databasesOf(policy);
  if (databases !== null) return databases;
  throw new StandinError("OPTION_INVALID", "The policy has one source, and not several databases.", {
    hint: "Use planRefresh, or checkRefresh for a check.",
  });
}
