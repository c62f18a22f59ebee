import type { StagedShard } from "../../../contracts.ts";
import type { MysqlClient } from "../mysql-client.ts";
import { quoteName, quoteText } from "../mysql-sql.ts";
import { SHARDS_TABLE } from "./staging-names.ts";

/** Where the rows of a shard are. */
export interface ShardPlace {
  /** 0 for the staging table itself, which marks them; else the slot of the session that wrote them. */
  readonly slot: number;
  /** Numbers of rows in the slot's table, each included. */
  readonly firstRow: number;
  readonly endRow: number;
}

/** A shard that is kept, with its rows' place. */
export interface PlacedShard extends ShardPlace, StagedShard {
  /** In the order in which they were kept. Rows in the staging table are marked with it. */
  readonly position: number;
}

/** The staging table, where a mark says which rows are meant. */
export const IN_STAGING: ShardPlace = { slot: 0, firstRow: 0, endRow: 0 };

const SHARDS = quoteName(SHARDS_TABLE);

export async function createRecords(client: MysqlClient): Promise<void> {
  await client.execute(
    `CREATE TABLE ${SHARDS} (position int unsigned AUTO_INCREMENT PRIMARY KEY, table_name varchar(64) NOT NULL, shard varchar(255) NOT NULL,
       row_count bigint unsigned NOT NULL, checksum varchar(16) NOT NULL, slot int unsigned NOT NULL, first_row bigint unsigned NOT NULL,
       end_row bigint unsigned NOT NULL, UNIQUE (table_name, shard)) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`,
  );
}

const RECORDS = `SELECT position, table_name, shard, row_count, checksum, slot, first_row, end_row FROM ${SHARDS}`;

/** The shards of a table, or of all, in the order in which they were kept. */
export async function readPlaces(client: MysqlClient, table?: string): Promise<readonly PlacedShard[]> {
  const ofTable = table === undefined ? "" : `WHERE table_name = ${quoteText(table)}`;
  const rows = await client.query(`${RECORDS} ${ofTable} ORDER BY position`);
  return rows.map(([position, name, shard, count, checksum, slot, firstRow, endRow]) => ({
    position: Number(position),
    ...{ table: name!, shard: shard!, rows: Number(count), checksum: checksum! },
    ...{ slot: Number(slot), firstRow: Number(firstRow), endRow: Number(endRow) },
  }));
}

export async function readRecords(client: MysqlClient): Promise<readonly StagedShard[]> {
  return (await readPlaces(client)).map(({ table, shard, rows, checksum }) => ({ table, shard, rows, checksum }));
}

/** The rows of a shard that is kept, null where it is not. */
export async function recordedRows(client: MysqlClient, table: string, shard: string): Promise<number | null> {
  const rows = await client.query(
    `SELECT row_count FROM ${SHARDS} WHERE table_name = ${quoteText(table)} AND shard = ${quoteText(shard)}`,
  );
  return rows.length === 0 ? null : Number(rows[0]![0]);
}

/** Whether rows of a table wait in slots. */
export async function hasSlots(client: MysqlClient, table: string): Promise<boolean> {
  const rows = await client.query(`SELECT 1 FROM ${SHARDS} WHERE table_name = ${quoteText(table)} AND slot > 0 LIMIT 1`);
  return rows.length > 0;
}

/** Keeps the record of a shard whose rows the transaction under way brings. Without a position it comes behind all others. */
export async function keepRecord(
  client: MysqlClient,
  { table, shard, rows, checksum }: StagedShard,
  { slot, firstRow, endRow }: ShardPlace,
  position: number | null = null,
): Promise<void> {
  await client.execute(
    `INSERT INTO ${SHARDS} (position, table_name, shard, row_count, checksum, slot, first_row, end_row)
     VALUES (${position ?? "NULL"}, ${quoteText(table)}, ${quoteText(shard)}, ${rows}, ${quoteText(checksum)}, ${slot}, ${firstRow}, ${endRow})`,
  );
}

/** In the transaction under way. */
export async function forgetShards(client: MysqlClient, positions: readonly number[]): Promise<void> {
  await client.execute(`DELETE FROM ${SHARDS} WHERE position IN (${positions.join(", ")})`);
}

/** In the transaction under way. */
export async function forgetTable(client: MysqlClient, table: string): Promise<void> {
  await client.execute(`DELETE FROM ${SHARDS} WHERE table_name = ${quoteText(table)}`);
}

/** The position behind all others. */
export async function nextPosition(client: MysqlClient): Promise<number> {
  const [[position]] = (await client.query(`SELECT COALESCE(MAX(position), 0) + 1 FROM ${SHARDS}`)) as [[string]];
  return Number(position);
}
