import type { ColumnValues } from "./contracts.ts";
import { isStandinError, StandinError } from "./errors.ts";
import { type KeyProvider, resolveMaskingKey } from "./keys/masking-key.ts";
import { whoIsThis, writeAudit } from "./pipeline/audit-log.ts";
import { revealColumn } from "./pipeline/reveal-column.ts";
import { findColumn } from "./plan/explain-column.ts";
import type { Lock } from "./plan/locks/lock.ts";
import type { LockOfDatabases } from "./plan/locks/lock-of-databases.ts";
import { lockOf } from "./plan/locks/lock-plan.ts";
import { refuseOtherMapping } from "./plan/locks/refuse-other-mapping.ts";
import { parseOne } from "./policy/databases-of.ts";
import type { Policy } from "./policy/define-policy.ts";
import { lockFor, lockFrom, planRefresh } from "./refresh.ts";
import { tableName } from "./table-ref.ts";

/** What `reveal` goes by. */
export interface RevealOptions {
  /** @default the environment variable that the policy's `keyVariable` names, else STANDIN_KEY */
  readonly key?: KeyProvider | undefined;
  /** Who asks, for the audit log. @default the user of this process and the machine's name */
  readonly who?: string | undefined;
  /** The lock of the run that masked the values, or its file: where key or rule are not those of then, nothing is revealed. @default none */
  readonly lock?: Lock | LockOfDatabases | string | undefined;
  /** Which of the policy's environments to take. @default what the policy says outside of them */
  readonly environment?: string | undefined;
  /** Which of the policy's databases, where it has several. */
  readonly database?: string | undefined;
  /** Stops it. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Gets originals back from values that a reversible rule masked: `encryptDigits`, `encryptId`, `encryptIp`, `encryptPhone`, `encryptText`,
 * `permuteDates`, `scramble`, integers of `tokenize`, and chains of them. Gives them in the order asked for; NULL stays NULL.
 *
 * Only for columns that the policy's `reveal` names, and only after its audit log took a line: who, when, which column, how many, which key. Never a
 * value. A value that the mask never gave becomes something that never was: encryption that keeps the format has no room to notice. Reads the
 * catalogs of source and target, which tell how the column is masked, and no row.
 *
 * @example
 * const [card] = await reveal(policy, "customers.card", ["4111119203481111"], { key });
 */
export async function reveal(
  policy: Policy,
  column: string,
  values: ColumnValues,
  { key, who = whoIsThis(), lock, environment, database, signal }: RevealOptions = {},
): Promise<ColumnValues> {
  const checked = parseOne(policy, { environment, database });
  const allowed = checked.reveal;
  // Before anything is opened.
  if (!allowed?.columns.includes(column)) {
    throw new StandinError("REVEAL_REFUSED", `The policy does not allow to reveal ${column}.`, {
      column,
      hint: `If it may be: reveal: { columns: ["${column}"], audit: "./reveal.log" }, at the top of the policy.`,
    });
  }
  const given = await lockFrom(lock);
  const locked = given && lockFor(given, database);
  const masking = await resolveMaskingKey(key, process.env, checked.keyVariable);
  const plan = await planRefresh(checked, { signal });
  const found = findColumn(plan, column);
  if (locked !== null)
    refuseOtherMapping(locked, await lockOf(plan, checked, masking), tableName(found.table.table.ref), found.column);
  await writeAudit(allowed.audit, {
    at: new Date().toISOString(),
    who,
    column,
    count: values.length,
    key: masking.fingerprint,
  });
  try {
    return await revealColumn(found.table, found.column, masking, values);
  } catch (error) {
    if (isStandinError(error) && error.code === "VALUE_UNSUPPORTED") error.phase = "during";
    throw error;
  }
}
