import { randomBytes } from "node:crypto";
import { type Connection, createConnection } from "mysql2/promise";
import { describeWhere } from "./describe-where.ts";

const HOW_TO_GET_ONE = "start MariaDB or MySQL on 127.0.0.1:3306, set STANDIN_TEST_MYSQL_URL, or install its server binaries";

/** The URL, without a database, of a server that tests may make databases on, or null: see find-servers.ts. */
export const mysqlUrl: string | null =
  process.env.STANDIN_TEST_SERVERS === "off" ? null : serverOf(process.env.STANDIN_TEST_MYSQL_URL);

/** Whether it is MariaDB, which has sequences, versions of rows and engines that MySQL has not. */
export const isMariaDb: boolean =
  mysqlUrl !== null && /mariadb/i.test(String((await runMysql(mysqlUrl, "SELECT VERSION() AS version"))[0]?.version));

/** Runs a suite against a real MariaDB or MySQL; without one it is skipped with a line that says how to get one, and fails under CI=true. */
export function describeWithMysql(name: string, suite: () => void): void {
  describeWhere(mysqlUrl !== null, "No MariaDB or MySQL to test against", HOW_TO_GET_ONE, name, suite);
}

/** Makes databases, one per prefix, hands in their URLs, and drops them whatever happens. */
export async function withMysqlDatabases(prefixes: readonly string[], use: (...urls: string[]) => Promise<void>): Promise<void> {
  const names = prefixes.map((prefix) => `${prefix}_${randomBytes(4).toString("hex")}`);
  try {
    for (const name of names) await runMysql(mysqlUrl!, `CREATE DATABASE ${name} CHARACTER SET utf8mb4`);
    await use(...names.map((name) => Object.assign(new URL(mysqlUrl!), { pathname: `/${name}` }).toString()));
  } finally {
    for (const name of names) await runMysql(mysqlUrl!, `DROP DATABASE IF EXISTS ${name}`);
  }
}

/** Opens a session that takes and gives values as they are, for as long as `use` runs: any date, any zone, several statements at once. */
export async function withMysqlSession<Result>(url: string, use: (session: Connection) => Promise<Result>): Promise<Result> {
  const session = await createConnection({ uri: url, charset: "utf8mb4", multipleStatements: true, dateStrings: true });
  try {
    await session.query("SET sql_mode = '', time_zone = '+00:00'");
    return await use(session);
  } finally {
    session.destroy();
  }
}

/** Runs statements, and gives the rows of the last, or only, one. */
export function runMysql(url: string, sql: string): Promise<Record<string, unknown>[]> {
  return withMysqlSession(url, async (session) => (await session.query(sql))[0] as Record<string, unknown>[]);
}

/** A table of the numbers from 1, as MariaDB and MySQL both have it, to stand behind FROM: its column is `seq`. */
export const numbersTo = (last: number): string =>
  `JSON_TABLE(CONCAT('[1', REPEAT(',1', ${last - 1}), ']'), '$[*]' COLUMNS (seq FOR ORDINALITY)) AS numbers`;

/** Lets a session's recursive queries count so far, as either server has it said. */
export const countingTo = (last: number): string =>
  `SET SESSION ${isMariaDb ? "max_recursive_iterations" : "cte_max_recursion_depth"} = ${last}`;

export const quoteMysql = (name: string): string => `\`${name.replaceAll("`", "``")}\``;

function serverOf(url: string | undefined): string | null {
  return url === undefined ? null : Object.assign(new URL(url), { pathname: "" }).toString();
}
