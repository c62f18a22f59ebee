import type { Table } from "../contracts.ts";
import type { Finding } from "../errors.ts";
import type { ColumnPlan, Plan, TablePlan } from "../plan/plan.ts";
import { tableName } from "../table-ref.ts";
import { amount, counted } from "../written-numbers.ts";
import type { ColumnFidelity } from "./verification.ts";
import type { SourceWatch } from "./watch-source.ts";
import type { TargetSide } from "./watch-target.ts";

/** A table before and after. */
export interface TablePair {
  readonly plan: TablePlan;
  readonly before: SourceWatch;
  readonly after: TargetSide;
}

export function pairsOf(plan: Plan, before: ReadonlyMap<Table, SourceWatch>, after: readonly TargetSide[]): readonly TablePair[] {
  return plan.tables.flatMap((table) => {
    const side = after.find((one) => one.plan === table);
    return side === undefined ? [] : [{ plan: table, before: before.get(table.table)!, after: side }];
  });
}

/** The columns that are on both sides. */
export function fidelityOf({ plan, before, after }: TablePair): readonly ColumnFidelity[] {
  return plan.columns.flatMap(({ column, rule, guarantees }) => {
    const [here, there] = [before.profiles.get(column.name), after.profiles.get(column.name)];
    if (here === undefined || there === undefined || rule === null) return [];
    return [
      {
        column: column.name,
        transform: rule.transform.name,
        isDeterministic: guarantees?.deterministic ?? false,
        realShare: there.shareIn(here),
        unchangedShare: before.unchangedShare(column.name),
        source: here.shape(),
        target: there.shape(),
        drift: here.driftTo(there),
        shapes: here.shapesOf(there),
      },
    ];
  });
}

/** What the copy lost or gained: rows, NULLs, and values of columns that are kept. `isSameSystem`: a value has one text on both sides. */
export function compareSides(pairs: readonly TablePair[], isSameSystem: boolean): readonly Finding[] {
  return pairs.flatMap((pair) => [
    ...rowCounts(pair),
    ...pair.plan.columns.flatMap((column) => compareColumn(pair, column, isSameSystem)),
  ]);
}

function rowCounts({ plan, before, after }: TablePair): readonly Finding[] {
  if (before.rows === after.rows) return [];
  const table = tableName(plan.table.ref);
  return [
    {
      code: "COUNT_MISMATCH",
      severity: "error",
      message: `${table}: the source has ${counted(before.rows, "row")}, and the copy ${amount(after.rows)}.`,
      table,
      hint: "Rows were written to either since the run: verify right after it, or from a source that stands still.",
    },
  ];
}

function compareColumn({ plan, before, after }: TablePair, planned: ColumnPlan, isSameSystem: boolean): readonly Finding[] {
  const { column, rule, decision, branches } = planned;
  const [here, there] = [before.profiles.get(column.name), after.profiles.get(column.name)];
  // Of tables with other rows nothing more can be said.
  if (here === undefined || there === undefined || rule === null || before.rows !== after.rows) return [];
  const table = tableName(plan.table.ref);
  const lost = (message: string, hint: string): Finding[] => [
    {
      code: "FIDELITY_LOST",
      severity: "error",
      message: `${table}.${column.name}: ${message}`,
      table,
      column: column.name,
      hint,
    },
  ];
  if (decision === "keep" && branches === undefined) {
    if (!isSameSystem || here.isEqualTo(there)) return [];
    return lost(
      "the column is kept, and its values are others than in the source.",
      "Look for a trigger or a script that writes to the copy.",
    );
  }
  const nulls = (side: typeof here) => Math.round(side.shape().nullShare * side.shape().rows);
  const hasFewer = nulls(there) < nulls(here) && !rule.transform.seesNull;
  const hasMore = nulls(there) > nulls(here) && !rule.transform.givesNull(rule.options) && rule.onUnsupported !== "nullify";
  if (branches !== undefined || !(hasFewer || hasMore)) return [];
  return lost(
    `${counted(nulls(here), "value")} ${nulls(here) === 1 ? "is" : "are"} NULL in the source, and ${amount(nulls(there))} in the copy.`,
    "Look for a trigger or a script that writes to the copy.",
  );
}
