import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { delimiter, join } from "node:path";
import { createConnection } from "mysql2/promise";
import { freePort } from "./free-port.ts";

/** A MariaDB or MySQL of the tests' own, on a port of its own, in a folder that goes with it. */
export interface PrivateMysql {
  readonly url: string;
  readonly folder: string;
  /** Starts it with more options, each as on its command line. */
  start(...options: string[]): Promise<void>;
  /** As a power cut. */
  kill(): Promise<void>;
  /** Stops it and takes its folder away. */
  remove(): Promise<void>;
}

/** Where the server's program is, null where it is not installed. */
export const mysqlBinary = (): string | null => findProgram("mariadbd") ?? findProgram("mysqld");

/** A server that is not started yet, with a root that needs no password. */
export async function makeMysql(): Promise<PrivateMysql> {
  const program = mysqlBinary()!;
  const folder = mkdtempSync(join(tmpdir(), "standin-mysql-"));
  // As root the server wants to be told by name that it may stay root.
  const common = ["--no-defaults", `--user=${userInfo().username}`, `--datadir=${join(folder, "data")}`];
  const port = await freePort();
  const url = `mysql://root@127.0.0.1:${port}`;
  let child: ChildProcess | null = null;
  const server: PrivateMysql = {
    url,
    folder,
    async start(...options) {
      const place = [`--port=${port}`, `--socket=${join(folder, "socket")}`, "--bind-address=127.0.0.1", "--local-infile=1"];
      child = spawn(program, [...common, ...place, ...options], { stdio: "ignore" });
      for (let attempt = 0; attempt < 300 && child.exitCode === null; attempt++) {
        if (await answersMysql(url)) return;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      throw new Error("The server did not start.");
    },
    async kill() {
      if (child === null || child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, "exit");
      child.kill("SIGKILL");
      await ended;
    },
    async remove() {
      await server.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  try {
    initialize(program, common);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  return server;
}

/** Makes the system tables. */
function initialize(server: string, common: readonly string[]): void {
  const installer = findProgram("mariadb-install-db");
  if (installer === null) execFileSync(server, [...common, "--initialize-insecure"], { stdio: "ignore" });
  else execFileSync(installer, [...common, "--auth-root-authentication-method=normal", "--skip-test-db"], { stdio: "ignore" });
}

/** Whether somebody lets us in. */
export async function answersMysql(url: string): Promise<boolean> {
  try {
    const session = await createConnection({ uri: url, connectTimeout: 2000 });
    session.destroy();
    return true;
  } catch {
    return false;
  }
}

function findProgram(name: string): string | null {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/usr/local/sbin", "/usr/local/mysql/bin"];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path)) ?? null;
}
