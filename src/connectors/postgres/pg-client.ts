import { StandinError } from "../../errors.ts";
import { connectionLost, peerSilent, type Side } from "../database-errors.ts";
import { watchSilence } from "../silence-watch.ts";
import { SocketReads, tapStream } from "../socket-reads.ts";
import { type CopyModule, loadDriver, type PgDriver, type PgSubmittable } from "./pg-driver.ts";
import type { CopyIn, PostgresClient } from "./postgres-client.ts";
import { endsSession, postgresUnreachable, toFailure } from "./postgres-errors.ts";
import { readCopyOut } from "./read/pg-copy-out.ts";
import { PgCopyIn } from "./write/pg-copy-in.ts";

/** Seconds that a server has for its goodbye. */
const GOODBYE_SECONDS = 5;

/** Whom to connect to, resolved as `pg` does: URL, then PG… variables, then defaults. */
export interface PgAddress {
  readonly host: string;
  readonly port: number;
  readonly user: string | undefined;
  readonly database: string | undefined;
  readonly password: string | undefined;
  readonly sslMode: string | undefined;
}

/** Connects with the `pg` driver. Throws SOURCE_UNREACHABLE or TARGET_UNREACHABLE. */
export async function connectPg(url: string, side: Side, signal: AbortSignal, silenceSeconds: number): Promise<PgClient> {
  const { pg, copy } = await loadDriver();
  const reads = new SocketReads();
  let driver: PgDriver;
  try {
    driver = new pg.Client({
      connectionString: url,
      stream: () => reads.socket,
      application_name: "standin",
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
      connectionTimeoutMillis: 15_000,
      // Text stays text: parsers change values and cost more than anything else here.
      types: { getTypeParser: () => (text: string) => text },
    });
  } catch {
    throw unreadableUrl(side);
  }
  // A password with a bare @ or / ends up in the host and the database, which messages show.
  if (/[@/]/.test(`${driver.host === undefined || driver.host.startsWith("/") ? "" : driver.host}${driver.database ?? ""}`))
    throw unreadableUrl(side);
  const client = new PgClient(driver, copy, reads, { side, silenceSeconds, sslMode: /[?&]sslmode=([a-z-]+)/.exec(url)?.[1] });
  const onAbort = () => driver.connection.stream.destroy();
  signal.addEventListener("abort", onAbort);
  try {
    await driver.connect();
  } catch (error) {
    throw postgresUnreachable(error, side, client.place);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
  return client;
}

function unreadableUrl(side: Side): StandinError {
  return new StandinError("LOCATION_INVALID", `The ${side}'s URL cannot be read.`, {
    hint: "Write postgres://user:password@host:port/database; characters such as @ and / in a password must be percent-encoded.",
  });
}

/** A session over `pg`, whose end is noticed whatever it was doing: no call hangs on a dead connection. */
export class PgClient implements PostgresClient {
  /** host:port/database, for messages. */
  readonly place: string;
  readonly #driver: PgDriver;
  readonly #copy: CopyModule;
  readonly #reads: SocketReads;
  readonly #sslMode: string | undefined;
  readonly #side: Side;
  readonly #silenceSeconds: number;
  #isClosing = false;
  /** Why the connection is gone. */
  #loss: StandinError | null = null;
  readonly #onLoss = new Set<() => void>();

  constructor(
    driver: PgDriver,
    copy: CopyModule,
    reads: SocketReads,
    { side, silenceSeconds, sslMode }: { side: Side; silenceSeconds: number; sslMode: string | undefined },
  ) {
    this.#driver = driver;
    this.#silenceSeconds = silenceSeconds;
    this.#sslMode = sslMode;
    this.#copy = copy;
    this.#reads = reads;
    this.#side = side;
    this.place = `${driver.host}:${driver.port}/${driver.database ?? ""}`;
    const lose = () => this.#lose(connectionLost(side, this.place));
    driver.on("error", lose);
    driver.on("end", lose);
  }

  get address(): PgAddress {
    const { host, port, user, database, password } = this.#driver;
    // libpq has no "no-verify"; its "require" is that.
    const sslMode = this.#sslMode === "no-verify" ? "require" : this.#sslMode;
    return { host, port, user, database, password: typeof password === "string" ? password : undefined, sslMode };
  }

  /** Whether the session is another's, lent for a while: the server's process is not the one that it began with. */
  async isPooled(): Promise<boolean> {
    const [[process]] = (await this.query("SELECT pg_catalog.pg_backend_pid()::text")) as [[string]];
    return Number(process) !== this.#driver.processID;
  }

  async query(sql: string, parameters: readonly string[] = []): Promise<readonly (readonly (string | null)[])[]> {
    const config = { text: sql, rowMode: "array" as const, ...(parameters.length > 0 ? { values: parameters } : {}) };
    // A source is asked for its catalog alone, which takes no time. A target may look for the largest key of a huge table.
    const watch = this.#side === "source" ? this.#watch(this.#silenceSeconds) : null;
    try {
      return (await this.#run(() => this.#driver.query(config))).rows;
    } finally {
      watch?.settle();
    }
  }

  async script(sql: string): Promise<void> {
    await this.#run(() => this.#driver.query(sql));
  }

  copyOut(sql: string): AsyncGenerator<Uint8Array, number> {
    const start = (query: PgSubmittable) => {
      if (this.#loss !== null) throw this.#loss;
      this.#driver.query(query);
    };
    return readCopyOut(start, sql, {
      side: this.#side,
      place: this.place,
      silenceSeconds: this.#silenceSeconds,
      tap: ({ stream }, take) => (stream === this.#reads.socket ? this.#reads.tap(take) : tapStream(stream, take)),
      rebuild: (error) => this.#rebuild(error),
      stop: (reason) => this.stop(reason),
      watch: (onLoss) => {
        this.#onLoss.add(onLoss);
        return () => this.#onLoss.delete(onLoss);
      },
    });
  }

  async copyIn(sql: string): Promise<CopyIn> {
    if (this.#loss !== null) throw this.#loss;
    return new PgCopyIn(this.#driver.query(this.#copy.from(sql)), {
      rebuild: (error) => this.#rebuild(error),
      watch: () => this.#watch(this.#silenceSeconds),
    });
  }

  stop(reason: StandinError): void {
    this.#lose(reason);
    this.#driver.connection.stream.destroy();
  }

  async close(): Promise<void> {
    if (this.#isClosing) return;
    this.#isClosing = true;
    if (this.#loss !== null) return;
    const giveUp = setTimeout(() => this.#driver.connection.stream.destroy(), GOODBYE_SECONDS * 1000);
    await this.#driver.end().catch(() => {});
    clearTimeout(giveUp);
  }

  /** Ends the session unless `settle` is called in time. */
  #watch(seconds: number): { settle(): void } {
    return watchSilence(seconds, () => this.stop(peerSilent(this.#side, this.place, seconds)));
  }

  async #run<Result>(start: () => Promise<Result>): Promise<Result> {
    if (this.#loss !== null) throw this.#loss;
    try {
      return await start();
    } catch (error) {
      throw this.#rebuild(error);
    }
  }

  /** What a driver's error means: why the connection is gone where it is, what the server refused where it is not. */
  #rebuild(error: unknown): Error {
    const failure = toFailure(error);
    if (failure === null || endsSession(failure.sqlState)) this.#lose(connectionLost(this.#side, this.place));
    return this.#loss ?? failure!;
  }

  #lose(reason: StandinError): void {
    if (this.#loss !== null || this.#isClosing) return;
    this.#loss = reason;
    for (const onLoss of this.#onLoss) onLoss();
  }
}
