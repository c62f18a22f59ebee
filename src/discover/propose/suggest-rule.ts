import type { Column, DataSchema, Rule, Table } from "../../contracts.ts";
import { refuseWindows } from "../../inner-rules.ts";
import { compilePlan } from "../../plan/compile-plan.ts";
import type { DataClass } from "../../policy/class-names.ts";
import { tableName } from "../../table-ref.ts";
import { rulesForClass } from "./rules-for-class.ts";
import { ruleOfSuggestion, type SuggestedRule } from "./suggested-rule.ts";

/**
 * The first of the class's rules that the plan accepts on this column: its type, length, NOT NULL, and unique keys. The plan itself is asked, so the
 * two cannot disagree. `better` rules, that the values speak for, come first.
 */
export function suggestRule(
  kind: DataClass,
  table: Table,
  column: Column,
  better: readonly SuggestedRule[] = [],
): SuggestedRule | null {
  const isUnique = table.uniqueKeys.some((key) => key.columns.includes(column.name));
  for (const candidate of [...better, ...rulesForClass(kind, column, isUnique)]) {
    const rule = ruleOfSuggestion(candidate);
    if (rule !== null && isAccepted(rule, table, column)) return candidate;
  }
  return null;
}

function isAccepted(rule: Rule, table: Table, column: Column): boolean {
  // The column alone: what its neighbours become is not decided yet, and a reference is followed elsewhere.
  const alone: Table = {
    ...table,
    columns: [column],
    uniqueKeys: table.uniqueKeys.filter(({ columns }) => columns.includes(column.name)),
    foreignKeys: [],
  };
  const schema: DataSchema = { system: "memory", tables: [alone] };
  const plan = compilePlan({ tables: { [tableName(table.ref)]: { [column.name]: rule } } }, schema, schema);
  return plan.findings.every(({ severity }) => severity !== "error");
}

/** The same of a part of a column's values: what must see whole columns, or many rows, masks no parts. */
export function suggestPart(
  kind: DataClass,
  table: Table,
  part: Column,
  better: readonly SuggestedRule[] = [],
): SuggestedRule | null {
  for (const candidate of [...better, ...rulesForClass(kind, part, false)]) {
    const rule = ruleOfSuggestion(candidate);
    if (rule !== null && refuseWindows(rule) === null && isAccepted(rule, table, part)) return candidate;
  }
  return null;
}
