import { spawn } from "node:child_process";
import type { SchemaDefinition } from "../../contracts.ts";
import { StandinError } from "../../errors.ts";
import { aborted } from "../database-errors.ts";
import type { PgAddress } from "./pg-client.ts";
import { quoteName } from "./postgres-sql.ts";
import { MARK_SCHEMA } from "./write/postgres-kept-mark.ts";
import { STAGING } from "./write/stage-schema.ts";

/** pg_dump locks every table, also those that are not copied, and by itself would wait for ever. */
const LOCK_WAIT_MS = 60_000;

const MIGRATE = "create the target's tables by your migrations";

/**
 * Describes a database by the installed `pg_dump`: what comes before the rows (types, functions, tables), and what after them (indexes, constraints,
 * triggers), each as one string of statements. Owners and grants are left out: the target has its own roles.
 *
 * Each pg_dump takes a session: no more than `sessions` at a time.
 *
 * Throws DRIVER_MISSING where there is no pg_dump, or one older than the server.
 */
export async function dumpDefinition(
  address: PgAddress | null,
  schemas: readonly string[] | null,
  sessions: number,
  signal: AbortSignal,
): Promise<SchemaDefinition> {
  if (address === null) {
    throw new StandinError("DRIVER_MISSING", "The target has no tables, and an embedded source cannot describe its own.", {
      hint: `${MIGRATE[0]!.toUpperCase()}${MIGRATE.slice(1)}.`,
    });
  }
  if (sessions < 1) {
    throw new StandinError(
      "OPTION_INVALID",
      "The target has no tables, and pg_dump needs a second session to describe the source's.",
      {
        hint: `Allow 2 (sourceLimits → connections), or ${MIGRATE}.`,
      },
    );
  }
  const dump = (section: string) => runPgDump(address, dumpArguments(section, schemas), signal);
  const first = dump("pre-data");
  if (sessions < 2) await first;
  const [before, after] = await Promise.all([first, dump("post-data")]);
  return { beforeRows: [stripPreamble(before)], afterRows: [stripPreamble(after)] };
}

function dumpArguments(section: string, schemas: readonly string[] | null): string[] {
  const flags = ["--schema-only", "--no-owner", "--no-privileges", "--no-publications", "--no-subscriptions", "--no-password"];
  flags.push(`--lock-wait-timeout=${LOCK_WAIT_MS}`);
  // A source that was a target once may hold the staging of a run that nobody finished.
  flags.push(`--exclude-schema=${STAGING}`, `--exclude-schema=${MARK_SCHEMA}`);
  // A choice of schemas leaves extensions out, and their types may be what the tables are made of.
  const choice = schemas === null ? [] : [...schemas.map((name) => `--schema=${quoteName(name)}`), "--extension=*"];
  return [...flags, `--section=${section}`, ...choice];
}

function runPgDump(
  { host, port, user, database, password, sslMode }: PgAddress,
  flags: readonly string[],
  signal: AbortSignal,
): Promise<string> {
  const { STANDIN_KEY: _key, ...inherited } = process.env;
  const env: NodeJS.ProcessEnv = {
    ...inherited,
    PGHOST: host,
    PGPORT: String(port),
    ...(user === undefined ? {} : { PGUSER: user }),
    ...(database === undefined ? {} : { PGDATABASE: database }),
    ...(password === undefined ? {} : { PGPASSWORD: password }),
    ...(sslMode === undefined ? {} : { PGSSLMODE: sslMode }),
    PGAPPNAME: "standin",
    LC_ALL: "C",
  };
  return new Promise((resolve, reject) => {
    const child = spawn("pg_dump", flags, { env, stdio: ["ignore", "pipe", "pipe"], signal });
    const output: Buffer[] = [];
    let complaint = "";
    child.stdout.on("data", (bytes: Buffer) => output.push(bytes));
    child.stderr.on("data", (bytes: Buffer) => {
      complaint = (complaint + bytes).slice(0, 10_000);
    });
    child.on("error", () =>
      reject(
        signal.aborted
          ? aborted()
          : new StandinError(
              "DRIVER_MISSING",
              "The target has no tables, and pg_dump, which would describe the source's, is not installed.",
              {
                hint: `Install the PostgreSQL client programs, or ${MIGRATE}.`,
              },
            ),
      ),
    );
    child.on("close", (status) => {
      if (status === 0) resolve(Buffer.concat(output).toString("utf8"));
      else reject(dumpFailure(status, complaint));
    });
  });
}

function dumpFailure(status: number | null, complaint: string): StandinError {
  if (complaint.includes("version mismatch")) {
    return new StandinError("DRIVER_MISSING", "The installed pg_dump is older than the source's server.", {
      hint: `Install the PostgreSQL client programs of the server's version, or ${MIGRATE}.`,
    });
  }
  if (complaint.includes("lock timeout") || complaint.includes("could not lock")) {
    return new StandinError(
      "SOURCE_FAILED",
      "Another session holds a lock on the source's tables, so pg_dump cannot describe them.",
      {
        hint: "Wait until the source's migration is over, and run again.",
      },
    );
  }
  if (complaint.includes("permission denied")) {
    return new StandinError("PRIVILEGE_MISSING", "The source's role may not read all that pg_dump describes.", {
      hint: `GRANT SELECT on every table and sequence (pg_read_all_data), or ${MIGRATE}.`,
    });
  }
  return new StandinError("SOURCE_FAILED", `pg_dump could not describe the source (exit code ${status}).`, {
    hint: `Run pg_dump --schema-only yourself to see why, or ${MIGRATE}.`,
  });
}

/**
 * Takes off what pg_dump puts around its statements: psql's `\restrict` and `\unrestrict`, which are no SQL, and settings, of which the newest pg_dump
 * knows some that an older server refuses. Our sessions are pinned anyway. Any other backslash line is left in: the server refuses it as SQL.
 */
export function stripPreamble(dump: string): string {
  const lines = dump.split("\n");
  let key: string | undefined;
  let first = 0;
  for (; first < lines.length; first++) {
    const line = lines[first]!;
    const restrict = /^\\restrict ([A-Za-z0-9]+)$/.exec(line);
    if (restrict !== null && key === undefined) key = restrict[1];
    else if (!/^(--.*|SET \w+ = [^;]*;|SELECT pg_catalog\.set_config\('search_path', '', false\);|)$/.test(line)) break;
  }
  const rest = lines.slice(first);
  const last = rest.findLastIndex((line) => line !== "");
  if (key !== undefined && rest[last] === `\\unrestrict ${key}`) rest.length = last;
  return rest.join("\n");
}
