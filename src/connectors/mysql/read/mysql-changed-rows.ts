import type { ChangeTeller, Since } from "../../../contracts.ts";
import type { MysqlClient } from "../mysql-client.ts";
import { quoteName, quoteText } from "../mysql-sql.ts";

/** Where a table is in the snapshot: the largest value of its column, but for what lies in the future, behind which nothing would be seen to change. */
export async function readMarkOf(client: MysqlClient, { table, column }: ChangeTeller): Promise<string | null> {
  if (column === null) throw new TypeError("The rows of MySQL have no xmin.");
  const name = quoteName(column.name);
  const past = column.kind === "integer" ? "" : ` WHERE ${name} <= NOW() + INTERVAL 1 DAY`;
  const rows = await client.query(`SELECT MAX(${name}) FROM ${quoteName(table.name)}${past}`);
  return rows[0]![0] ?? null;
}

/** The condition on the rows that may have changed since a mark. Rows without a value of the column are always among them. */
export function changedRows({ column, mark, overlap }: Since): string {
  const name = quoteName(column!.name);
  const from =
    column!.kind === "integer"
      ? `${BigInt(mark) - BigInt(overlap)}`
      : `CAST(${quoteText(mark)} AS DATETIME(6)) - INTERVAL ${overlap} SECOND`;
  return `(${name} >= ${from} OR ${name} IS NULL)`;
}
