import type { Finding } from "../../errors.ts";
import { everyRule } from "../../inner-rules.ts";
import type { ClassSource } from "../../policy/class-source.ts";
import { tableName } from "../../table-ref.ts";
import { type ColumnPlan, type TablePlan, variantsOf } from "../plan.ts";

/** A transform that protects nothing may stand on columns that tell of nobody: by their names, and by what the policy says of them. */
export function checkProtection(tables: readonly TablePlan[], classes: ClassSource | null): readonly Finding[] {
  return tables.flatMap(({ table, columns }) =>
    columns.flatMap((plan): Finding[] => {
      const unprotecting = unprotectingIn(plan);
      if (unprotecting === undefined) return [];
      const place = { table: tableName(table.ref), column: plan.column.name };
      if (classes === null) {
        return [
          {
            code: "CLASSES_UNAVAILABLE",
            severity: "error",
            message: `${place.table}.${place.column}: ${unprotecting} protects nothing, and here nothing tells whether the column is personal.`,
            ...place,
            hint: "Use hash, which is keyed and as fast, or refresh(), which looks at the columns' names.",
          },
        ];
      }
      const dataClass = classes.classOf(table, plan.column);
      if (dataClass === null) return [];
      return [
        {
          code: "PROTECTION_MISSING",
          severity: "error",
          message: `${place.table}.${place.column} (${dataClass}) goes through ${unprotecting}, which protects nothing.`,
          ...place,
          hint: `Use hash, which is keyed and as fast. If the column tells of nobody, say so: classes: { "${place.table}.${place.column}": none }.`,
        },
      ];
    }),
  );
}

/** The name of a transform that protects nothing, among all that can become of a column. */
function unprotectingIn(plan: ColumnPlan): string | undefined {
  return variantsOf(plan)
    .flatMap(({ rule }) => (rule === null ? [] : everyRule(rule)))
    .find(({ transform }) => transform.protects === false)?.transform.name;
}
