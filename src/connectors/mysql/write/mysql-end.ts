import { AbortWatch } from "../../abort-watch.ts";
import { aborted, type Side } from "../../database-errors.ts";
import { type MysqlAddress, parseMysqlUrl } from "../mysql-address.ts";
import { connectMysql, type MysqlClient } from "../mysql-client.ts";
import { fromMysqlError } from "../mysql-errors.ts";

/** Where a MySQL or MariaDB source or sink connects to. */
export interface MysqlOptions {
  /** `mysql://user:password@host:port/database?ssl-mode=…&ssl-ca=…&socket=…` */
  readonly url: string;
  /** Longest wait, in seconds, for a server that has something to say or to take. @default 60 */
  readonly silenceSeconds?: number | undefined;
}

const SILENCE_SECONDS = 60;

/** The session of one end of a run: opened once, stopped by the caller's signal, closed whatever happened. */
export class MysqlEnd {
  readonly side: Side;
  readonly #address: MysqlAddress;
  readonly #silenceSeconds: number;
  #client: MysqlClient | null = null;
  readonly #abort = new AbortWatch(() => this.#client?.stop(aborted()));

  constructor(side: Side, { url, silenceSeconds = SILENCE_SECONDS }: MysqlOptions) {
    this.#silenceSeconds = silenceSeconds;
    this.side = side;
    this.#address = parseMysqlUrl(url, side);
  }

  async open(signal: AbortSignal): Promise<void> {
    if (signal.aborted) throw aborted();
    this.#client = await connectMysql(this.#address, this.side, signal, this.#silenceSeconds);
    this.stopOn(signal);
  }

  get client(): MysqlClient {
    if (this.#client === null) throw new TypeError(`The ${this.side} is not open.`);
    return this.#client;
  }

  /** A session in place of the first, whose client is gone: the server may have failed to notice, so it is told. The caller closes it. */
  async connectAnew(): Promise<MysqlClient> {
    const fresh = await connectMysql(this.#address, this.side, new AbortController().signal, this.#silenceSeconds);
    const { id } = this.client;
    // It has ended by itself in most cases, and is then unknown.
    if (id !== null) await fresh.execute(`KILL CONNECTION ${id}`).catch(() => {});
    return fresh;
  }

  /** Goes on in a session in place of the first, which was given up. */
  async reconnect(): Promise<MysqlClient> {
    this.#client = await this.connectAnew();
    return this.#client;
  }

  /** Ends the session when the signal aborts, until `holdOn` or `close`. */
  stopOn(signal: AbortSignal): void {
    this.#abort.on(signal);
  }

  /** From here on an abort comes too late. */
  holdOn(): void {
    this.#abort.holdOn();
  }

  /** Runs a step; what the server refuses leaves as a StandinError that says what was being done. */
  async doing<Result>(what: string, step: () => Promise<Result>, table?: string): Promise<Result> {
    try {
      return await step();
    } catch (error) {
      throw fromMysqlError(error, this.side, what, table);
    }
  }

  async close(): Promise<void> {
    this.holdOn();
    const client = this.#client;
    this.#client = null;
    await client?.close();
  }
}
