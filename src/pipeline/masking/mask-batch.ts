import type { RowBatch } from "../../contracts.ts";
import { type MaskPlace, rowNumber, runMask, settle } from "../../settle.ts";
import type { PreparedTable } from "./prepare-table.ts";

/** Column by column: each inner loop calls one function only, and a column nobody masks is never decoded. */
export async function maskBatch({ table, columns }: PreparedTable, batch: RowBatch): Promise<void> {
  for (const { rule, name, index, mask } of columns) {
    const originals = batch.column(index);
    const place: MaskPlace = { rule, table: table.ref, column: name, rowOf: (row) => rowNumber(batch, row) };
    const masked = await runMask(place, () => mask(originals, batch));
    batch.replace(index, settle(place, originals, masked));
  }
}
