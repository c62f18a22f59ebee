import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { freePort } from "./free-port.ts";

/** A PostgreSQL of the tests' own, on a port of its own, in a folder that goes with it: it may be treated as nobody treats a server that others use. */
export interface PrivatePostgres {
  readonly url: string;
  readonly folder: string;
  readonly data: string;
  start(settings?: Readonly<Record<string, string>>): Promise<void>;
  /** Fast: ends every session in order. Immediate: as a power cut. */
  stop(how: "fast" | "immediate"): Promise<void>;
  /** Stops it and takes its folder away. */
  remove(): Promise<void>;
}

const isRoot = process.getuid?.() === 0;

/** Where the server's programs are, null where they are not installed. */
export function postgresBinaries(): string | null {
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

/** PostgreSQL does not run as root; its packages bring a user of their own. */
function asServer(program: string, parameters: readonly string[]): [string, string[]] {
  return isRoot ? ["runuser", ["-u", "postgres", "--", program, ...parameters]] : [program, [...parameters]];
}

/** Runs one of the server's programs, such as pg_basebackup, as who runs the server. */
export function runAsServer(program: string, parameters: readonly string[]): void {
  execFileSync(...asServer(join(postgresBinaries()!, program), parameters), { stdio: "ignore" });
}

/** A server that is not started yet. `fill` makes its data folder: by default an empty cluster that trusts everybody here. */
export async function makePostgres(fill = initialize): Promise<PrivatePostgres> {
  const folder = mkdtempSync(join(tmpdir(), "standin-pg-"));
  const data = join(folder, "data");
  const port = await freePort();
  const url = `postgres://root@127.0.0.1:${port}/postgres`;
  let child: ChildProcess | null = null;
  const server: PrivatePostgres = {
    url,
    folder,
    data,
    async start(settings = {}) {
      const set = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
      const parameters = ["-D", data, "-p", String(port), "-h", "127.0.0.1", "-k", folder, ...set];
      child = spawn(...asServer(join(postgresBinaries()!, "postgres"), parameters), { stdio: "ignore" });
      for (let attempt = 0; attempt < 200 && child.exitCode === null; attempt++) {
        if (await answersPostgres(url)) return;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      throw new Error("PostgreSQL did not start.");
    },
    async stop(how) {
      if (child === null || child.exitCode !== null) return;
      const ended = once(child, "exit");
      // Not the child: started as another user, that is a runuser, which keeps the signal to itself.
      const pid = Number.parseInt(readFileSync(join(data, "postmaster.pid"), "utf8"), 10);
      process.kill(pid, how === "fast" ? "SIGINT" : "SIGQUIT");
      await ended;
    },
    async remove() {
      await server.stop("immediate");
      rmSync(folder, { recursive: true, force: true });
    },
  };
  try {
    if (isRoot) execFileSync("chown", ["postgres", folder]);
    fill(data);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  return server;
}

function initialize(data: string): void {
  runAsServer("initdb", ["-D", data, "-U", "root", "-A", "trust", "-E", "UTF8", "--no-sync"]);
}

/** Whether somebody lets us in. */
export async function answersPostgres(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000 });
  try {
    await client.connect();
    await client.end();
    return true;
  } catch {
    return false;
  }
}
