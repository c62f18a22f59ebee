import { ReorderedBatch } from "../../../batch/reordered-batch.ts";
import type { RowBatch } from "../../../contracts.ts";
import { scanCopyText } from "../../../formats/postgres/copy-scanner.ts";
import type { StandingTable } from "../../../standing-database.ts";
import type { PostgresClient } from "../postgres-client.ts";
import { copyInStatement, quoteName, quoteTable } from "../postgres-sql.ts";
import { PostgresWriter } from "../write/postgres-writer.ts";

/** The session's own table for the masked cells of one batch. It writes no WAL. */
const STAGING = { schema: "pg_temp", name: "_standin_batch" };

const nameAt = ({ columns }: StandingTable, index: number): string => quoteName(columns[index]!.name);
/** Rows of inheritance children belong to the children; those of partitions to their root. */
const rowsOf = ({ table }: StandingTable, isPartitioned: boolean) => `${isPartitioned ? "" : "ONLY "}${quoteTable(table.ref)}`;

function literal(text: string, type: string): string {
  return `'${text.replaceAll("'", "''")}'::${type}`;
}

/** The next rows by key. The lock keeps other writers out until the batch is written. */
export async function readRows(
  client: PostgresClient,
  standing: StandingTable,
  isPartitioned: boolean,
  after: readonly string[] | null,
  rows: number,
): Promise<readonly RowBatch[]> {
  const { table, columns, key } = standing;
  await client.script(`LOCK TABLE ${rowsOf(standing, isPartitioned)} IN SHARE ROW EXCLUSIVE MODE`);
  const order = key.map((index) => nameAt(standing, index)).join(", ");
  const bound = key.map((index, part) => after && literal(after[part]!, columns[index]!.type)).join(", ");
  const where = after === null ? "" : ` WHERE (${order}) > (${bound})`;
  const list = columns.map(({ name }) => quoteName(name)).join(", ");
  const select = `SELECT ${list} FROM ${rowsOf(standing, isPartitioned)}${where} ORDER BY ${order} LIMIT ${rows}`;
  const batches: RowBatch[] = [];
  const chunks = client.copyOut(`COPY (${select}) TO STDOUT`);
  for await (const batch of scanCopyText(chunks, { table: table.ref, columnCount: columns.length, batchSize: {} }))
    batches.push(batch);
  return batches;
}

/** Copies keys and masked cells into the staging table, and updates from there. */
export async function updateRows(
  client: PostgresClient,
  standing: StandingTable,
  isPartitioned: boolean,
  batch: RowBatch,
): Promise<number> {
  const { table, columns, key, masked } = standing;
  const chosen = [...key, ...masked];
  const staging = quoteTable(STAGING);
  const names = chosen.map((index) => nameAt(standing, index)).join(", ");
  await client.script(
    `DROP TABLE IF EXISTS ${staging}; CREATE TEMP TABLE ${quoteName(STAGING.name)} ON COMMIT DROP AS SELECT ${names} FROM ${quoteTable(table.ref)} WITH NO DATA`,
  );
  const staged = { table: { ...table, ref: table.ref }, columns: chosen.map((index) => columns[index]!) };
  const writer = new PostgresWriter(await client.copyIn(copyInStatement(STAGING, staged.columns)), staged);
  await writer.write(new ReorderedBatch(batch, chosen));
  await writer.end();
  const sets = masked.map((index) => `${nameAt(standing, index)} = s.${nameAt(standing, index)}`).join(", ");
  const joins = key.map((index) => `t.${nameAt(standing, index)} = s.${nameAt(standing, index)}`).join(" AND ");
  const [[count]] = (await client.query(
    `WITH updated AS (UPDATE ${rowsOf(standing, isPartitioned)} t SET ${sets} FROM ${staging} s WHERE ${joins} RETURNING 1)
     SELECT pg_catalog.count(*)::text FROM updated`,
  )) as [[string]];
  return Number(count);
}
