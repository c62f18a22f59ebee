import { ObjectBatch, type Row } from "../batch/object-batch.ts";
import type { Column, ColumnKind, DataSchema, SystemName, Table } from "../contracts.ts";
import { type Finding, isStandinError } from "../errors.ts";
import { checkOutputs, type Trial } from "../plan/check-outputs.ts";
import { type ColumnPlan, movedColumns, type Plan, type TablePlan } from "../plan/plan.ts";
import { decimalDigits, trialValues } from "../plan/trial-values.ts";
import { isSameTable, tableName } from "../table-ref.ts";
import { type KeyDeriver, prepareTable } from "./prepare-table.ts";
import { rehearseRows } from "./rehearse-rows.ts";

/** Serves a rehearsal only: what it makes is thrown away, so it hides nothing and needs no secret. */
export const REHEARSAL_KEY: KeyDeriver = { derive: () => new Uint8Array(32).fill(1) };

/** Kinds whose masks are known by their promises to stay within the type. */
const KNOWN: readonly ColumnKind[] = ["text", "integer"];

/**
 * Tries each mask whose column asks for more than a promise can tell (a CHECK, an enum, digits, bytes) on made-up values, before a row is read.
 * No user's function is called.
 */
export async function rehearsePlan(plan: Plan, target: DataSchema): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const system = systemOf(plan);
  for (const table of plan.tables) {
    const checked = asInTarget(table.table, target);
    let isSound = true;
    for (const planned of table.columns) {
      if (planned.decision !== "mask") continue;
      // What is refused already needs no second word.
      if (isRefused(plan, checked, planned)) isSound = false;
      else {
        const there = checked.columns.find(({ name }) => name === planned.column.name)!;
        const found = await tryColumn(table, planned, { ...planned, column: there }, checked, system);
        isSound &&= found.every(({ severity }) => severity !== "error");
        findings.push(...found);
      }
    }
    if (isSound) findings.push(...(await rehearseRows(table, checked, system, REHEARSAL_KEY)));
  }
  return findings;
}

const systemOf = ({ source, target }: Plan): SystemName => (source === "csv" || source === "memory" ? target : source);

/** The table with the conditions and the character sets that the rows will meet in the target. */
function asInTarget(table: Table, target: DataSchema): Table {
  const there = target.tables.find(({ ref }) => isSameTable(ref, table.ref));
  const own = table.checks ?? [];
  const more = (there?.checks ?? []).filter(({ expression }) => !own.some((check) => check.expression === expression));
  const { partitionBounds = null } = there ?? table;
  const columns = table.columns.map((column): Column => {
    const charset = there?.columns.find(({ name }) => name === column.name)?.charset;
    if (there === undefined || charset === column.charset) return column;
    const { charset: _, ...rest } = column;
    return { ...rest, ...(charset !== undefined && { charset }) };
  });
  return { ...table, columns, checks: [...own, ...more, ...(partitionBounds === null ? [] : [partitionBounds])] };
}

/** What a trial of one column finds. `there` is its plan with the column as the target has it. */
async function tryColumn(
  table: TablePlan,
  planned: ColumnPlan,
  there: ColumnPlan,
  checked: Table,
  system: SystemName,
): Promise<readonly Finding[]> {
  if (!needsTrial(checked, there)) return [];
  const outcome = await tryMask(table, planned, checked);
  return "inputs" in outcome ? checkOutputs(checked, there, outcome, system) : [outcome];
}

function needsTrial(table: Table, { column, rule }: ColumnPlan): boolean {
  if (Object.values(rule!.options).some((option) => typeof option === "function")) return false;
  if (rule!.transform.windowRows(rule!.options) > 1) return false;
  if (table.checks?.some(({ columns }) => columns.includes(column.name))) return true;
  return (
    (column.maxBytes ?? null) !== null ||
    !KNOWN.includes(column.kind) ||
    decimalDigits(column) !== null ||
    column.charset !== undefined
  );
}

function isRefused({ findings }: Plan, table: Table, { column }: ColumnPlan): boolean {
  const name = tableName(table.ref);
  return findings.some((one) => one.severity === "error" && one.table === name && one.column === column.name);
}

async function tryMask(plan: TablePlan, { column, rule }: ColumnPlan, checked: Table): Promise<Trial | Finding> {
  const inputs = trialValues(
    checked.columns.find(({ name }) => name === column.name) ?? column,
    (checked.checks ?? []).filter(({ columns }) => columns.includes(column.name)),
  );
  const moved = movedColumns(plan).map((one) => one.column);
  const rows = inputs.map(
    (input): Row => Object.fromEntries(moved.map((one) => [one.name, one === column ? input : anyValue(one)])),
  );
  const batch = new ObjectBatch(
    plan.table.ref,
    moved.map(({ name }) => name),
    rows,
    0,
  );
  try {
    const prepared = await prepareTable(plan, REHEARSAL_KEY, [column.name]);
    return { inputs, outputs: await prepared.columns[0]!.mask(inputs, batch) };
  } catch (error) {
    return refusedTrial(error, plan, { column, rule });
  }
}

/** What is said of a mask that threw when it was prepared or tried. */
export function refusedTrial(
  error: unknown,
  { table }: TablePlan,
  { column, rule }: Pick<ColumnPlan, "column" | "rule">,
): Finding {
  const name = tableName(table.ref);
  const place = { table: name, column: column.name, severity: "error" } as const;
  if (isStandinError(error)) return { code: error.code, message: error.message, hint: error.hint, ...place };
  // Only our own errors are known to hold no value.
  return {
    code: "TRANSFORM_FAILED",
    message: `${rule!.transform.name} cannot be prepared for ${name}.${column.name}.`,
    ...place,
  };
}

function anyValue(column: Column): string | null {
  return trialValues(column, [])[0] ?? null;
}
