import type { Table } from "../../contracts.ts";
import type { Finding } from "../../errors.ts";
import { isUntyped } from "../../system-traits.ts";
import { tableName } from "../../table-ref.ts";
import type { ColumnPlan } from "../plan.ts";

/** A column about which a person must still decide stops the run. A foreign key waits with the column that it points to, which alone is told. */
export function checkReview(table: Table, columns: readonly ColumnPlan[]): readonly Finding[] {
  const name = tableName(table.ref);
  return columns.flatMap(({ column, rule, inheritedFrom }): Finding[] => {
    const question = rule?.transform.openQuestion(rule.options) ?? null;
    if (question === null || inheritedFrom !== null) return [];
    return [
      {
        code: "REVIEW_NEEDED",
        severity: "error",
        message: `${name}.${column.name} (${isUntyped(column) ? column.kind : column.type}) waits for a decision: ${question}.`,
        table: name,
        column: column.name,
        hint: "Put keep, or the transform that it needs, in the place of review.",
      },
    ];
  });
}
