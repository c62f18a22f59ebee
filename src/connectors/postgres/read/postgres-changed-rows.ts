import type { Column, Since } from "../../../contracts.ts";
import { StandinError } from "../../../errors.ts";
import { quoteName, quoteText } from "../../../formats/postgres/postgres-quotes.ts";
import { tableName } from "../../../table-ref.ts";
import type { CatalogTable } from "../postgres-catalog.ts";
import type { PostgresClient } from "../postgres-client.ts";
import { selectStatement } from "../postgres-sql.ts";

/** Transaction ids are counted modulo this in a row, and half of it apart the older is taken for the newer. */
const XIDS = 2n ** 32n;

/** The statement that reads the rows that may have changed since a mark. */
export async function selectChanges(
  client: PostgresClient,
  { table, isPartitioned }: CatalogTable,
  columns: readonly Column[],
  since: Since,
): Promise<string> {
  const condition = await changedRows(client, tableName(table.ref), since);
  return `COPY (${selectStatement(table.ref, columns, isPartitioned)} WHERE ${condition}) TO STDOUT`;
}

/** The condition on them, in the snapshot under way. Rows without a value of the column are always among them. */
async function changedRows(client: PostgresClient, table: string, { column, mark, overlap }: Since): Promise<string> {
  if (column === null) return writtenSince(await newestTransaction(client), BigInt(mark), table);
  const name = quoteName(column.name);
  const from =
    column.kind === "integer"
      ? `${BigInt(mark) - BigInt(overlap)}`
      : `${quoteText(mark)}::${column.type} - pg_catalog.make_interval(secs => ${overlap})`;
  return `(${name} >= ${from} OR ${name} IS NULL)`;
}

async function newestTransaction(client: PostgresClient): Promise<bigint> {
  const [[newest]] = (await client.query("SELECT pg_catalog.txid_snapshot_xmax(pg_catalog.txid_current_snapshot())::text")) as [
    [string],
  ];
  return BigInt(newest);
}

/**
 * Rows whose transaction is `oldest` or a later one. A frozen row keeps its id; one of a former round of the counter may look like one of this round, and is read once more.
 * Throws INCREMENT_REFUSED where the mark is so old that changed rows may look like older ones.
 */
export function writtenSince(newest: bigint, oldest: bigint, table: string): string {
  if (oldest > newest || newest - oldest >= XIDS / 2n)
    throw new StandinError("INCREMENT_REFUSED", `The last run's mark of ${table} is too old, or of another server.`, {
      table,
      hint: "Run the whole once, without --incremental.",
    });
  const [from, to] = [oldest % XIDS, newest % XIDS];
  const xid = "xmin::text::bigint";
  return from <= to ? `${xid} BETWEEN ${from} AND ${to}` : `(${xid} >= ${from} OR ${xid} <= ${to})`;
}
