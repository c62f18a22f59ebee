import { ObjectBatch } from "../batch/object-batch.ts";
import { prepareRule } from "../column-context.ts";
import type { ColumnValues } from "../contracts.ts";
import { StandinError } from "../errors.ts";
import { type ColumnPlan, movedColumns, type TablePlan } from "../plan/plan.ts";
import { type MaskPlace, runMask, settle } from "../settle.ts";
import { tableName } from "../table-ref.ts";
import type { KeyDeriver } from "./masking/prepare-table.ts";

/**
 * What the values of one column stood for before its rule masked them: for whoever holds the key. Throws REVEAL_REFUSED where the rule has no way back, and
 * VALUE_UNSUPPORTED, by the value's ordinal, for one that the rule cannot have given.
 */
export async function revealColumn(plan: TablePlan, name: string, key: KeyDeriver, masked: ColumnValues): Promise<ColumnValues> {
  const planned = columnOf(plan, name);
  const { column, domain } = planned;
  const table = tableName(plan.table.ref);
  // What the policy says of values that cannot be masked has no meaning on the way back: they are not to become stars once more.
  const rule = { ...planned.rule!, onUnsupported: "fail" as const };
  const surroundings = {
    table: plan.table.ref,
    rowEstimate: plan.table.rowEstimate,
    deriveKey: (_: unknown, purpose: string, domain: string) => key.derive(purpose, domain),
    other: (wanted: string) => {
      throw refusal(table, name, `needs ${wanted} of the same row`);
    },
    isReveal: true,
  };
  const reveal = await prepareRule(surroundings, rule, column, domain);
  const place: MaskPlace = { rule, table: plan.table.ref, column: name, rowOf: (index) => index + 1 };
  const batch = new ObjectBatch(
    plan.table.ref,
    [name],
    masked.map((value) => ({ [name]: value })),
    0,
  );
  return settle(place, masked, await runMask(place, async () => reveal(masked, batch)));
}

function columnOf(plan: TablePlan, name: string): ColumnPlan {
  const table = tableName(plan.table.ref);
  const planned = movedColumns(plan).find(({ column }) => column.name === name);
  if (planned === undefined) throw new StandinError("COLUMN_UNKNOWN", `${table} has no column ${name}.`, { table, column: name });
  if (planned.decision !== "mask" || planned.rule === null) throw refusal(table, name, "is not masked");
  if (planned.branches !== undefined) throw refusal(table, name, "is masked by one of several rules, row by row");
  return planned;
}

function refusal(table: string, column: string, why: string): StandinError {
  return new StandinError("REVEAL_REFUSED", `${table}.${column} ${why}, so its values cannot be revealed.`, { table, column });
}
