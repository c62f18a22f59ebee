import { execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, describe } from "vitest";
import { freePort } from "./free-port.ts";

const USUAL = "postgres://root@127.0.0.1:5432/postgres";
const HOW_TO_GET_ONE = "start PostgreSQL on 127.0.0.1:5432, set STANDIN_TEST_PG_URL, or install its server binaries";

/** The URL of a server that tests may make databases on, or null. Found once per test file. */
export const postgresUrl: string | null = await findServer();

/** Runs a suite against a real PostgreSQL; without one it is skipped with a line that says how to get one, and fails under CI=true. */
export function describeWithPostgres(name: string, suite: () => void): void {
  if (postgresUrl !== null) describe(name, suite);
  else if (process.env.CI === "true") throw new Error(`No PostgreSQL to test against: ${HOW_TO_GET_ONE}.`);
  else describe.skip(`${name} (skipped: ${HOW_TO_GET_ONE})`, suite);
}

/** Makes databases, one per prefix, hands in their URLs, and drops them whatever happens. */
export async function withDatabases(prefixes: readonly string[], use: (...urls: string[]) => Promise<void>): Promise<void> {
  const names = prefixes.map((prefix) => `${prefix}_${randomBytes(4).toString("hex")}`);
  try {
    for (const name of names) await administer(`CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8'`);
    await use(...names.map((name) => Object.assign(new URL(postgresUrl!), { pathname: `/${name}` }).toString()));
  } finally {
    for (const name of names) await administer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  }
}

async function administer(sql: string): Promise<void> {
  const client = new pg.Client(postgresUrl!);
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

async function findServer(): Promise<string | null> {
  if (process.env.STANDIN_TEST_SERVERS === "off") return null;
  const wanted = process.env.STANDIN_TEST_PG_URL;
  if (wanted !== undefined) return wanted;
  if (await answers(USUAL)) return USUAL;
  return startInstalled();
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000 });
  try {
    await client.connect();
    await client.end();
    return true;
  } catch {
    return false;
  }
}

/** Starts an installed server on a port of its own, in a folder that goes when the tests do. */
async function startInstalled(): Promise<string | null> {
  const bin = findBinaries();
  if (bin === null) return null;
  const folder = mkdtempSync(join(tmpdir(), "standin-pg-"));
  const isRoot = process.getuid?.() === 0;
  // PostgreSQL does not run as root; its packages bring a user of their own.
  const as = isRoot ? { command: "runuser", prefix: ["-u", "postgres", "--"] } : null;
  const data = join(folder, "data");
  try {
    if (isRoot) execFileSync("chown", ["postgres", folder]);
    const [initdb, initArguments] = command(as, join(bin, "initdb"), ["-D", data, "-U", "root", "-A", "trust", "-E", "UTF8"]);
    execFileSync(initdb, initArguments, { stdio: "ignore" });
    const port = await freePort();
    const [server, serverArguments] = command(as, join(bin, "postgres"), [
      "-D",
      data,
      "-p",
      String(port),
      "-h",
      "127.0.0.1",
      "-k",
      folder,
    ]);
    const child = spawn(server, serverArguments, { stdio: "ignore" });
    // The runner ends its workers without an "exit": the file's last hook is the moment to stop.
    afterAll(async () => {
      // Not the child: started as another user, that is a runuser, which keeps the signal to itself.
      process.kill(Number.parseInt(readFileSync(join(data, "postmaster.pid"), "utf8"), 10), "SIGINT");
      await once(child, "exit");
      rmSync(folder, { recursive: true, force: true });
    });
    const url = `postgres://root@127.0.0.1:${port}/postgres`;
    for (let attempt = 0; attempt < 100; attempt++) {
      if (await answers(url)) return url;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  } catch {
    rmSync(folder, { recursive: true, force: true });
  }
  return null;
}

function command(as: { command: string; prefix: string[] } | null, program: string, parameters: string[]): [string, string[]] {
  return as === null ? [program, parameters] : [as.command, [...as.prefix, program, ...parameters]];
}

function findBinaries(): string | null {
  const root = "/usr/lib/postgresql";
  const versions = existsSync(root) ? readdirSync(root).sort((one, other) => Number(other) - Number(one)) : [];
  const folders = [
    ...versions.map((version) => join(root, version, "bin")),
    "/usr/local/pgsql/bin",
    "/opt/homebrew/bin",
    "/usr/local/bin",
  ];
  return folders.find((folder) => existsSync(join(folder, "initdb"))) ?? null;
}
