import { isDeepStrictEqual } from "node:util";
import { StandinError } from "../../errors.ts";
import { ruleOf } from "./compare-rules.ts";
import type { Lock, LockedColumn } from "./lock.ts";

/**
 * Throws LOCK_MISMATCH where a column's values were masked otherwise than now, by all that the lock of their run tells: another key, rule or type has another way
 * back, and would give originals that never were.
 */
export function refuseOtherMapping(lock: Lock, now: Lock, table: string, column: string): void {
  const [former, present] = [lock, now].map((one) => columnIn(one, table, column));
  const why = former === undefined || present === undefined ? "there was no such column" : whyOther(lock, now, former, present);
  if (why === null) return;
  throw new StandinError("LOCK_MISMATCH", `${table}.${column}: ${why} when the lock was written, so nothing is revealed.`, {
    table,
    column,
    hint: "Take the key and the policy of the run that masked the values.",
  });
}

function whyOther(lock: Lock, now: Lock, former: LockedColumn, present: LockedColumn): string | null {
  if (lock.key !== null && lock.key !== now.key) return `the key was another one, ${lock.key} and not ${now.key},`;
  if (lock.mapping !== now.mapping) return `the mapping of transforms was ${lock.mapping} and not ${now.mapping}`;
  if (former.type !== present.type) return `its type was ${former.type} and not ${present.type}`;
  return isDeepStrictEqual(ruleOf(former), ruleOf(present)) ? null : "its rule was another one";
}

function columnIn({ tables }: Lock, table: string, column: string): LockedColumn | undefined {
  return tables.find((one) => one.table === table)?.columns.find((one) => one.column === column);
}
