import { StandinError } from "../../../errors.ts";
import type { PostgresClient } from "../postgres-client.ts";
import { admitToSession, expelOthers, joinSession, leaveSession, lockOutForSession, releaseSession } from "./lock-holders.ts";
import type { PostgresEnd } from "./postgres-end.ts";

const IDLE = "idle_session_timeout";

/** The target's session while a run keeps its shards: the run is many transactions, and what holds between them is the session's. */
export class StageSession {
  #isHeld = false;
  /** Whether others who write for the run may be there as well. */
  #isShared = false;
  /** What the session allowed before; null where the server's version (before 14) knows no such limit. */
  #idleTimeout: string | null = null;

  get isHeld(): boolean {
    return this.#isHeld;
  }

  /** Locks other runs out, and lets nothing end the session while rows are masked. */
  async hold(client: PostgresClient): Promise<void> {
    if (this.#isHeld) return;
    await lockOutForSession(client);
    this.#isHeld = true;
    await this.#stayOpen(client);
  }

  /** Joins the sessions that write for a run. False where one writes alone. */
  async join(client: PostgresClient): Promise<boolean> {
    if (!(await joinSession(client))) return false;
    this.#isHeld = true;
    this.#isShared = true;
    await this.#stayOpen(client);
    return true;
  }

  async admit(client: PostgresClient): Promise<void> {
    await admitToSession(client);
    this.#isShared = true;
  }

  async expel(client: PostgresClient): Promise<void> {
    if (this.#isShared) await expelOthers(client);
    if (this.#isShared) await leaveSession(client);
    this.#isShared = false;
  }

  async #stayOpen(client: PostgresClient): Promise<void> {
    const [[idle]] = (await client.query("SELECT pg_catalog.current_setting($1, true)", [IDLE])) as [[string | null]];
    this.#idleTimeout = idle;
    if (idle !== null) await client.query("SELECT pg_catalog.set_config($1, '0', false)", [IDLE]);
  }

  /** Outside of a transaction: a caller's own session goes on as it was. */
  async release(client: PostgresClient): Promise<void> {
    if (!this.#isHeld) return;
    this.#isHeld = false;
    if (this.#isShared) await leaveSession(client);
    else await releaseSession(client);
    this.#isShared = false;
    if (this.#idleTimeout !== null) await client.query("SELECT pg_catalog.set_config($1, $2, false)", [IDLE, this.#idleTimeout]);
  }
}

/** A pooler would give the session, with what is locked in it, to others between two transactions. */
export async function refusePooled(end: PostgresEnd): Promise<void> {
  if (!(await end.isPooled())) return;
  throw new StandinError(
    "OPTION_INVALID",
    "A connection pooler stands before the target, and a resumable run wants a session of its own.",
    {
      hint: "Name the server itself as the target, or run without --resumable.",
    },
  );
}
