import { ReorderedBatch } from "../../../batch/reordered-batch.ts";
import type { RowBatch } from "../../../contracts.ts";
import { MysqlRows } from "../../../formats/mysql/mysql-rows.ts";
import { isHex, typeName } from "../../../formats/mysql/mysql-types.ts";
import type { StandingTable } from "../../../standing-database.ts";
import type { MysqlClient } from "../mysql-client.ts";
import { readExpression } from "../mysql-columns.ts";
import { quoteName, quoteNames, quoteText } from "../mysql-sql.ts";
import { MysqlWriter } from "../write/mysql-writer.ts";
import { insertTransport } from "../write/row-transports.ts";
import { OUR_PREFIX } from "../write/staging-names.ts";

/** The session's own table for the masked cells of one batch. */
const STAGING = `${OUR_PREFIX}batch`;

const nameAt = ({ columns }: StandingTable, index: number): string => quoteName(columns[index]!.name);

function literal({ columns }: StandingTable, index: number, text: string): string {
  return isHex(columns[index]!) ? `X'${text.slice(2)}'` : quoteText(text);
}

/** `(a, b) > (x, y)` in the form for which the server uses an index. */
function behind(standing: StandingTable, after: readonly string[]): string {
  const { key } = standing;
  const is = (part: number, sign: string) =>
    `${nameAt(standing, key[part]!)} ${sign} ${literal(standing, key[part]!, after[part]!)}`;
  const ways = key.map((_, last) => [...key.slice(0, last).map((_, part) => is(part, "=")), is(last, ">")].join(" AND "));
  return ways.map((way) => `(${way})`).join(" OR ");
}

/** The next rows by key, locked until the batch is written. */
export async function readRows(
  client: MysqlClient,
  standing: StandingTable,
  after: readonly string[] | null,
  count: number,
): Promise<readonly RowBatch[]> {
  const { table, columns, key } = standing;
  const order = key.map((index) => nameAt(standing, index)).join(", ");
  const where = after === null ? "" : ` WHERE ${behind(standing, after)}`;
  const select = `SELECT ${columns.map(readExpression).join(", ")} FROM ${quoteName(table.ref.name)}${where} ORDER BY ${order} LIMIT ${count} FOR UPDATE`;
  const rows = new MysqlRows(table.ref, columns.map(isHex), {});
  const batches: RowBatch[] = [];
  for await (const _ of client.rows(select, (...row) => rows.add(...row))) batches.push(rows.take()!);
  const last = rows.take();
  return last === null ? batches : [...batches, last];
}

/** Inserts keys and masked cells into the staging table, and updates from there. */
export async function updateRows(client: MysqlClient, standing: StandingTable, batch: RowBatch): Promise<number> {
  const { table, columns, key, masked } = standing;
  const chosen = [...key, ...masked];
  const own = quoteName(table.ref.name);
  const staging = quoteName(STAGING);
  await client.execute(`DROP TEMPORARY TABLE IF EXISTS ${staging}`);
  const names = (indexes: readonly number[]) => quoteNames(indexes.map((index) => columns[index]!.name));
  // MySQL may have been told to take no table without a primary key.
  await client.execute(
    `CREATE TEMPORARY TABLE ${staging} (PRIMARY KEY (${names(key)})) ENGINE=InnoDB SELECT ${names(chosen)} FROM ${own} LIMIT 0`,
  );
  const staged = { table, columns: chosen.map((index) => columns[index]!) };
  const writer = new MysqlWriter(client, staged, insertTransport(client, staged, STAGING));
  await writer.write(new ReorderedBatch(batch, chosen));
  await writer.end();
  // A column ON UPDATE CURRENT_TIMESTAMP stays what it is only where it is told to.
  const moments = columns.flatMap((column, index) =>
    ["timestamp", "datetime"].includes(typeName(column)) && !masked.includes(index) && !key.includes(index)
      ? [`t.${nameAt(standing, index)} = t.${nameAt(standing, index)}`]
      : [],
  );
  const sets = [...masked.map((index) => `t.${nameAt(standing, index)} = s.${nameAt(standing, index)}`), ...moments].join(", ");
  const joins = key.map((index) => `t.${nameAt(standing, index)} = s.${nameAt(standing, index)}`).join(" AND ");
  const { affectedRows } = await client.execute(`UPDATE ${staging} s STRAIGHT_JOIN ${own} t ON ${joins} SET ${sets}`);
  return affectedRows;
}
