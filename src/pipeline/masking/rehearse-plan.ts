import { ObjectBatch, type Row } from "../../batch/object-batch.ts";
import type { Column, ColumnKind, DataSchema, Rule, SystemName, Table } from "../../contracts.ts";
import { type Finding, isStandinError } from "../../errors.ts";
import { everyRule } from "../../inner-rules.ts";
import { sayInJson } from "../../option-spec.ts";
import { checkFirstKeys, isCountedKey } from "../../plan/checks/check-first-keys.ts";
import { checkOutputs, type Trial } from "../../plan/checks/check-outputs.ts";
import { decimalDigits, trialValues } from "../../plan/checks/trial-values.ts";
import { filesOf } from "../../plan/locks/file-checksums.ts";
import { type ColumnPlan, movedColumns, type Plan, type TablePlan, variantsOf } from "../../plan/plan.ts";
import { isDatabase } from "../../system-traits.ts";
import { isSameTable, tableName } from "../../table-ref.ts";
import { type KeyDeriver, prepareTable } from "./prepare-table.ts";
import { rehearseRows } from "./rehearse-rows.ts";

/** Serves a rehearsal only: what it makes is thrown away, so it hides nothing and needs no secret. */
export const REHEARSAL_KEY: KeyDeriver = { derive: () => new Uint8Array(32).fill(1) };

/** Kinds whose masks are known by their promises to stay within the type. */
const KNOWN: readonly ColumnKind[] = ["text", "integer"];

/**
 * Tries each mask whose column asks for more than a promise can tell (a CHECK, an enum, digits, bytes, a key), or whose rule draws from a file, on made-up values,
 * before a row is read.
 * No user's function is called.
 */
export async function rehearsePlan(plan: Plan, target: DataSchema): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const system = systemOf(plan);
  const trials: Trials = new Map();
  for (const table of plan.tables) {
    const checked = asInTarget(table.table, target);
    let isSound = true;
    for (const planned of table.columns) {
      if (planned.decision !== "mask") continue;
      // What is refused already needs no second word.
      if (isRefused(plan, checked, planned)) isSound = false;
      else {
        const there = checked.columns.find(({ name }) => name === planned.column.name)!;
        const found = await tryColumn(table, planned, { ...planned, column: there }, checked, system, trials);
        isSound &&= found.every(({ severity }) => severity !== "error");
        findings.push(...found);
      }
    }
    if (isSound) findings.push(...(await rehearseRows(table, checked, system, REHEARSAL_KEY)));
  }
  return findings;
}

const systemOf = ({ source, target }: Plan): SystemName => (isDatabase(source) ? source : target);

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
  trials: Trials,
): Promise<readonly Finding[]> {
  const rules = variantsOf(planned).flatMap(({ rule }) => (rule === null ? [] : everyRule(rule)));
  const drawsFromFile = rules.some((rule) => filesOf(rule).length > 0);
  if (rules.some(holdsFunction)) return drawsFromFile ? prepareAlone(table, planned) : [];
  if (!drawsFromFile && !needsTrial(checked, there)) return [];
  const shape = shapeOf(planned, there, checked);
  const known = shape === null ? undefined : trials.get(shape);
  const outcome = known ?? (await tryMask(table, planned, checked));
  if (!("inputs" in outcome)) return [outcome];
  if (shape !== null) trials.set(shape, outcome);
  return [...checkOutputs(checked, there, outcome, system), ...checkFirstKeys(checked, there, outcome)];
}

/** What one trial showed, by `shapeOf`: a schema of a thousand tables has a few shapes. */
type Trials = Map<string, Trial>;

/** Columns of one shape under equal rules give a trial the same: what the trial goes by, but for the column's name. Null where more than that decides. */
function shapeOf({ column, rule, branches }: ColumnPlan, there: ColumnPlan, checked: Table): string | null {
  const { transform, options, onUnsupported } = rule!;
  const isChecked = checked.checks?.some(({ columns }) => columns.includes(column.name)) ?? false;
  if (isChecked || branches !== undefined) return null;
  const read = transform.reads(options);
  const others = checked.columns.filter(({ name }) => read.includes(name));
  const { name: _, ...own } = column;
  const { name: __, ...target } = there.column;
  return JSON.stringify([transform.name, options, onUnsupported, own, target, others], sayInJson);
}

function needsTrial(table: Table, { column, rule }: ColumnPlan): boolean {
  if (rule!.transform.windowRows(rule!.options) > 1) return false;
  if (isCountedKey(table, column)) return true;
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
  const others: Row = Object.fromEntries(moved.map((one) => [one.name, trialValues(one, [])[0] ?? null]));
  const rows = inputs.map((input): Row => ({ ...others, [column.name]: input }));
  const batch = new ObjectBatch(
    plan.table.ref,
    moved.map(({ name }) => name),
    rows,
    0,
  );
  try {
    const prepared = await prepareTable(plan, REHEARSAL_KEY, { only: [column.name] });
    return { inputs, outputs: await prepared.columns[0]!.mask(inputs, batch) };
  } catch (error) {
    return refusedTrial(error, plan, { column, rule });
  }
}

const holdsFunction = ({ options }: Rule): boolean => Object.values(options).some((option) => typeof option === "function");

/** Shows what is wrong with a mask before it is given a value. */
async function prepareAlone(plan: TablePlan, planned: ColumnPlan): Promise<readonly Finding[]> {
  try {
    await prepareTable(plan, REHEARSAL_KEY, { only: [planned.column.name] });
    return [];
  } catch (error) {
    return [refusedTrial(error, plan, planned)];
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
