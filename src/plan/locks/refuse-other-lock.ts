import { StandinError } from "../../errors.ts";
import type { Plan } from "../plan.ts";
import { compareLocks } from "./compare-locks.ts";
import type { Lock } from "./lock.ts";
import { differenceFindings, unexplained } from "./lock-difference.ts";

/** Throws LOCK_MISMATCH, with every difference and all else that is wrong, where things are not as the lock has them. */
export function refuseOtherLock(lock: Lock, now: Lock, { findings, unselected }: Plan): void {
  const differences = compareLocks(lock, now, unselected);
  if (differences.length === 0) return;
  const all = [
    ...differenceFindings(differences),
    ...unexplained(findings, differences).filter(({ severity }) => severity === "error"),
  ];
  const accept =
    "npx standin check shows what to change in the policy; if all is meant: npx standin check --write, and commit the lock.";
  const [first] = differences;
  const message =
    differences.length === 1
      ? `${first!.message} The lock has it otherwise; nothing was read or written.`
      : `The lock has ${differences.length} things otherwise; nothing was read or written.`;
  throw new StandinError("LOCK_MISMATCH", message, {
    findings: all,
    hint: first!.hint === undefined || differences.length > 1 ? accept : `${first!.hint} ${accept}`,
    table: differences.length === 1 ? first!.table : undefined,
    column: differences.length === 1 ? first!.column : undefined,
  });
}
