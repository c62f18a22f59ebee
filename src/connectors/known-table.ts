import type { Table } from "../contracts.ts";
import { StandinError } from "../errors.ts";
import { isSameTable, tableName } from "../table-ref.ts";

/** What a source knows of one of its tables. Throws TABLE_UNKNOWN, with `none` as what there is not. */
export function knownTable<Known extends { readonly table: Table }>(
  known: readonly Known[],
  { ref }: Pick<Table, "ref">,
  none: string,
): Known {
  const found = known.find(({ table }) => isSameTable(table.ref, ref));
  if (found !== undefined) return found;
  const name = tableName(ref);
  throw new StandinError("TABLE_UNKNOWN", `${none} for ${name}.`, { table: name });
}
