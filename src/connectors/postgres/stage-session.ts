import { lockOutForSession, releaseSession } from "./lock-holders.ts";
import type { PostgresClient } from "./postgres-client.ts";

const IDLE = "idle_session_timeout";

/** The target's session while a run keeps its shards: the run is many transactions, and what holds between them is the session's. */
export class StageSession {
  #isHeld = false;
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
    const [[idle]] = (await client.query("SELECT pg_catalog.current_setting($1, true)", [IDLE])) as [[string | null]];
    this.#idleTimeout = idle;
    if (idle !== null) await client.query("SELECT pg_catalog.set_config($1, '0', false)", [IDLE]);
  }

  /** Outside of a transaction: a caller's own session goes on as it was. */
  async release(client: PostgresClient): Promise<void> {
    if (!this.#isHeld) return;
    this.#isHeld = false;
    await releaseSession(client);
    if (this.#idleTimeout !== null) await client.query("SELECT pg_catalog.set_config($1, $2, false)", [IDLE, this.#idleTimeout]);
  }
}
