import { ObjectBatch } from "../../batch/object-batch.ts";
import { isStandinError } from "../../errors.ts";
import { generateMaskingKey, MaskingKey, parseMaskingKey } from "../../keys/masking-key.ts";
import type { FoundColumn } from "../../plan/explain-column.ts";
import { movedColumns } from "../../plan/plan.ts";
import { madeUpValues } from "./made-up-values.ts";
import { maskBatch } from "./mask-batch.ts";
import { prepareTable } from "./prepare-table.ts";

export interface MaskExample {
  /** Made up: no row was read. */
  readonly value: string;
  /** Under a key made for this example alone: a pair under the real key would be a first step to a dictionary. */
  readonly masked: string | null;
}

/** Masks a made-up value as a column would be. Null where one value alone shows nothing: a copied column, a shuffle. */
export async function maskExample({ table, column, plan }: FoundColumn): Promise<MaskExample | null> {
  if (plan?.decision !== "mask" || plan.rule === null || plan.rule.transform.windowRows(plan.rule.options) > 1) return null;
  const key = new MaskingKey(parseMaskingKey(generateMaskingKey()));
  const columns = movedColumns(table).map((one) => one.column);
  for (const value of madeUpValues(plan.column, plan.domain)) {
    try {
      const prepared = await prepareTable(table, key, { only: [column] });
      const row = Object.fromEntries(columns.map((one) => [one.name, one.name === column ? value : madeUpValues(one, "")[0]]));
      const names = columns.map(({ name }) => name);
      const batch = new ObjectBatch(table.table.ref, names, [row], 0);
      await maskBatch(prepared, batch);
      const masked = batch.replacement(names.indexOf(column))?.[0];
      if (masked !== undefined) return { value, masked };
    } catch (error) {
      // A value of another form may do.
      if (!isStandinError(error)) throw error;
    }
  }
  return null;
}
