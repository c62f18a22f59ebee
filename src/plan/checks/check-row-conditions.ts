import { meets } from "../../conditions/evaluate-condition.ts";
import { parseCondition } from "../../conditions/parse-condition.ts";
import type { CheckConstraint, Column, SystemName, Table } from "../../contracts.ts";
import type { Finding } from "../../errors.ts";
import { tableName } from "../../table-ref.ts";
import { trialValues } from "./trial-values.ts";

/** The cells of a row by column. */
export type TrialRow = Readonly<Record<string, string | null>>;

/** Values of a column that are combined with those of the others. */
const FEW_VALUES = 8;
const MOST_ROWS = 600;
/** Most of a condition that a message shows. */
const SHOWN = 120;

/** Made-up rows that meet a check of several columns; none where it is not understood or reads too many. */
export function rowsThatMeet(table: Table, check: CheckConstraint, system: SystemName): readonly TrialRow[] {
  const condition = parseCondition(check.expression);
  if (condition === null) return [];
  const columns = check.columns.flatMap((name) => table.columns.find((column) => column.name === name) ?? []);
  let rows: TrialRow[] = [{}];
  for (const column of columns) {
    const values = fewValues(column, check);
    if (rows.length * values.length > MOST_ROWS) return [];
    rows = rows.flatMap((row) => values.map((value) => ({ ...row, [column.name]: value })));
  }
  return rows.filter((row) => meets(condition, { columns, system }, row) === true);
}

/** What the check speaks of comes last among the values, what is common first; NULL is a value as well. */
function fewValues(column: Column, check: CheckConstraint): readonly (string | null)[] {
  const values = trialValues(column, [check]);
  const some = values.length <= FEW_VALUES ? values : [...values.slice(0, FEW_VALUES / 2), ...values.slice(-FEW_VALUES / 2)];
  return column.nullable ? [...some, null] : some;
}

/** Whether masked rows still meet a check of several columns. `masked` holds what became of rows that met it; `names` are the masked columns among its own. */
export function checkRowCondition(
  table: Table,
  check: CheckConstraint,
  names: readonly string[],
  masked: readonly TrialRow[],
  system: SystemName,
): readonly Finding[] {
  const condition = parseCondition(check.expression);
  const columns = table.columns.filter(({ name }) => check.columns.includes(name));
  const results = condition === null ? [] : masked.map((row) => meets(condition, { columns, system }, row));
  if (results.length > 0 && results.every((result) => result === true)) return [];
  const isBroken = results.includes(false);
  const name = tableName(table.ref);
  const places = names.map((column) => `${name}.${column}`).join(" and ");
  return [
    {
      code: "CHECK_VIOLATED",
      severity: isBroken ? "error" : "warning",
      message: isBroken
        ? `A row that meets the check ${check.name} may break it when ${places} ${names.length > 1 ? "are" : "is"} masked: ${shown(check)}`
        : `Whether rows meet the check ${check.name} when ${places} ${names.length > 1 ? "are" : "is"} masked cannot be told before the run: ${shown(check)}`,
      table: name,
      column: names[0],
      hint: isBroken
        ? "Mask the columns of the check so that it holds (alike, or by constants), or keep them."
        : "If a row breaks it, the run stops and the target stays as it was.",
    },
  ];
}

/** The condition, cut where it is long. */
export function shown({ expression }: CheckConstraint): string {
  return expression.length > SHOWN ? `${expression.slice(0, SHOWN)}…` : expression;
}
