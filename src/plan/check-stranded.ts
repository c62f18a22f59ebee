import type { PointingRows } from "../contracts.ts";
import type { Finding } from "../errors.ts";
import type { Policy } from "../policy/define-policy.ts";
import { tableName } from "../table-ref.ts";
import { isLeft } from "./select-tables.ts";

/**
 * Rows that stay in the target while the rows that they point to are replaced. Whether each finds its parent again shows only when all rows are in, so
 * the user must say that it is meant.
 */
export function checkStranded(policy: Policy, pointing: readonly PointingRows[]): readonly Finding[] {
  return pointing
    .filter(({ from }) => !isLeft(policy, from))
    .map(({ from, key, to }): Finding => {
      const [child, parent] = [tableName(from), tableName(to)];
      return {
        code: "REFERENCE_STRANDED",
        severity: "error",
        message: `The target's ${child} is not copied, and its rows point to rows of ${parent} (${key}), which are replaced.`,
        table: child,
        hint: `Copy ${child} as well, empty it, or write "${child}": "leave" where its rows find their parents among the new ones.`,
      };
    });
}
