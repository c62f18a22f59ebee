import type { Readable } from "node:stream";
import type { StandinError } from "../../errors.ts";
import { connectionLost, peerSilent, type Side } from "../database-errors.ts";
import { watchSilence } from "../silence-watch.ts";
import type { MysqlAddress } from "./mysql-address.ts";
import { loadDriver, type MysqlDriver, type MysqlQuery, type MysqlResult } from "./mysql-driver.ts";
import { endsSession, mysqlUnreachable, toFailure } from "./mysql-errors.ts";
import { readRowPackets, type TakeRow } from "./read/mysql-row-packets.ts";
import { MysqlLoad } from "./write/mysql-load.ts";

/** Longest wait for a session's polite end. */
const GOODBYE_SECONDS = 5;

/** Connects with the `mysql2` driver. Throws SOURCE_UNREACHABLE or TARGET_UNREACHABLE. */
export async function connectMysql(
  address: MysqlAddress,
  side: Side,
  signal: AbortSignal,
  silenceSeconds: number,
): Promise<MysqlClient> {
  const mysql = await loadDriver();
  const { host, port, socket, user, password, database, tls } = address;
  const place = `${socket ?? `${host}:${port}`}/${database}`;
  const driver = mysql.createConnection({
    ...(socket === null ? { host, port } : { socketPath: socket }),
    user,
    password,
    database,
    charset: "utf8mb4",
    connectTimeout: 15_000,
    enableKeepAlive: true,
    keepAliveInitialDelay: 10_000,
    // The driver would make code out of the server's column names.
    disableEval: true,
    connectAttributes: { program_name: "standin" },
    ...(tls === null ? {} : { ssl: tls }),
  });
  const client = new MysqlClient(driver, side, place, silenceSeconds);
  const onAbort = () => driver.stream.destroy();
  signal.addEventListener("abort", onAbort);
  try {
    await new Promise<void>((resolve, reject) => driver.connect((error) => (error ? reject(error) : resolve())));
  } catch (error) {
    driver.stream.destroy();
    throw mysqlUnreachable(error, side, place);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
  return client;
}

/** A session over `mysql2`, whose end is noticed whatever it was doing: no call hangs on a dead connection. Everything is text. */
export class MysqlClient {
  /** host:port/database, for messages. */
  readonly place: string;
  readonly side: Side;
  readonly #driver: MysqlDriver;
  readonly #silenceSeconds: number;
  #isClosing = false;
  /** A result is half read: whatever is sent now waits behind the rest of it. */
  #isReading = false;
  /** Why the connection is gone. */
  #loss: StandinError | null = null;
  readonly #onLoss = new Set<(reason: StandinError) => void>();

  constructor(driver: MysqlDriver, side: Side, place: string, silenceSeconds: number) {
    this.#silenceSeconds = silenceSeconds;
    this.#driver = driver;
    this.side = side;
    this.place = place;
    const lose = () => this.#lose(connectionLost(side, place));
    driver.on("error", lose);
    driver.on("end", lose);
  }

  /** What the server calls this session. */
  get id(): number | null {
    return this.#driver.threadId;
  }

  get isLost(): boolean {
    return this.#loss !== null;
  }

  /** The rows of a query, each cell as the text that the server sent. */
  async query(sql: string): Promise<readonly (readonly (string | null)[])[]> {
    // A source is asked for its catalog alone, which takes no time. A target may look for rows that point nowhere in a huge table.
    const watch = this.side === "source" ? this.#watchSilence() : null;
    const rows = (await this.#run({ sql, rowsAsArray: true, typeCast: false }).finally(() =>
      watch?.settle(),
    )) as (Buffer | null)[][];
    return rows.map((row) => row.map((cell) => (cell === null ? null : cell.toString("utf8"))));
  }

  /** Runs an INSERT, which takes no time to speak of: the server that does not answer is silent. */
  async insert(sql: string): Promise<MysqlResult> {
    const watch = this.#watchSilence();
    return this.execute(sql).finally(() => watch.settle());
  }

  /** Runs one statement that gives no rows. */
  async execute(sql: string): Promise<MysqlResult> {
    return (await this.#run({ sql, rowsAsArray: true, typeCast: false })) as MysqlResult;
  }

  /**
   * Reads a query's rows as the bytes of their packets. Yields whenever `take` asked for a pause, and ends after the server's word that it was the end.
   * A reader that leaves early costs the connection, as the protocol has no way to skip the rest.
   */
  rows(sql: string, take: TakeRow): AsyncGenerator<void> {
    if (this.#loss !== null) throw this.#loss;
    const packets = readRowPackets(this.#driver, sql, take, {
      side: this.side,
      place: this.place,
      silenceSeconds: this.#silenceSeconds,
      rebuild: (error) => this.#rebuild(error),
      stop: (reason) => this.stop(reason),
      watch: (onLoss) => this.#watch(onLoss),
    });
    return this.#whileReading(packets);
  }

  /** Starts a `LOAD DATA LOCAL INFILE` whose file is what will be written. */
  load(sql: string): MysqlLoad {
    const send = (file: Readable) =>
      this.#run({ sql, rowsAsArray: true, typeCast: false, infileStreamFactory: () => file }) as Promise<MysqlResult>;
    return new MysqlLoad(send, () => this.#watchSilence());
  }

  /** Ends the session at once. What is under way and what follows rejects with `reason`. */
  stop(reason: StandinError): void {
    this.#lose(reason);
    this.#driver.stream.destroy();
  }

  async close(): Promise<void> {
    if (this.#isClosing) return;
    this.#isClosing = true;
    if (this.#loss !== null || this.#isReading) this.#driver.stream.destroy();
    else await this.#sayGoodbye();
  }

  #sayGoodbye(): Promise<void> {
    return new Promise((resolve) => {
      const giveUp = setTimeout(() => {
        this.#driver.stream.destroy();
        resolve();
      }, GOODBYE_SECONDS * 1000);
      this.#driver.end(() => {
        clearTimeout(giveUp);
        resolve();
      });
    });
  }

  /** Ends the session unless `settle` is called in time. */
  #watchSilence(): { settle(): void } {
    const seconds = this.#silenceSeconds;
    return watchSilence(seconds, () => this.stop(peerSilent(this.side, this.place, seconds)));
  }

  async *#whileReading(packets: AsyncGenerator<void>): AsyncGenerator<void> {
    this.#isReading = true;
    try {
      yield* packets;
    } finally {
      this.#isReading = false;
    }
  }

  async #run(query: MysqlQuery): Promise<unknown> {
    if (this.#loss !== null) throw this.#loss;
    return new Promise((resolve, reject) => {
      const unwatch = this.#watch(reject);
      this.#driver.query(query, (error, result) => {
        unwatch();
        if (error) reject(this.#rebuild(error));
        else resolve(result);
      });
    });
  }

  #watch(onLoss: (reason: StandinError) => void): () => void {
    this.#onLoss.add(onLoss);
    return () => this.#onLoss.delete(onLoss);
  }

  /** What a driver's error means: why the connection is gone where it is, what the server refused where it is not. */
  #rebuild(error: unknown): Error {
    const failure = toFailure(error);
    if (failure === null || endsSession(failure.errno)) this.#lose(connectionLost(this.side, this.place));
    return this.#loss ?? failure!;
  }

  #lose(reason: StandinError): void {
    if (this.#loss !== null || this.#isClosing) return;
    this.#loss = reason;
    for (const onLoss of this.#onLoss) onLoss(reason);
    this.#onLoss.clear();
  }
}
