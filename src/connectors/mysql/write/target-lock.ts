import { setTimeout as wait } from "node:timers/promises";
import { anotherRun } from "../../database-errors.ts";
import type { MysqlClient } from "../mysql-client.ts";
import { lockName } from "../mysql-sql.ts";
import { leaseSlot, readHolders, releaseSlot } from "./slot-locks.ts";

/** How long the server may take to notice that a session's client is gone. */
export const SECONDS_TO_END = 60;

/** Held by the one run that writes to a database. */
const LOCK = lockName("DATABASE()");

/**
 * Lets one run at a time write to a database. Waits for a session that has lost its client to end. Whoever has a slot looks at this lock behind taking it, and whoever has
 * this lock looks at the slots: so nobody has it beside one who has a slot, without a lock of the server's that several can share.
 */
export async function lockOut(client: MysqlClient, seconds: number): Promise<void> {
  const until = performance.now() + seconds * 1000;
  if (!(await takeLock(client, seconds))) throw anotherRun();
  while ((await readHolders(client)).length > 0) {
    if (performance.now() >= until) {
      await releaseLock(client);
      throw anotherRun();
    }
    await wait(100);
  }
}

/** Takes the lock, unless this session has it. */
export async function takeLock(client: MysqlClient, seconds: number): Promise<boolean> {
  const [[isOurs]] = (await client.query(
    `SELECT IF(IS_USED_LOCK(${LOCK}) = CONNECTION_ID(), 1, GET_LOCK(${LOCK}, ${seconds}))`,
  )) as [[string]];
  return isOurs === "1";
}

export async function releaseLock(client: MysqlClient): Promise<void> {
  await client.query(`SELECT RELEASE_LOCK(${LOCK})`);
}

/** Joins those who write for a run, by a slot. Null where a run is alone. */
export async function takeSlot(client: MysqlClient): Promise<number | null> {
  const slot = await leaseSlot(client);
  const [[isFree]] = (await client.query(`SELECT IS_FREE_LOCK(${LOCK})`)) as [[string]];
  if (isFree === "1") return slot;
  await releaseSlot(client, slot);
  return null;
}
