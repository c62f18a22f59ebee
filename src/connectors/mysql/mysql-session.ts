import type { MysqlClient } from "./mysql-client.ts";

/**
 * No mode refuses or changes a value that a server can hold (zero dates, a 0 in an AUTO_INCREMENT column). It is not a strict one: LOAD DATA LOCAL turns
 * errors into warnings in any mode, so every statement's warnings are counted instead, and one is a failure.
 */
export const PINNED_SQL_MODE = "NO_AUTO_VALUE_ON_ZERO,ALLOW_INVALID_DATES,NO_ENGINE_SUBSTITUTION";

/** Settings that change the text of values, hide rows, or end a session that waits for its other side. */
const PINNED = [
  `sql_mode = '${PINNED_SQL_MODE}'`,
  "time_zone = '+00:00'",
  "autocommit = 1",
  "sql_select_limit = 18446744073709551615",
  "sql_auto_is_null = 0",
  "sql_quote_show_create = 1",
  "sql_notes = 1",
  "sql_warnings = 0",
  // It refuses to delete rows that no constant tells.
  "sql_safe_updates = 0",
  "unique_checks = 1",
  "foreign_key_checks = 1",
  // The server holds a table for as long as it waits for the rest of a LOAD DATA: not for ever, where its client is gone for good.
  "net_read_timeout = 3600",
  "net_write_timeout = 86400",
  "wait_timeout = 86400",
  "group_concat_max_len = 1048576",
];

/** Whoever holds a lock on the target for longer than this is using it. */
const TARGET_ONLY = ["lock_wait_timeout = 30", "innodb_lock_wait_timeout = 30"];

/** Has the server cancel a statement that reads for longer: whatever the two servers call that. 0 is no limit. */
export async function limitStatements(client: MysqlClient, seconds: number): Promise<void> {
  const setting = (await isMariaDb(client))
    ? `max_statement_time = ${seconds}`
    : `max_execution_time = ${Math.ceil(seconds * 1000)}`;
  await client.execute(`SET SESSION ${setting}`);
}

/** Pins the session. Settings that only one of the two servers has are set where they are. */
export async function pinSession(client: MysqlClient, statementSeconds = 0): Promise<void> {
  await client.execute("SET NAMES utf8mb4");
  await limitStatements(client, statementSeconds);
  const settings = [...PINNED, ...(client.side === "target" ? TARGET_ONLY : [])];
  // How large a table is, and which number its AUTO_INCREMENT has reached, MySQL tells as it was up to a day ago.
  if (!(await isMariaDb(client))) settings.push("information_schema_stats_expiry = 0");
  await client.execute(`SET ${settings.map((setting) => `SESSION ${setting}`).join(", ")}`);
}

export async function isMariaDb(client: MysqlClient): Promise<boolean> {
  const [[version]] = (await client.query("SELECT VERSION()")) as [[string]];
  return /mariadb/i.test(version);
}

/** The one snapshot that serves every read of transactional tables. */
export async function beginSnapshot(client: MysqlClient, statementSeconds = 0): Promise<void> {
  await pinSession(client, statementSeconds);
  await client.execute("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ");
  await renewSnapshot(client);
}

/** Leaves the snapshot that there is, and takes one of this moment. */
export async function renewSnapshot(client: MysqlClient): Promise<void> {
  await client.execute("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY");
}

/** What tells this database apart from every other, by whatever name its host is reached. */
export async function readIdentity(client: MysqlClient): Promise<string> {
  const [[identity]] = (await client.query(
    "SELECT CONCAT_WS('/', @@hostname, @@port, @@datadir, @@socket, IF(@@lower_case_table_names = 0, DATABASE(), LOWER(DATABASE())))",
  )) as [[string]];
  return `mysql:${identity}`;
}
