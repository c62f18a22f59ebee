import type { ChangeTeller } from "../../../contracts.ts";
import { quoteName, quoteTable } from "../../../formats/postgres/postgres-quotes.ts";
import type { CatalogTable } from "../postgres-catalog.ts";
import type { PostgresClient } from "../postgres-client.ts";

/**
 * Where a table is in the transaction's snapshot. By xmin: the oldest transaction that the snapshot does not see the end of, and whatever began later; so a row of a
 * subtransaction, which no snapshot lists, is of a later one. By a column: its largest value, but for what lies in the future (`9999-12-31`), behind which nothing would be
 * seen to change.
 */
export async function readMarkOf(
  client: PostgresClient,
  { column }: ChangeTeller,
  { table, isPartitioned }: CatalogTable,
): Promise<string | null> {
  if (column === null) {
    const [[oldest]] = (await client.query("SELECT pg_catalog.txid_snapshot_xmin(pg_catalog.txid_current_snapshot())::text")) as [
      [string],
    ];
    return oldest;
  }
  const name = quoteName(column.name);
  const past = column.kind === "integer" ? "" : ` WHERE ${name} <= pg_catalog.now() + pg_catalog.make_interval(days => 1)`;
  const rows = await client.query(
    `SELECT pg_catalog.max(${name})::text FROM ${isPartitioned ? "" : "ONLY "}${quoteTable(table.ref)}${past}`,
  );
  return rows[0]![0] ?? null;
}
