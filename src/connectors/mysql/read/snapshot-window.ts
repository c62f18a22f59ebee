import { randomBytes } from "node:crypto";
import type { TableToWrite } from "../../../contracts.ts";
import { StandinError } from "../../../errors.ts";
import { pinSession } from "../mysql-session.ts";
import { quoteName, quoteText } from "../mysql-sql.ts";
import { MysqlEnd, type MysqlOptions } from "../write/mysql-end.ts";

/** Longest wait for writers that are at the tables. Others wait behind this one for as long. */
const LOCK_SECONDS = 10;

/** Longest time for which writers are kept off. */
const WINDOW_SECONDS = 15;

/**
 * A moment at which several sessions take their snapshots, and see the same rows: a session of its own holds LOCK TABLES … READ, which lets nobody write to the
 * tables. Nothing is changed, and the server ends the lock with the session.
 *
 * Life: `open` → `shut` → (readers begin) → `end`; `close` at any time.
 */
export class SnapshotWindow {
  /** Held as a lock by name from `open` to `end`: readers see by it that they begin in time, and on the same server. */
  readonly name = `standin/window/${randomBytes(8).toString("hex")}`;
  readonly #end: MysqlEnd;
  #timer: NodeJS.Timeout | undefined;
  /** Nobody was there to end it in time. */
  #isLate = false;
  #ending: Promise<void> | null = null;

  constructor(options: MysqlOptions) {
    this.#end = new MysqlEnd("source", options);
  }

  async open(signal: AbortSignal): Promise<void> {
    await this.#end.open(signal);
    await this.#end.doing("pinning its session", async () => {
      const { client } = this.#end;
      await pinSession(client);
      await client.execute(`SET SESSION lock_wait_timeout = ${LOCK_SECONDS}`);
      await client.query(`SELECT GET_LOCK(${quoteText(this.name)}, 0)`);
    });
  }

  /** Keeps writers off. Throws a MysqlFailure where the server does not: 1205 where they did not make room in time. */
  async shut(tables: readonly TableToWrite[]): Promise<void> {
    const locks = tables.map(({ table }) => `${quoteName(table.ref.name)} READ`);
    if (locks.length > 0) await this.#end.client.execute(`LOCK TABLES ${locks.join(", ")}`);
    this.#timer = setTimeout(() => {
      this.#isLate = true;
      void this.close();
    }, WINDOW_SECONDS * 1000);
  }

  /** Lets writers go on. Throws where they did before. */
  end(): Promise<void> {
    this.#ending ??= this.#finish();
    return this.#ending;
  }

  /** Throws where the window was over before it was ended. */
  check(): void {
    if (!this.#isLate) return;
    throw new StandinError("SOURCE_FAILED", `The source's readers did not all begin within ${WINDOW_SECONDS} s.`, {
      hint: "See whether the machine or the source's server is overloaded, and run again, or with fewer workers.",
    });
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#end.close();
  }

  async #finish(): Promise<void> {
    this.check();
    try {
      await this.#end.doing("letting its writers go on", async () => {
        const { client } = this.#end;
        // Whoever begins from here on is late, and sees it.
        await client.query(`SELECT RELEASE_LOCK(${quoteText(this.name)})`);
        await client.execute("UNLOCK TABLES");
      });
    } finally {
      await this.close();
    }
  }
}
