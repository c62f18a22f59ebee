import { StandinError } from "../../../errors.ts";
import type { MysqlClient } from "../mysql-client.ts";
import { MysqlFailure } from "../mysql-errors.ts";
import { lockName, quoteText } from "../mysql-sql.ts";

/** Most sessions that write for a run at once: as many numbers as a recursive query counts by itself. */
const MOST_SLOTS = 999;

const slotLock = (slot: string | number): string => `CONCAT(${lockName("DATABASE()")}, '/', ${slot})`;

const leaseOf = (table: string, shard: string): string =>
  lockName(`CONCAT_WS('/', DATABASE(), ${quoteText(table)}, ${quoteText(shard)})`);

/** How long a shard's holder may take to finish it, when another is given the same. */
const SECONDS_TO_FINISH = 5;
/** How long the server may take to end a session and take back its rows. */
const SECONDS_TO_ROLL_BACK = 60;

/** Takes the number of a slot that no other session has, from 1; kept for as long as the session lasts. */
export async function leaseSlot(client: MysqlClient): Promise<number> {
  for (let slot = 1; slot <= MOST_SLOTS; slot++) {
    const [[isLeased]] = (await client.query(
      `SELECT IF(IS_FREE_LOCK(${slotLock(slot)}), GET_LOCK(${slotLock(slot)}, 0), 0)`,
    )) as [[string]];
    if (isLeased === "1") return slot;
  }
  throw new StandinError("SINK_FAILED", `${MOST_SLOTS} sessions write to the target for this run, which is the most.`, {
    hint: "Lower --at-once.",
  });
}

export async function releaseSlot(client: MysqlClient, slot: number): Promise<void> {
  await client.query(`SELECT RELEASE_LOCK(${slotLock(slot)})`);
}

/** Other sessions that have a slot, as the server calls them. */
export async function readHolders(client: MysqlClient): Promise<readonly number[]> {
  const rows = await client.query(
    `WITH RECURSIVE slots AS (SELECT 1 AS slot UNION ALL SELECT slot + 1 FROM slots WHERE slot < ${MOST_SLOTS})
     SELECT holder FROM (SELECT IS_USED_LOCK(${slotLock("slot")}) AS holder FROM slots) holders WHERE holder <> CONNECTION_ID()`,
  );
  return rows.map(([holder]) => Number(holder));
}

/**
 * Has a shard to itself. Whoever has it already is given a moment to finish; one that stands still loses its session, and with it what it had not kept: it can keep
 * nothing any more when it wakes up.
 */
export async function leaseShard(client: MysqlClient, table: string, shard: string): Promise<void> {
  const lease = leaseOf(table, shard);
  const take = async (seconds: number) => {
    const [[isOurs]] = (await client.query(`SELECT GET_LOCK(${lease}, ${seconds})`)) as [[string]];
    return isOurs === "1";
  };
  if (await take(SECONDS_TO_FINISH)) return;
  const [[holder]] = (await client.query(`SELECT IS_USED_LOCK(${lease})`)) as [[string | null]];
  if (holder !== null) await endSession(client, Number(holder));
  if (await take(SECONDS_TO_ROLL_BACK)) return;
  throw new StandinError("SINK_FAILED", `Another session holds a shard of ${table}, and does not end.`, {
    table,
    hint: "Look for a transaction that the target's server is taking back, and run again.",
  });
}

export async function releaseShard(client: MysqlClient, table: string, shard: string): Promise<void> {
  await client.query(`SELECT RELEASE_LOCK(${leaseOf(table, shard)})`);
}

const UNKNOWN_SESSION = 1094;
const NOT_ITS_OWNER = 1095;

/** Ends a session; what it has under way is taken back. A user may end its own. */
export async function endSession(client: MysqlClient, id: number): Promise<void> {
  try {
    await client.execute(`KILL CONNECTION ${id}`);
  } catch (error) {
    if (!(error instanceof MysqlFailure)) throw error;
    if (error.errno === NOT_ITS_OWNER) throw notItsOwner();
    if (error.errno !== UNKNOWN_SESSION) throw error;
  }
}

function notItsOwner(): StandinError {
  return new StandinError("PRIVILEGE_MISSING", "The target's user may not end the session of a worker that stands still.", {
    hint: "Give the coordinator and all workers one user on the target, or GRANT CONNECTION ADMIN (MySQL: CONNECTION_ADMIN).",
  });
}
