import type { Mark } from "../../../standing-database.ts";
import type { MysqlClient } from "../mysql-client.ts";
import { readIdentity } from "../mysql-session.ts";
import { quoteText } from "../mysql-sql.ts";
import { OUR_PREFIX } from "../write/staging-names.ts";

const MARK_TABLE = `${OUR_PREFIX}mark`;
export const NOTES_TABLE = `${OUR_PREFIX}notes`;

/**
 * What the mark must say: the server's host, port and folders, the database's name, and when the mark's table was made, which a dump does not carry. So neither a dump
 * nor a restored backup of a marked database is marked. Null where there is no such table.
 */
async function ownText(client: MysqlClient): Promise<string | null> {
  const rows = await client.query(
    `SELECT CREATE_TIME FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ${quoteText(MARK_TABLE)}`,
  );
  return rows.length === 0 ? null : `not production, ${await readIdentity(client)} ${rows[0]![0]}`;
}

export async function readMark(client: MysqlClient): Promise<Mark> {
  const own = await ownText(client);
  if (own === null) return "none";
  const rows = await client.query(`SELECT says FROM ${MARK_TABLE}`);
  return rows.length === 1 && rows[0]![0] === own ? "own" : "foreign";
}

export async function setMark(client: MysqlClient): Promise<void> {
  await client.execute(`DROP TABLE IF EXISTS ${MARK_TABLE}`);
  await client.execute(`CREATE TABLE ${MARK_TABLE} (id tinyint PRIMARY KEY, says text) ENGINE=InnoDB CHARACTER SET utf8mb4`);
  await client.execute(`INSERT INTO ${MARK_TABLE} VALUES (1, ${quoteText((await ownText(client))!)})`);
}

/** Takes the notes of a run along. */
export async function removeMark(client: MysqlClient): Promise<void> {
  await client.execute(`DROP TABLE IF EXISTS ${NOTES_TABLE}`);
  await client.execute(`DROP TABLE IF EXISTS ${MARK_TABLE}`);
}
