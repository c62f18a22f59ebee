import { type ColumnSurroundings, createColumnContext } from "../../column-context.ts";
import type { MaskColumn, Rule, Table } from "../../contracts.ts";
import { StandinError } from "../../errors.ts";
import { type ColumnPlan, movedColumns, type PlanBranch, type TablePlan, variantsOf } from "../../plan/plan.ts";
import { tableName } from "../../table-ref.ts";
import { type MaskBranch, maskByRow } from "./mask-by-row.ts";
import { maskOrder } from "./mask-order.ts";

/** The part of a masking key that masks need. */
export interface KeyDeriver {
  derive(purpose: string, domain: string): Uint8Array;
}

export interface PreparedColumn {
  /** Position in a batch. */
  readonly index: number;
  readonly name: string;
  readonly rule: Rule;
  readonly mask: MaskColumn;
}

/** A table's masks, ready to run. */
export interface PreparedTable {
  readonly table: Table;
  /** As errors name it. */
  readonly name: string;
  /** In the order of masking: a column whose mask reads another's stand-ins comes after it. */
  readonly columns: readonly PreparedColumn[];
  /** Rows that must be seen together; 1 where every value stands alone. */
  readonly windowRows: number;
}

export interface PrepareOptions {
  /** The columns whose masks are prepared, with those that they read. @default all */
  readonly only?: readonly string[] | null;
  /** Aborts when the run is stopped. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Prepares every mask of a table once, or those of the columns `only` and what they read: keys, tables, permutations. A key that is missing is an
 * error only where a mask needs one.
 */
export async function prepareTable(
  plan: TablePlan,
  key: KeyDeriver | null,
  { only = null, signal }: PrepareOptions = {},
): Promise<PreparedTable> {
  const moved = movedColumns(plan);
  const name = tableName(plan.table.ref);
  const columns: PreparedColumn[] = [];
  let windowRows = 1;
  const prepare = ({ column, rule, domain }: ColumnPlan): MaskColumn | Promise<MaskColumn> => {
    const surroundings: ColumnSurroundings = {
      table: plan.table.ref,
      rowEstimate: plan.table.rowEstimate,
      signal,
      deriveKey: (rule, purpose, domain) => {
        if (key === null) throw keyRequired(rule, name, column.name);
        return key.derive(purpose, domain);
      },
      other: (wanted) => findOther(moved, name, wanted),
    };
    return rule!.transform.prepare(rule!.options, createColumnContext(surroundings, rule!, column, domain));
  };
  for (const { index, planned } of maskOrder(moved, only)) {
    const { column, rule, decision, branches } = planned;
    if (decision !== "mask" || rule === null) continue;
    const mask =
      branches === undefined
        ? await prepare(planned)
        : await prepareBranches(planned, branches, prepare, (wanted) => findOther(moved, name, wanted).index);
    columns.push({ index, name: column.name, rule, mask });
    windowRows = Math.max(windowRows, ...variantsOf(planned).map((one) => one.rule!.transform.windowRows(one.rule!.options)));
  }
  return { table: plan.table, name, columns, windowRows };
}

/** One mask out of those for each kind of rows. */
async function prepareBranches(
  planned: ColumnPlan,
  branches: readonly PlanBranch[],
  prepare: (plan: ColumnPlan) => MaskColumn | Promise<MaskColumn>,
  positionOf: (column: string) => number,
): Promise<MaskColumn> {
  const maskOf = async (plan: ColumnPlan) => (plan.rule!.transform.technique === "none" ? null : await prepare(plan));
  const masks: MaskBranch[] = [];
  for (const { when, plan } of branches) {
    const conditions = Object.entries(when).map(([column, text]) => ({ index: positionOf(column), text }));
    masks.push({ conditions, mask: await maskOf(plan) });
  }
  return maskByRow(masks, planned.coversRest ? { conditions: [], mask: await maskOf(planned) } : null);
}

function findOther(columns: readonly ColumnPlan[], table: string, wanted: string) {
  const index = columns.findIndex(({ column }) => column.name === wanted);
  if (index < 0) throw new StandinError("COLUMN_UNKNOWN", `${table} has no column ${wanted} to read.`, { table, column: wanted });
  return { index, column: columns[index]!.column };
}

function keyRequired(rule: Rule, table: string, column: string): StandinError {
  return new StandinError("KEY_REQUIRED", `${rule.transform.name} on ${table}.${column} needs a key, and there is none.`, {
    table,
    column,
    hint: "Make one with `npx standin keygen`, keep it secret, and set STANDIN_KEY.",
  });
}
