import { ObjectBatch, type Row } from "../../batch/object-batch.ts";
import type { CheckConstraint, SystemName, Table } from "../../contracts.ts";
import { type Finding, isStandinError } from "../../errors.ts";
import { checkRowCondition, rowsThatMeet, type TrialRow } from "../../plan/checks/check-row-conditions.ts";
import { trialValues } from "../../plan/checks/trial-values.ts";
import { type ColumnPlan, movedColumns, type TablePlan } from "../../plan/plan.ts";
import { type KeyDeriver, prepareTable } from "./prepare-table.ts";

/** Tries the masks of a table on made-up rows that meet its checks of several columns. `checked` is the table with the checks that the rows will meet. */
export async function rehearseRows(
  plan: TablePlan,
  checked: Table,
  system: SystemName,
  key: KeyDeriver,
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const check of checked.checks ?? []) {
    if (check.columns.length < 2) continue;
    const masked = plan.columns.filter(({ column, decision }) => decision === "mask" && check.columns.includes(column.name));
    if (masked.length === 0) continue;
    const names = masked.map(({ column }) => column.name);
    const outcome = masked.every(isTried) ? await maskRows(plan, checked, check, names, system, key) : [];
    findings.push(...checkRowCondition(checked, check, names, outcome, system));
  }
  return findings;
}

/** A function of the user's is called by a run alone, and what moves between rows is not known from a few. */
function isTried({ rule, branches }: ColumnPlan): boolean {
  if (branches !== undefined) return false;
  const { transform, options } = rule!;
  return !Object.values(options).some((option) => typeof option === "function") && transform.windowRows(options) === 1;
}

/** What becomes of the rows, but for those that hold what a mask cannot handle. */
async function maskRows(
  plan: TablePlan,
  checked: Table,
  check: CheckConstraint,
  names: readonly string[],
  system: SystemName,
  key: KeyDeriver,
): Promise<readonly TrialRow[]> {
  const moved = movedColumns(plan).map(({ column }) => column);
  const others = moved.map((column) => [column.name, trialValues(column, [])] as const);
  const rows = rowsThatMeet(checked, check, system).map((row, index): Row => {
    const rest = others.map(([name, values]) => [name, values[index % Math.max(values.length, 1)] ?? null]);
    return { ...Object.fromEntries(rest), ...row };
  });
  const batch = new ObjectBatch(
    plan.table.ref,
    moved.map(({ name }) => name),
    rows,
    0,
  );
  try {
    const prepared = await prepareTable(plan, key, { only: names });
    const outputs: Record<string, string | null | undefined>[] = rows.map((row) => ({ ...(row as TrialRow) }));
    for (const { index, mask } of prepared.columns) {
      const values = await mask(batch.column(index), batch);
      outputs.forEach((output, row) => {
        output[moved[index]!.name] = values[row];
      });
    }
    return outputs.filter((output): output is Record<string, string | null> =>
      Object.values(output).every((one) => one !== undefined),
    );
  } catch (error) {
    // Why a mask cannot be prepared is told of its column.
    if (isStandinError(error)) return [];
    throw error;
  }
}
