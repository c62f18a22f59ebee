import { spawn, spawnSync } from "node:child_process";
import { describeWhere } from "./describe-where.ts";
import { mysqlUrl } from "./mysql-server.ts";

const hasPrograms = ["mysqldump", "mysql"].every((program) => spawnSync(program, ["--version"]).status === 0);

/** Runs a suite against a real server with the programs of its clients. */
export function describeWithMysqldump(name: string, suite: () => void): void {
  describeWhere(
    mysqlUrl !== null && hasPrograms,
    "No MariaDB or mysqldump to test with",
    "install MariaDB's client programs",
    name,
    suite,
  );
}

const isOfMariaDb = /mariadb/i.test(String(spawnSync("mysqldump", ["--version"]).stdout));

/** The server's transactions are no other server's: those who copy a database leave their numbers out, which MariaDB's mysqldump has none of. */
const ONLY_THIS_DATABASE = hasPrograms && !isOfMariaDb ? ["--set-gtid-purged=OFF"] : [];

/** What mysqldump writes of a database, with these options. */
export function dumpMysql(url: string, options: readonly string[] = [], input = ""): Promise<Buffer> {
  return runProgram("mysqldump", [...connection(url), ...ONLY_THIS_DATABASE, ...options, databaseOf(url)], Buffer.from(input));
}

/** Runs a dump as its users do. Throws with what the client said. */
export function restoreMysql(url: string, dump: Uint8Array, options: readonly string[] = []): Promise<Buffer> {
  return runProgram("mysql", [...connection(url), ...options, databaseOf(url)], dump);
}

export const databaseOf = (url: string): string => new URL(url).pathname.slice(1);

/** The options that lead to a URL's server. */
function connection(url: string): string[] {
  const { hostname, port, username, password } = new URL(url);
  const secret = password === "" ? [] : [`--password=${password}`];
  return ["--no-defaults", `--host=${hostname}`, `--port=${port || 3306}`, `--user=${username}`, "--protocol=tcp", ...secret];
}

/** Runs a program from standard input to standard output. */
export function runProgram(program: string, args: readonly string[], input: Uint8Array): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args);
    const output: Buffer[] = [];
    let errors = "";
    child.stdout.on("data", (chunk: Buffer) => output.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => {
      errors += chunk;
    });
    child.on("error", reject);
    child.on("close", (status) => {
      if (status === 0) resolve(Buffer.concat(output));
      else reject(new Error(`${program} ended with ${status}: ${errors}`));
    });
    // A program that refuses its input closes it.
    child.stdin.on("error", () => {});
    child.stdin.end(input);
  });
}
