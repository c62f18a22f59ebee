import { ObjectBatch } from "../batch/object-batch.ts";
import type { ColumnValues, RowBatch, Source, Table } from "../contracts.ts";
import type { Finding } from "../errors.ts";
import { checkFrequency } from "../plan/checks/check-frequency.ts";
import { checkOutputs } from "../plan/checks/check-outputs.ts";
import { type ColumnPlan, movedColumns, type Plan, type TablePlan } from "../plan/plan.ts";
import { tableName } from "../table-ref.ts";
import { amount, counted } from "../written-numbers.ts";
import { prepareTable } from "./masking/prepare-table.ts";
import { REHEARSAL_KEY, refusedTrial } from "./masking/rehearse-plan.ts";

/**
 * Tries the masks of a plan on sampled rows, in memory: how often values would still occur, what a mask cannot handle, what a check would refuse. Keeps
 * counts alone. Which value becomes which does not matter here, so no secret is needed.
 */
export async function samplePlan(source: Pick<Source, "sample">, plan: Plan, signal: AbortSignal): Promise<readonly Finding[]> {
  if (source.sample === undefined) return [];
  const findings: Finding[] = [];
  for (const table of plan.tables) {
    if (isRefused(plan, table.table)) continue;
    const moved = movedColumns(table);
    if (!moved.some(isTried)) continue;
    const columns = moved.map(({ column }) => column);
    const values = await source.sample(table.table, { columns, signal });
    const batch = batchOf(table, values);
    for (const [index, planned] of moved.entries()) {
      if (!isTried(planned)) continue;
      const tried = tryColumn(plan, table, planned, values[index]!, batch);
      findings.push(...(await tried.catch((error: unknown) => [refusedTrial(error, table, planned)])));
    }
  }
  return findings;
}

/** What the plan refuses is not read. */
function isRefused({ findings }: Plan, { ref }: Table): boolean {
  return findings.some(({ severity, table }) => severity === "error" && table === tableName(ref));
}

/** A function of the user's is called by a run, and by nothing else. */
function isTried({ decision, rule, branches }: ColumnPlan): boolean {
  if (decision !== "mask" || rule === null || branches !== undefined) return false;
  if (Object.values(rule.options).some((option) => typeof option === "function")) return false;
  return rule.transform.windowRows(rule.options) === 1;
}

async function tryColumn(
  plan: Plan,
  table: TablePlan,
  planned: ColumnPlan,
  values: ColumnValues,
  batch: RowBatch,
): Promise<readonly Finding[]> {
  const prepared = await prepareTable(table, REHEARSAL_KEY, { only: [planned.column.name] });
  const outputs = await prepared.columns[0]!.mask(values, batch);
  const handled = outputs.map((output) => output ?? null);
  const rows = [...values.keys()].filter((row) => values[row] !== null);
  const trial = { inputs: rows.map((row) => values[row]!), outputs: rows.map((row) => outputs[row]) };
  return [
    ...(planned.guarantees?.deterministic ? checkFrequency(table.table, planned, handled) : []),
    ...unsupported(table.table, planned, trial.outputs),
    // The made-up values have said what can be said of a check that nobody can decide.
    ...checkOutputs(table.table, planned, trial, plan.source).filter(({ severity }) => severity === "error"),
  ];
}

function unsupported(
  { ref }: Table,
  { column, rule }: ColumnPlan,
  outputs: readonly (string | null | undefined)[],
): readonly Finding[] {
  const count = outputs.filter((output) => output === undefined).length;
  if (count === 0 || rule!.onUnsupported !== "fail") return [];
  const name = tableName(ref);
  return [
    {
      code: "VALUE_UNSUPPORTED",
      severity: "error",
      message: `${rule!.transform.name} cannot handle ${amount(count)} of ${counted(outputs.length, "sampled value")} of ${name}.${column.name}.`,
      table: name,
      column: column.name,
      hint: `Say what becomes of such values (onUnsupported: "nullify" or "redact"), or choose another transform.`,
    },
  ];
}

function batchOf({ table, columns }: TablePlan, values: readonly ColumnValues[]): RowBatch {
  const names = columns.filter(({ decision }) => decision !== "generated").map(({ column }) => column.name);
  const rows = Array.from({ length: values[0]?.length ?? 0 }, (_, row) =>
    Object.fromEntries(names.map((name, index) => [name, values[index]![row]])),
  );
  return new ObjectBatch(table.ref, names, rows, 0);
}
