import type { StandIn } from "../../contracts.ts";
import type { Finding } from "../../errors.ts";
import { tableName } from "../../table-ref.ts";
import { type Plan, variantsOf } from "../plan.ts";

/** The texts that the policy puts into whole columns, for the target's server to read: only it knows every type's form. */
export function standInsOf({ tables }: Plan): readonly StandIn[] {
  return tables.flatMap(({ table, columns }) =>
    columns.flatMap(variantsOf).flatMap(({ column, decision, rule }): StandIn[] => {
      const text = decision === "mask" && rule !== null ? rule.transform.onlyOutput(rule.options, column) : null;
      return text === null ? [] : [{ table: table.ref, column, text }];
    }),
  );
}

/** What is said of those that the target does not hold. What the plan refuses already needs no second word. */
export function checkStandIns({ findings }: Plan, refused: readonly StandIn[]): readonly Finding[] {
  return refused.flatMap(({ table, column }): Finding[] => {
    const name = tableName(table);
    const isRefused = findings.some((one) => one.severity === "error" && one.table === name && one.column === column.name);
    if (isRefused) return [];
    return [
      {
        code: "OPTION_INVALID",
        severity: "error",
        message: `The target's ${name}.${column.name} does not hold the constant that the policy gives it: it is no value of its type.`,
        table: name,
        column: column.name,
        hint: "Write it as the server writes a value of this type.",
      },
    ];
  });
}
