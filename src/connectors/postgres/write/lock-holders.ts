import { setTimeout as wait } from "node:timers/promises";
import type { TableToWrite } from "../../../contracts.ts";
import { StandinError } from "../../../errors.ts";
import { isSameTable, tableName } from "../../../table-ref.ts";
import { anotherRun } from "../../database-errors.ts";
import type { PostgresClient } from "../postgres-client.ts";
import { PostgresFailure } from "../postgres-errors.ts";
import type { PostgresEnd } from "./postgres-end.ts";

/** Held by the one run that writes to a database: "standin" in ASCII. */
const LOCK_KEY = "32497714532804974";

/** Other sessions that have it. */
const HOLDERS = `
  SELECT pid FROM pg_catalog.pg_locks
   WHERE locktype = 'advisory' AND granted AND objsubid = 1 AND pid <> pg_catalog.pg_backend_pid()
     AND (classid::bigint << 32) | objid::bigint = ${LOCK_KEY}
     AND database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())`;

/** Takes the lock of the one run that writes, until the transaction ends. Throws SINK_FAILED where another run has it. */
export async function lockOut(client: PostgresClient): Promise<void> {
  const rows = await client.query(`SELECT pg_catalog.pg_try_advisory_xact_lock(${LOCK_KEY})::text`);
  if (rows[0]![0] !== "true") throw anotherRun();
}

/** Takes that lock for as long as the session lasts. */
export async function lockOutForSession(client: PostgresClient): Promise<void> {
  const rows = await client.query(`SELECT pg_catalog.pg_try_advisory_lock(${LOCK_KEY})::text`);
  if (rows[0]![0] !== "true") throw anotherRun();
}

/** Gives that lock back. */
export async function releaseSession(client: PostgresClient): Promise<void> {
  await client.query(`SELECT pg_catalog.pg_advisory_unlock(${LOCK_KEY})`);
}

/** Lets the processes in that write for the same run, in place of the lock that keeps all others out. */
export async function admitToSession(client: PostgresClient): Promise<void> {
  await client.query(`SELECT pg_catalog.pg_advisory_lock_shared(${LOCK_KEY})`);
  await releaseSession(client);
}

/** Joins those who write for a run. False where a run is alone. */
export async function joinSession(client: PostgresClient): Promise<boolean> {
  const [[isIn]] = (await client.query(`SELECT pg_catalog.pg_try_advisory_lock_shared(${LOCK_KEY})::text`)) as [[string]];
  return isIn === "true";
}

/** Leaves them. */
export async function leaveSession(client: PostgresClient): Promise<void> {
  await client.query(`SELECT pg_catalog.pg_advisory_unlock_shared(${LOCK_KEY})`);
}

/** Longest wait for sessions that were ended, and for those that joined meanwhile. */
const EXPEL_MILLISECONDS = 20_000;

/**
 * Ends the sessions of all others who write for the run, also of one whose process stands still, and locks others out for as long as this session lasts. Their
 * transactions are taken back. A role may end its own sessions.
 */
export async function expelOthers(client: PostgresClient): Promise<void> {
  const ends = performance.now() + EXPEL_MILLISECONDS;
  for (;;) {
    await client.query(`SELECT pg_catalog.pg_terminate_backend(pid) FROM (${HOLDERS} AND mode = 'ShareLock') h`);
    const [[isAlone]] = (await client.query(`SELECT pg_catalog.pg_try_advisory_lock(${LOCK_KEY})::text`)) as [[string]];
    if (isAlone === "true") return;
    if (performance.now() > ends) throw anotherRun();
    await wait(50);
  }
}

/** The number of a slot that no other session has, from 1; kept for as long as the session lasts. */
export async function leaseSlot(client: PostgresClient): Promise<number> {
  for (let slot = 1; ; slot++) {
    const [[isLeased]] = (await client.query(`SELECT pg_catalog.pg_try_advisory_lock(${LOCK_KEY} + ${slot})::text`)) as [
      [string],
    ];
    if (isLeased === "true") return slot;
  }
}

/** Refuses to go on where another run writes. Takes no lock, so that two who only look do not refuse each other. */
export async function refuseOtherRun(client: PostgresClient): Promise<void> {
  // Those who share it write for one run, which somebody who looks may be about to join.
  const held = await client.query(`${HOLDERS} AND mode = 'ExclusiveLock'`);
  if (held.length > 0) throw anotherRun();
}

/** Runs a step of the target's that may wait for a lock, and names the table where it does not come. */
export function namingLocks<Result>(
  end: PostgresEnd,
  tables: readonly TableToWrite[] | null,
  what: string,
  step: () => Promise<Result>,
): Promise<Result> {
  const { client } = end;
  return end.doing(what, () =>
    step().catch(async (error: unknown) => {
      throw await namingTheLocked(client, error, tables);
    }),
  );
}

/** A lock that did not come in time, or that the server refused to end a deadlock. */
const REFUSED = ["55P03", "40P01"];

/**
 * Names the table that somebody holds, one of `tables` where a run wants to write them, where that is why a step failed: the server's own error names
 * none. Every other error stays as it is. The transaction, which has failed, is over then.
 */
async function namingTheLocked(client: PostgresClient, error: unknown, tables: readonly TableToWrite[] | null): Promise<unknown> {
  if (!(error instanceof PostgresFailure) || !REFUSED.includes(error.sqlState)) return error;
  const rows = await client
    .script("ROLLBACK")
    .then(() => client.query(HELD))
    .catch(() => []);
  const isWaitedFor = ([schema, name, isExclusive]: readonly (string | null)[]) =>
    tables?.some(({ table }) => isSameTable(table.ref, { schema: schema!, name: name! })) ?? isExclusive === "true";
  const [found] = rows.filter(isWaitedFor);
  if (found === undefined) return error;
  const table = tableName({ schema: found[0]!, name: found[1]! });
  return new StandinError("SINK_FAILED", `Another session holds a lock on the target's ${table}.`, {
    table,
    hint: "Stop what uses the table, and run again.",
  });
}

/** Tables that others hold, those first that nobody else can even read. */
const HELD = `
  SELECT n.nspname, c.relname, (l.mode = 'AccessExclusiveLock')::text
    FROM pg_catalog.pg_locks l
    JOIN pg_catalog.pg_class c ON c.oid = l.relation
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
   WHERE l.granted AND l.pid <> pg_catalog.pg_backend_pid() AND c.relkind IN ('r', 'p')
     AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
   ORDER BY l.mode = 'AccessExclusiveLock' DESC, 1, 2`;
