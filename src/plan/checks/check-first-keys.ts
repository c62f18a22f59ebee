import type { Column, Table } from "../../contracts.ts";
import type { Finding } from "../../errors.ts";
import { tableName } from "../../table-ref.ts";
import type { ColumnPlan } from "../plan.ts";
import type { Trial } from "./check-outputs.ts";

/** Whether a column is a primary key of numbers by itself: most of them are counted from 1 on. */
export function isCountedKey({ uniqueKeys }: Table, { name, kind }: Column): boolean {
  return (
    kind === "integer" && uniqueKeys.some(({ columns, isPrimary }) => isPrimary && columns.length === 1 && columns[0] === name)
  );
}

/** A mask of longer numbers that cannot handle those of one digit stops a run at the key's first row. */
export function checkFirstKeys(table: Table, { column, rule }: ColumnPlan, { inputs, outputs }: Trial): readonly Finding[] {
  if (rule === null || rule.onUnsupported !== "fail" || !isCountedKey(table, column)) return [];
  const isHandled = (form: RegExp) => inputs.some((input, index) => form.test(input) && outputs[index] !== undefined);
  if (isHandled(/^[1-9]$/) || !isHandled(/^[1-9]\d+$/)) return [];
  const name = tableName(table.ref);
  return [
    {
      code: "VALUE_UNSUPPORTED",
      severity: "warning",
      message: `${rule.transform.name} cannot handle numbers of one digit, and a key such as ${name}.${column.name} is mostly counted from 1 on: the run would stop there.`,
      table: name,
      column: column.name,
      hint: "Use tokenize, which takes small numbers as well.",
    },
  ];
}
