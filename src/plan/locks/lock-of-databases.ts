import { StandinError } from "../../errors.ts";
import type { Lock } from "./lock.ts";

/** The locks of a policy's databases, in one file. */
export interface LockOfDatabases {
  /** Of this form of the file. */
  readonly version: 1;
  readonly databases: { readonly [name: string]: Lock };
}

export function isOfDatabases(lock: Lock | LockOfDatabases): lock is LockOfDatabases {
  return "databases" in lock;
}

/** The part of one database. Throws LOCK_MISMATCH where the lock is not of this policy's form, or lacks the database. */
export function lockOfDatabase(lock: Lock | LockOfDatabases, name: string): Lock {
  const found = isOfDatabases(lock) && Object.hasOwn(lock.databases, name) ? lock.databases[name] : undefined;
  if (found !== undefined) return found;
  const has = isOfDatabases(lock) ? `does not have the database ${name}` : "is of a policy with one source";
  throw new StandinError("LOCK_MISMATCH", `The lock ${has}; nothing was read or written.`, { database: name, hint: ACCEPT });
}

/** Throws LOCK_MISMATCH for a lock of other databases than the policy's. */
export function refuseOtherDatabases(lock: Lock | LockOfDatabases, names: readonly string[]): void {
  for (const name of names) lockOfDatabase(lock, name);
  const gone = isOfDatabases(lock) ? Object.keys(lock.databases).filter((name) => !names.includes(name)) : [];
  if (gone.length === 0) return;
  throw new StandinError("LOCK_MISMATCH", `The lock has ${gone.join(", ")} besides the policy's databases.`, { hint: ACCEPT });
}

/** The part of a policy with one source. */
export function lockOfOne(lock: Lock | LockOfDatabases): Lock {
  if (!isOfDatabases(lock)) return lock;
  throw new StandinError("LOCK_MISMATCH", "The lock is of several databases, and the policy has one source.", { hint: ACCEPT });
}

const ACCEPT = "If that is meant: npx standin check --write, and commit the lock.";
