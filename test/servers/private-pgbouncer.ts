import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { freePort } from "./free-port.ts";
import { answersPostgres } from "./private-postgres.ts";

/** A PgBouncer of the tests' own before a PostgreSQL: each transaction may get another session of the server. */
export interface PrivatePgbouncer {
  /** The same database through the pooler. */
  through(url: string): string;
  stop(): Promise<void>;
}

/** Where the program is, null where it is not installed. */
export function pgbouncerBinary(): string | null {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/opt/homebrew/bin"];
  return folders.map((folder) => join(folder, "pgbouncer")).find((file) => existsSync(file)) ?? null;
}

/** Starts one in transaction mode, with a few sessions of the server, before the server of this URL. */
export async function startPgbouncer(server: string): Promise<PrivatePgbouncer> {
  const folder = mkdtempSync(join(tmpdir(), "standin-pgbouncer-"));
  const port = await freePort();
  const { hostname, port: serverPort, username } = new URL(server);
  const [settings, users] = [join(folder, "pgbouncer.ini"), join(folder, "users.txt")];
  writeFileSync(users, `"${username}" ""\n`);
  writeFileSync(
    settings,
    `[databases]
* = host=${hostname} port=${serverPort || 5432}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = trust
auth_file = ${users}
pool_mode = transaction
default_pool_size = 8
`,
  );
  // It does not run as root.
  chmodSync(folder, 0o755);
  const [program, ...parameters] =
    process.getuid?.() === 0
      ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", pgbouncerBinary()!]
      : [pgbouncerBinary()!];
  const child = spawn(program!, [...parameters, settings], { stdio: "ignore" });
  const ended = once(child, "exit");
  const through = (url: string) => Object.assign(new URL(url), { hostname: "127.0.0.1", port: String(port) }).toString();
  for (let attempt = 0; !(await answersPostgres(through(server))); attempt++) {
    if (attempt === 100 || child.exitCode !== null) throw new Error("PgBouncer did not start.");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return {
    through,
    async stop() {
      child.kill("SIGKILL");
      await ended;
      rmSync(folder, { recursive: true });
    },
  };
}
