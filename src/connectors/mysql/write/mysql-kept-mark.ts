import type { MysqlClient } from "../mysql-client.ts";
import { quoteText } from "../mysql-sql.ts";
import { OUR_PREFIX } from "./staging-names.ts";

/** Holds where the last run left off, sealed. */
const MARK_TABLE = `${OUR_PREFIX}left_off`;

async function hasMark(client: MysqlClient): Promise<boolean> {
  const rows = await client.query(
    `SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ${quoteText(MARK_TABLE)}`,
  );
  return rows.length > 0;
}

export async function readKeptMark(client: MysqlClient): Promise<string | null> {
  if (!(await hasMark(client))) return null;
  const rows = await client.query(`SELECT mark FROM ${MARK_TABLE}`);
  return rows[0]?.[0] ?? null;
}

/** Makes room for a mark, before a transaction: making a table would end it. */
export async function makeRoomForMark(client: MysqlClient): Promise<void> {
  await client.execute(
    `CREATE TABLE IF NOT EXISTS ${MARK_TABLE} (id tinyint PRIMARY KEY, mark longtext NOT NULL) ENGINE=InnoDB CHARACTER SET ascii`,
  );
}

/** Takes away what the last run left: from here to the next mark there is nothing to begin at. */
export async function dropMark(client: MysqlClient): Promise<void> {
  if (await hasMark(client)) await client.execute(`DROP TABLE ${MARK_TABLE}`);
}

/** Leaves a mark, in the transaction under way if there is one. */
export async function writeMark(client: MysqlClient, mark: string): Promise<void> {
  await client.execute(`REPLACE INTO ${MARK_TABLE} VALUES (1, ${quoteText(mark)})`);
}
