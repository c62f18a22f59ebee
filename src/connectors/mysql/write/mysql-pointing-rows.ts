import type { PointingRows } from "../../../contracts.ts";
import type { MysqlClient } from "../mysql-client.ts";
import { quoteName } from "../mysql-sql.ts";
import { readForeignKeys } from "./foreign-keys.ts";
import { OUR_PREFIX } from "./staging-names.ts";

/** Foreign keys, of this database, to the written tables from tables that are not written, with rows behind them. */
export async function pointingRows(client: MysqlClient, written: readonly string[]): Promise<readonly PointingRows[]> {
  const found: PointingRows[] = [];
  for (const key of await readForeignKeys(client)) {
    const isInside = key.referencedSchema !== null || !written.includes(key.referencedTable) || written.includes(key.table);
    // What an interrupted run left behind is taken away by the next.
    if (isInside || key.table.startsWith(OUR_PREFIX)) continue;
    const isSet = key.columns.map((column) => `${quoteName(column)} IS NOT NULL`).join(" AND ");
    const rows = await client.query(`SELECT 1 FROM ${quoteName(key.table)} WHERE ${isSet} LIMIT 1`);
    if (rows.length === 0) continue;
    found.push({
      from: { schema: null, name: key.table },
      key: key.name,
      to: { schema: null, name: key.referencedTable },
      columns: key.referencedColumns,
    });
  }
  return found;
}
