import type { Column, Table } from "../../contracts.ts";
import type { Finding } from "../../errors.ts";
import { isUntyped } from "../../system-traits.ts";
import { tableName } from "../../table-ref.ts";

/** A column without a decision stops the run: one finding for each, one patch for all of a table. */
export function checkCoverage(table: Table, uncovered: readonly Column[]): readonly Finding[] {
  const name = tableName(table.ref);
  return uncovered.map((column) => ({
    code: "COLUMN_UNCOVERED",
    severity: "error",
    // Of CSV and JSON Lines only the kind says anything.
    message: `${name}.${column.name} (${isUntyped(column) ? column.kind : column.type}) has no rule.`,
    table: name,
    column: column.name,
    hint: `Add to tables → ${name}:  ${propertyName(column.name)}: keep(),  or the transform that it needs.`,
  }));
}

function propertyName(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
}
