import type { UniqueKey } from "../contracts.ts";
import type { Finding } from "../errors.ts";
import { movedColumns, type Plan, type TablePlan } from "../plan/plan.ts";
import { isLeft } from "../plan/select-tables.ts";
import type { Policy } from "../policy/define-policy.ts";
import type { StandingDatabase, StandingTable } from "../standing-database.ts";
import { tableName } from "../table-ref.ts";

/** A table of the plan, and how it is masked where it stands. */
export interface StandingPlan {
  readonly plan: TablePlan;
  readonly standing: StandingTable;
}

/** Tables with masked columns, and what in the plan cannot be done in place. Tables that are kept whole need nothing. */
export function standingTables(
  plan: Plan,
  policy: Policy,
  database: Pick<StandingDatabase, "canOrderBy">,
): { readonly tables: readonly StandingPlan[]; readonly findings: readonly Finding[] } {
  const tables: StandingPlan[] = [];
  const findings: Finding[] = plan.unselected
    .filter(({ ref }) => !isLeft(policy, ref))
    .map(({ ref }): Finding => {
      const table = tableName(ref);
      return {
        code: "TABLE_UNSELECTED",
        severity: "error",
        message: `${table} would stay as it is, with production's values: in place there is no other table to leave out.`,
        table,
        hint: `Give each column a rule, or write ${JSON.stringify(table)}: "leave" where nothing in it is personal.`,
      };
    });
  for (const table of plan.tables) {
    const moved = movedColumns(table);
    const positions = (wanted: (index: number) => boolean) => moved.map((_, index) => index).filter(wanted);
    const masked = positions((index) => moved[index]!.decision === "mask");
    if (masked.length === 0) continue;
    const key = keyOf(table, database);
    if (key === null) findings.push(keyless(table));
    else tables.push({ plan: table, standing: { table: table.table, columns: moved.map(({ column }) => column), key, masked } });
  }
  return { tables, findings };
}

/** Positions of the first unique key that every row has and no mask changes, the primary one first. */
function keyOf(table: TablePlan, { canOrderBy }: Pick<StandingDatabase, "canOrderBy">): readonly number[] | null {
  const moved = movedColumns(table);
  const isFit = (index: number) => {
    const { column, decision } = moved[index] ?? {};
    return column !== undefined && decision === "keep" && !column.nullable && canOrderBy(column);
  };
  const keys = [...table.table.uniqueKeys].sort((one, other) => Number(other.isPrimary) - Number(one.isPrimary));
  for (const key of keys) {
    if (!isOverEveryRow(key)) continue;
    const { columns } = key;
    const positions = columns.map((name) => moved.findIndex(({ column }) => column.name === name));
    if (positions.every(isFit)) return positions;
  }
  return null;
}

/** A key that ignores case is as good as one that does not: the server compares keys as it did to keep them apart. */
function isOverEveryRow({ columns, isPartial, ignoresCase, prefixes, overlaps, predicate }: UniqueKey): boolean {
  if (columns.length === 0 || prefixes !== undefined || overlaps !== undefined || predicate !== undefined) return false;
  return !isPartial || ignoresCase !== undefined;
}

function keyless({ table, columns }: TablePlan): Finding {
  const name = tableName(table.ref);
  const primary = table.uniqueKeys.find(({ isPrimary }) => isPrimary);
  const isMasked = columns.some(({ column, decision }) => decision === "mask" && primary?.columns.includes(column.name));
  return {
    code: "IN_PLACE_UNSUPPORTED",
    severity: "error",
    message: isMasked
      ? `The primary key of ${name} is masked, and its rows could not be found again by any other.`
      : `${name} has no unique key of NOT NULL columns to find its rows again by.`,
    table: name,
    hint: isMasked
      ? "Keep the key, add another that is NOT NULL and UNIQUE, or copy by `standin run` to an empty database."
      : "Add a primary key, or copy by `standin run` to an empty database.",
  };
}
