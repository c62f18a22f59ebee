import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Finding } from "./errors.ts";
import { type KeyProvider, type MaskingKey, resolveMaskingKey } from "./keys/masking-key.ts";
import { checkJoins } from "./plan/checks/check-joins.ts";
import { compareLocks } from "./plan/locks/compare-locks.ts";
import type { Lock } from "./plan/locks/lock.ts";
import type { LockDifference } from "./plan/locks/lock-difference.ts";
import { readAnyLock } from "./plan/locks/lock-file.ts";
import { isOfDatabases, type LockOfDatabases, lockOfDatabase } from "./plan/locks/lock-of-databases.ts";
import { lockOf } from "./plan/locks/lock-plan.ts";
import type { Plan } from "./plan/plan.ts";
import { parseOne } from "./policy/databases-of.ts";
import type { Policy } from "./policy/define-policy.ts";
import { parsePolicy } from "./policy/parse/parse-policy.ts";
import { isNamed, lockFor, type PlanOptions, planInto } from "./refresh.ts";
import { requireDatabases, within } from "./refresh-databases.ts";

/** What `checkRefresh` goes by: which lock to compare with, and which key, beside what every plan may say. */
export interface CheckOptions extends PlanOptions {
  /** What `standin check --write` wrote, or its file. Without one, only the plan is checked. */
  readonly lock?: Lock | LockOfDatabases | string | undefined;
  /**
   * The secret, to compare its fingerprint. A check needs none.
   * @default the environment variable that the policy's `keyVariable` names, else STANDIN_KEY, where it is set
   */
  readonly key?: KeyProvider | undefined;
}

/** What a check found. All is well where `differences` is empty and no finding is an error. */
export interface CheckReport {
  readonly plan: Plan;
  /** What there was to compare with, null where there was nothing. */
  readonly former: Lock | null;
  /** The lock as things are now: `writeLock` accepts it. */
  readonly lock: Lock;
  /** False where the policy names no target: then the source alone was looked at, and nothing says whether its rows fit. The lock is the same. */
  readonly isTargetChecked: boolean;
  /** Fingerprint of the key that was compared, null where none is set. */
  readonly keyFingerprint: string | null;
  /** What is not as the former lock has it, each thing once. */
  readonly differences: readonly LockDifference[];
  /** What is wrong with the plan itself, and what is worth knowing. */
  readonly findings: readonly Finding[];
}

/**
 * Compares schema, policy, key and corpus with the lock that was committed, and compiles the plan: what CI asks before a row moves. Reads catalogs, no row.
 *
 * @example
 * const { differences, findings } = await checkRefresh(policy, { lock: "standin.lock.json" });
 * if (differences.length > 0) throw new Error(differences.map(({ message }) => message).join("\\n"));
 */
export async function checkRefresh(policy: Policy, { lock, key, ...options }: CheckOptions = {}): Promise<CheckReport> {
  const { environment, database, ...others } = options;
  const given = typeof lock === "string" ? await readAnyLock(lock) : (lock ?? null);
  const checked = parseOne(policy, { environment, database });
  const former = given && lockFor(given, database);
  return compare(checked, former, await keyWhereSet(key, checked.keyVariable), others);
}

/** A folder that has no shape of its own and takes whatever comes. Nothing is written there. */
const NO_TARGET = join(tmpdir(), "standin-no-target");

async function compare(
  policy: Policy,
  former: Lock | null,
  masking: MaskingKey | null,
  options: Pick<PlanOptions, "signal" | "sample">,
): Promise<CheckReport> {
  const plan = await planInto(policy, options, NO_TARGET);
  const now = await lockOf(plan, policy, masking);
  return {
    plan,
    former,
    // A check without a key says nothing about the key, and so takes nothing back.
    lock: masking === null && former !== null ? { ...now, key: former.key } : now,
    isTargetChecked: isNamed(policy),
    keyFingerprint: masking?.fingerprint ?? null,
    differences: former === null ? [] : compareLocks(former, now, plan.unselected),
    findings: [...plan.findings, ...unlockedKey(former, masking)],
  };
}

/** What a check of several databases found. All is well where no `differences` are anywhere and no finding is an error. */
export interface CheckOfDatabases {
  readonly databases: ReadonlyMap<string, CheckReport>;
  /** What there was to compare with, null where there was nothing. */
  readonly former: LockOfDatabases | null;
  /** The lock as things are now. */
  readonly lock: LockOfDatabases;
  /** Databases that the lock has and the policy no longer. */
  readonly gone: readonly string[];
  /** What is wrong with the databases beside one another: columns that join and map differently. */
  readonly findings: readonly Finding[];
}

/** As `checkRefresh`, for a policy of several databases: one lock for all of them. A database that the lock does not have yet has no `former`. */
export async function checkDatabases(policy: Policy, { lock, key, ...options }: CheckOptions = {}): Promise<CheckOfDatabases> {
  const given = typeof lock === "string" ? await readAnyLock(lock) : (lock ?? null);
  const checked = parsePolicy(policy, { environment: options.environment });
  const parts = requireDatabases(checked);
  if (given !== null && !isOfDatabases(given)) lockOfDatabase(given, [...parts.keys()][0]!);
  const former = given as LockOfDatabases | null;
  const masking = await keyWhereSet(key, checked.keyVariable);
  const databases = new Map<string, CheckReport>();
  for (const [name, one] of parts) {
    const own = former?.databases[name] ?? null;
    databases.set(name, await within(name, () => compare(one, own, masking, options)));
  }
  return {
    databases,
    former,
    lock: { version: 1, databases: Object.fromEntries([...databases].map(([name, { lock }]) => [name, lock])) },
    gone: Object.keys(former?.databases ?? {}).filter((name) => !parts.has(name)),
    findings: checkJoins(checked, new Map([...databases].map(([name, { plan }]) => [name, plan]))),
  };
}

async function keyWhereSet(key: KeyProvider | undefined, variable = "STANDIN_KEY"): Promise<MaskingKey | null> {
  const isGiven = key !== undefined || (process.env[variable] ?? "") !== "";
  return isGiven ? resolveMaskingKey(key, process.env, variable) : null;
}

function unlockedKey(former: Lock | null, key: MaskingKey | null): readonly Finding[] {
  if (former === null || former.key !== null || key === null) return [];
  return [
    {
      code: "LOCK_MISMATCH",
      severity: "warning",
      message: "The lock was written without a key, so another key would not be noticed.",
      hint: "Write it anew with STANDIN_KEY set: npx standin check --write.",
    },
  ];
}
