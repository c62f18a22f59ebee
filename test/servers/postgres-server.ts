import { randomBytes } from "node:crypto";
import pg from "pg";
import { describeWhere } from "./describe-where.ts";

const HOW_TO_GET_ONE = "start PostgreSQL on 127.0.0.1:5432, set STANDIN_TEST_PG_URL, or install its server binaries";

/** The URL of a server that tests may make databases on, or null: see find-servers.ts. */
export const postgresUrl: string | null =
  process.env.STANDIN_TEST_SERVERS === "off" ? null : (process.env.STANDIN_TEST_PG_URL ?? null);

/** Runs a suite against a real PostgreSQL; without one it is skipped with a line that says how to get one, and fails under CI=true. */
export function describeWithPostgres(name: string, suite: () => void): void {
  describeWhere(postgresUrl !== null, "No PostgreSQL to test against", HOW_TO_GET_ONE, name, suite);
}

/** Makes databases, one per prefix, hands in their URLs, and drops them whatever happens. */
export async function withDatabases(prefixes: readonly string[], use: (...urls: string[]) => Promise<void>): Promise<void> {
  const names = prefixes.map((prefix) => `${prefix}_${randomBytes(4).toString("hex")}`);
  try {
    for (const name of names) await administer(`CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8'`);
    await use(...names.map((name) => Object.assign(new URL(postgresUrl!), { pathname: `/${name}` }).toString()));
  } finally {
    for (const name of names) await dropDatabase(name);
  }
}

const administer = (sql: string) => asAdministrator((client) => client.query(sql));

/** Drops a database whatever is still connected to it, which PostgreSQL does by itself from 13 on. */
function dropDatabase(name: string): Promise<void> {
  return asAdministrator(async (client) => {
    const { rows } = await client.query("SELECT current_setting('server_version_num')::integer >= 130000 AS can_force");
    if (!rows[0].can_force)
      await client.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", [name]);
    await client.query(`DROP DATABASE IF EXISTS ${name}${rows[0].can_force ? " WITH (FORCE)" : ""}`);
  });
}

async function asAdministrator(use: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client(postgresUrl!);
  await client.connect();
  try {
    await use(client);
  } finally {
    await client.end();
  }
}
