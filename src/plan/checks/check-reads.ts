import type { Rule, Table } from "../../contracts.ts";
import type { Finding } from "../../errors.ts";
import { tableName } from "../../table-ref.ts";
import { type ColumnPlan, variantsOf } from "../plan.ts";

/** Whether the columns that a table's masks read are there, none waits for its own stand-in, and none shows what another column hides. */
export function checkReads(table: Table, columns: readonly ColumnPlan[]): readonly Finding[] {
  const name = tableName(table.ref);
  const masked = columns.flatMap(variantsOf).filter(({ decision }) => decision === "mask");
  const unknown = masked.flatMap(({ column, rule }): Finding[] =>
    [...new Set(readBy(rule!))]
      .filter((other) => !table.columns.some((one) => one.name === other && !one.isGenerated))
      .map((other) => ({
        code: "COLUMN_UNKNOWN",
        severity: "error",
        message: `${rule!.transform.name} on ${name}.${column.name} reads ${other}, which ${name} does not have.`,
        table: name,
        column: column.name,
      })),
  );
  const shown = masked.flatMap(({ column, rule }): Finding[] =>
    [...new Set(rule!.transform.copiesOriginals?.(rule!.options) ?? [])]
      .filter((other) => columns.some((one) => one.column.name === other && one.decision === "mask"))
      .map((other) => ({
        code: "PROTECTION_MISSING",
        severity: "error",
        message: `${rule!.transform.name} on ${name}.${column.name} shows the originals of ${other}, which is masked.`,
        table: name,
        column: column.name,
        hint: `Take masked.${other} instead, or allow it by allowOriginals: [${other}].`,
      })),
  );
  return [...unknown, ...shown, ...checkWaiting(table, columns)];
}

/** Masks that wait for what they make themselves, or for each other. */
function checkWaiting(table: Table, columns: readonly ColumnPlan[]): readonly Finding[] {
  const name = tableName(table.ref);
  const waiting = new Map(columns.map((plan) => [plan.column.name, standInsReadBy(plan)]));
  const own = [...waiting.keys()].filter((column) => waiting.get(column)!.includes(column));
  const circles = [...waiting.keys()].filter((column) => !own.includes(column) && waitsForItself(column, waiting));
  const circle: Finding = {
    code: "OPTION_INVALID",
    severity: "error",
    message: `${name}: the masks of ${circles.join(", ")} read each other's stand-ins, and none can be the first.`,
    table: name,
    column: circles[0],
    hint: "Let one of them read the original, or nothing.",
  };
  return [
    ...own.map(
      (column): Finding => ({
        code: "OPTION_INVALID",
        severity: "error",
        message: `The rule of ${name}.${column} reads ${column} masked, which is what it is to make itself.`,
        table: name,
        column,
        hint: "A rule gets its own column's value without naming it; name other columns alone.",
      }),
    ),
    ...(circles.length === 0 ? [] : [circle]),
  ];
}

function readBy({ transform, options }: Rule): readonly string[] {
  return [...transform.reads(options), ...(transform.readsMasked?.(options) ?? [])];
}

/** The columns that a column's mask reads, as they were or masked, and those that choose among its rules. */
export function columnsReadBy(plan: ColumnPlan): readonly string[] {
  if (plan.decision !== "mask") return [];
  const conditions = (plan.branches ?? []).flatMap(({ when }) => Object.keys(when));
  return [...conditions, ...variantsOf(plan).flatMap(({ rule }) => (rule === null ? [] : readBy(rule)))];
}

/** The columns whose stand-ins a column's mask reads. */
export function standInsReadBy(plan: ColumnPlan): readonly string[] {
  if (plan.decision !== "mask") return [];
  return variantsOf(plan).flatMap(({ rule }) => rule?.transform.readsMasked?.(rule.options) ?? []);
}

function waitsForItself(column: string, waiting: ReadonlyMap<string, readonly string[]>): boolean {
  const seen = new Set<string>();
  const next = [...(waiting.get(column) ?? [])];
  for (let name = next.pop(); name !== undefined; name = next.pop()) {
    if (name === column) return true;
    if (!seen.has(name)) next.push(...(waiting.get(name) ?? []));
    seen.add(name);
  }
  return false;
}
