import type { PointingRows } from "../../contracts.ts";
import type { Finding } from "../../errors.ts";
import type { Policy } from "../../policy/define-policy.ts";
import { isSameTable, tableName } from "../../table-ref.ts";
import type { Plan } from "../plan.ts";
import { isLeft } from "../select-tables.ts";

/**
 * Rows that stay in the target while the rows that they point to are replaced. Where the key that they point to is masked they find no parent again, but by the
 * user's word; where it is kept they may, and the target's server looks when all rows are in.
 */
export function checkStranded(policy: Policy, { tables }: Plan, pointing: readonly PointingRows[]): readonly Finding[] {
  return pointing
    .filter(({ from }) => !isLeft(policy, from))
    .map(({ from, key, to, columns }): Finding => {
      const [child, parent] = [tableName(from), tableName(to)];
      const plan = tables.find(({ table }) => isSameTable(table.ref, to));
      const masked = plan?.columns.find(({ column, decision }) => decision === "mask" && columns.includes(column.name));
      const change = masked === undefined ? "are replaced" : `are replaced, with ${masked.column.name} masked`;
      return {
        code: "REFERENCE_STRANDED",
        severity: masked === undefined ? "warning" : "error",
        message: `The target's ${child} is not copied, and its rows point to rows of ${parent} (${key}), which ${change}.`,
        table: child,
        hint: `Copy ${child} as well, empty it, or write "${child}": "leave" where its rows find their parents among the new ones; the run stops where they do not.`,
      };
    });
}
