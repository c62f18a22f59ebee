import type { PostgresClient } from "./postgres-client.ts";

/** Settings that change the text of values, hide rows, end a session that waits for its other side, or make it wait for nothing. */
const PINNED = {
  client_encoding: "UTF8",
  DateStyle: "ISO, MDY",
  IntervalStyle: "postgres",
  TimeZone: "UTC",
  extra_float_digits: "3",
  bytea_output: "hex",
  lc_monetary: "C",
  xmloption: "content",
  standard_conforming_strings: "on",
  // Off, an array's NULL would be read as the word.
  array_nulls: "on",
  search_path: "",
  transaction_timeout: "0",
  idle_in_transaction_session_timeout: "0",
  // Filtering by row-level security becomes an error instead of missing rows.
  row_security: "off",
  // The catalog of a thousand tables looks costly enough to the planner to be compiled: 0.9 s for a query of 0.1 s.
  jit: "off",
  application_name: "standin",
  client_min_messages: "warning",
  // An aborted run must not go on working on the server.
  client_connection_check_interval: "2s",
};

const SOURCE_ONLY = {
  lock_timeout: "0",
  // A table is read in the order of its blocks, by whoever and whenever, and partitions one after the other: its parts, in order, are the whole.
  synchronize_seqscans: "off",
  max_parallel_workers_per_gather: "0",
  enable_indexonlyscan: "off",
  // Off, each part would cost a look at the whole table.
  enable_tidscan: "on",
};

/** Limits of a statement, in the server's milliseconds: 0 is none. */
const statementTimeout = (seconds: number) => ({ statement_timeout: String(Math.ceil(seconds * 1000)) });

/** Whoever holds a lock on the target for longer than this is using it. */
const TARGET_ONLY = { lock_timeout: "30s", check_function_bodies: "off" };

/**
 * Pins the session for the transaction that has just begun, and for no longer: a caller's own session, or one behind a pooler, gets its settings back.
 * Settings that the server's version does not have are left out.
 */
export async function pinTransaction(client: PostgresClient, side: "source" | "target", statementSeconds = 0): Promise<void> {
  const settings = { ...PINNED, ...(side === "source" ? SOURCE_ONLY : TARGET_ONLY), ...statementTimeout(statementSeconds) };
  await client.query(
    `SELECT pg_catalog.set_config(s.name, w.value, true)
       FROM pg_catalog.json_each_text($1::text::json) w (name, value)
       JOIN pg_catalog.pg_settings s ON pg_catalog.lower(s.name) = pg_catalog.lower(w.name)`,
    [JSON.stringify(settings)],
  );
}

const BEGIN_READING = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/** The one snapshot that serves every read. */
export async function beginSnapshot(client: PostgresClient, statementSeconds = 0): Promise<void> {
  await client.query(BEGIN_READING);
  await pinTransaction(client, "source", statementSeconds);
}

/** The snapshot that another session has exported, for as long as that one's transaction is open. */
export async function joinSnapshot(client: PostgresClient, exportedId: string, statementSeconds = 0): Promise<void> {
  await client.query(BEGIN_READING);
  // Takes no parameter. Names that the server gives are hexadecimal.
  await client.query(`SET TRANSACTION SNAPSHOT '${exportedId.replaceAll(/[^0-9A-Fa-f-]/g, "")}'`);
  await pinTransaction(client, "source", statementSeconds);
}

export async function beginWriting(client: PostgresClient): Promise<void> {
  await client.query("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE");
  await pinTransaction(client, "target");
}

/** Runs a step in the transaction that has begun, and commits it; what fails is rolled back. */
export async function committing<Result>(client: PostgresClient, step: () => Promise<Result>): Promise<Result> {
  try {
    const result = await step();
    await client.script("COMMIT");
    return result;
  } catch (error) {
    // The first error is the one to tell.
    await client.script("ROLLBACK").catch(() => {});
    throw error;
  }
}

/** What tells this database apart from every other, so also a replica from a stranger: it has its primary's identifier. */
export async function readIdentity(client: PostgresClient): Promise<string> {
  const rows = await client.query(`
    SELECT CASE WHEN pg_catalog.has_function_privilege('pg_catalog.pg_control_system()', 'EXECUTE')
                THEN (SELECT system_identifier::text FROM pg_catalog.pg_control_system())
                ELSE 'started ' || extract(epoch FROM pg_catalog.pg_postmaster_start_time())::text END
           || '/' || (SELECT oid::text FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())`);
  return `postgres:${rows[0]![0]}`;
}
