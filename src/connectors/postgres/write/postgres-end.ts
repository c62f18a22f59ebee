import { StandinError } from "../../../errors.ts";
import { AbortWatch } from "../../abort-watch.ts";
import { aborted, type Side } from "../../database-errors.ts";
import { connectPg, type PgAddress, type PgClient } from "../pg-client.ts";
import type { PostgresClient } from "../postgres-client.ts";
import { fromPostgresError } from "../postgres-errors.ts";

/** Where a PostgreSQL source or sink connects to: one of `url` and `client`. */
export interface PostgresOptions {
  /** `postgres://user:password@host:port/database?sslmode=…`; parts left out come from the PG… variables. */
  readonly url?: string | undefined;
  /** A session instead of a URL: `pgliteClient(db)`. */
  readonly client?: PostgresClient | undefined;
  /** Only the tables of these schemas. @default all but the system's */
  readonly schemas?: readonly string[] | undefined;
  /** Seconds without a word from the server, though rows are due or given to it, after which it counts as dead. @default 60 */
  readonly silenceSeconds?: number | undefined;
}

const SILENCE_SECONDS = 60;
/** Longest wait for a rollback: a server that loses its session rolls back as well. */
const ROLLBACK_SECONDS = 10;

/** The session of one end of a run: opened once, stopped by the caller's signal, closed whatever happened. */
export class PostgresEnd {
  readonly side: Side;
  readonly schemas: readonly string[] | null;
  readonly #options: PostgresOptions;
  #client: PostgresClient | null = null;
  /** The session of a URL, null for a caller's client. */
  #own: PgClient | null = null;
  readonly #abort = new AbortWatch(() => this.#client?.stop(aborted()));

  constructor(side: Side, options: PostgresOptions) {
    if ((options.url === undefined) === (options.client === undefined)) {
      throw new StandinError("LOCATION_INVALID", `A PostgreSQL ${side} needs either a url or a client.`);
    }
    this.side = side;
    this.schemas = options.schemas ?? null;
    this.#options = options;
  }

  async open(signal: AbortSignal): Promise<void> {
    const { url, client } = this.#options;
    if (signal.aborted) throw aborted();
    if (client !== undefined) this.#client = client;
    else {
      this.#own = await connectPg(url!, this.side, signal, this.#options.silenceSeconds ?? SILENCE_SECONDS);
      this.#client = this.#own;
    }
    this.stopOn(signal);
  }

  get client(): PostgresClient {
    if (this.#client === null) throw new TypeError(`The ${this.side} is not open.`);
    return this.#client;
  }

  /** Where a URL led, null for a caller's client. */
  get address(): PgAddress | null {
    return this.#own?.address ?? null;
  }

  /** Whether a pooler stands before the server. */
  async isPooled(): Promise<boolean> {
    return (await this.#own?.isPooled()) ?? false;
  }

  /** Ends the session when the signal aborts, until `holdOn` or `close`. */
  stopOn(signal: AbortSignal): void {
    this.#abort.on(signal);
  }

  /** From here on an abort comes too late. */
  holdOn(): void {
    this.#abort.holdOn();
  }

  /** Takes back what the transaction did. A server that does not answer in time loses its session, which takes it back too. */
  async rollBack(before: () => Promise<void>): Promise<void> {
    const { client } = this;
    const silence = new StandinError("PEER_SILENT", `The ${this.side} did not answer in ${ROLLBACK_SECONDS} s.`);
    const giveUp = setTimeout(() => client.stop(silence), ROLLBACK_SECONDS * 1000);
    try {
      await before();
      await client.script("ROLLBACK");
    } finally {
      clearTimeout(giveUp);
    }
  }

  /** Runs a step; what the server refuses leaves as a StandinError that says what was being done. */
  async doing<Result>(what: string, step: () => Promise<Result>, table?: string): Promise<Result> {
    try {
      return await step();
    } catch (error) {
      throw fromPostgresError(error, this.side, what, table);
    }
  }

  async close(): Promise<void> {
    this.holdOn();
    const client = this.#client;
    this.#client = null;
    await client?.close();
  }
}
