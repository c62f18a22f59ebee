import { execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { delimiter, join } from "node:path";
import { type Connection, createConnection } from "mysql2/promise";
import { afterAll, describe } from "vitest";
import { freePort } from "./free-port.ts";

const USUAL = "mysql://root@127.0.0.1:3306";
const HOW_TO_GET_ONE = "start MariaDB or MySQL on 127.0.0.1:3306, set STANDIN_TEST_MYSQL_URL, or install its server binaries";

/** The URL, without a database, of a server that tests may make databases on, or null. Found once per test file. */
export const mysqlUrl: string | null = await findServer();

/** Runs a suite against a real MariaDB or MySQL; without one it is skipped with a line that says how to get one, and fails under CI=true. */
export function describeWithMysql(name: string, suite: () => void): void {
  if (mysqlUrl !== null) describe(name, suite);
  else if (process.env.CI === "true") throw new Error(`No MariaDB or MySQL to test against: ${HOW_TO_GET_ONE}.`);
  else describe.skip(`${name} (skipped: ${HOW_TO_GET_ONE})`, suite);
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

export const quoteMysql = (name: string): string => `\`${name.replaceAll("`", "``")}\``;

async function findServer(): Promise<string | null> {
  if (process.env.STANDIN_TEST_SERVERS === "off") return null;
  const wanted = process.env.STANDIN_TEST_MYSQL_URL;
  if (wanted !== undefined) return Object.assign(new URL(wanted), { pathname: "" }).toString();
  if (await answers(USUAL)) return USUAL;
  return startInstalled();
}

async function answers(url: string): Promise<boolean> {
  try {
    const session = await createConnection({ uri: url, connectTimeout: 2000 });
    session.destroy();
    return true;
  } catch {
    return false;
  }
}

/** Starts an installed server on a port of its own, in a folder that goes when the tests do. */
async function startInstalled(): Promise<string | null> {
  const server = findProgram("mariadbd") ?? findProgram("mysqld");
  if (server === null) return null;
  const folder = mkdtempSync(join(tmpdir(), "standin-mysql-"));
  // As root the server wants to be told by name that it may stay root.
  const common = ["--no-defaults", `--user=${userInfo().username}`, `--datadir=${join(folder, "data")}`];
  try {
    initialize(server, common);
    const port = await freePort();
    const child = spawn(
      server,
      [...common, `--port=${port}`, `--socket=${join(folder, "socket")}`, "--bind-address=127.0.0.1", "--local-infile=1"],
      { stdio: "ignore" },
    );
    // The runner ends its workers without an "exit": the file's last hook is the moment to stop.
    afterAll(async () => {
      child.kill("SIGKILL");
      await once(child, "exit");
      rmSync(folder, { recursive: true, force: true });
    });
    const url = `mysql://root@127.0.0.1:${port}`;
    for (let attempt = 0; attempt < 200; attempt++) {
      if (await answers(url)) return url;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  } catch {
    rmSync(folder, { recursive: true, force: true });
  }
  return null;
}

/** Makes the system tables, with a root that needs no password. */
function initialize(server: string, common: readonly string[]): void {
  const installer = findProgram("mariadb-install-db");
  if (installer === null) execFileSync(server, [...common, "--initialize-insecure"], { stdio: "ignore" });
  else execFileSync(installer, [...common, "--auth-root-authentication-method=normal", "--skip-test-db"], { stdio: "ignore" });
}

function findProgram(name: string): string | null {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/usr/local/sbin", "/usr/local/mysql/bin"];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path)) ?? null;
}
