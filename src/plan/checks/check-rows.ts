import type { Table } from "../../contracts.ts";
import type { Finding } from "../../errors.ts";
import { tableName } from "../../table-ref.ts";
import type { ColumnPlan } from "../plan.ts";

/** Among fewer rows a moved value is found again by looking. */
const FEW_ROWS = 20;

/** A transform that moves values between rows hides nothing in a handful of them. */
export function checkRows(table: Table, columns: readonly ColumnPlan[]): readonly Finding[] {
  const { rowEstimate } = table;
  if (rowEstimate === null || rowEstimate >= FEW_ROWS || rowEstimate <= 0) return [];
  const name = tableName(table.ref);
  return columns.flatMap(({ column, rule }): Finding[] => {
    if (rule === null || rule.transform.windowRows(rule.options) <= 1) return [];
    return [
      {
        code: "TOO_FEW_ROWS",
        severity: "error",
        message: `${rule.transform.name} on ${name}.${column.name} needs at least ${FEW_ROWS} rows, and ${name} has about ${rowEstimate}.`,
        table: name,
        column: column.name,
        hint: "Use fake, redact or nullify.",
      },
    ];
  });
}
