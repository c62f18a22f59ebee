import type { TableToWrite } from "../../../contracts.ts";
import { StandinError } from "../../../errors.ts";
import type { MysqlClient } from "../mysql-client.ts";
import { pinSession } from "../mysql-session.ts";
import type { RowMark } from "./kept-marks.ts";
import type { MysqlEnd } from "./mysql-end.ts";
import { MysqlWriter } from "./mysql-writer.ts";
import { insertTransport, loadTransport } from "./row-transports.ts";
import { lockOut, SECONDS_TO_END } from "./target-lock.ts";

/** What a table's rows are written with. */
export interface RowsToOpen {
  /** The table that takes them. */
  readonly into: string;
  /** Set for a shard, whose rows come in a transaction that the caller ends. */
  readonly isShard?: boolean;
  readonly mark?: RowMark | null;
}

/** The target's session while rows come in: half a file cannot be taken back, so that costs the session, and the next step has another one. */
export class TargetSession {
  readonly #end: MysqlEnd;
  readonly #loadData: boolean | undefined;
  readonly #lock: (client: MysqlClient) => Promise<void>;
  #usesLoad: boolean | null = null;
  #isLoading = false;
  #hasGivenUp = false;

  /** `lock` is what another session needs in place of the first. */
  constructor(
    end: MysqlEnd,
    loadData: boolean | undefined,
    lock: (client: MysqlClient) => Promise<void> = (client) => lockOut(client, SECONDS_TO_END),
  ) {
    this.#end = end;
    this.#loadData = loadData;
    this.#lock = lock;
  }

  async ready(): Promise<MysqlClient> {
    if (!this.#hasGivenUp) return this.#end.client;
    const client = await this.#end.reconnect();
    await this.#end.doing("pinning its session", async () => {
      await pinSession(client);
      await this.#lock(client);
    });
    this.#hasGivenUp = false;
    return client;
  }

  async open(table: TableToWrite, { into, isShard = false, mark = null }: RowsToOpen): Promise<MysqlWriter> {
    const client = await this.ready();
    // What is cut off in a generated column is noted, though nobody wrote it.
    const notes = table.table.columns.some(({ isGenerated }) => isGenerated) ? 0 : 1;
    const usesLoad = await this.#end.doing("pinning its session", async () => {
      this.#usesLoad ??= this.#loadData ?? (await allowsLoad(client));
      await client.execute(`SET SESSION sql_notes = ${notes}`);
      if (isShard) await client.execute("START TRANSACTION");
      return this.#usesLoad;
    });
    this.#isLoading = true;
    const transport = usesLoad ? loadTransport(client, table, into, mark) : insertTransport(client, table, into, mark);
    return new MysqlWriter(client, table, transport);
  }

  /** Ends a table, or a shard of it. Resolves with the rows that the server acknowledged. */
  async end(writer: MysqlWriter): Promise<number> {
    const rows = await writer.end();
    this.#isLoading = false;
    return rows;
  }

  /** Takes back what the transaction under way has brought. */
  async takeBack(): Promise<void> {
    this.endLoad();
    if (!this.#end.client.isLost) await this.#end.doing("taking a shard back", () => this.#end.client.execute("ROLLBACK"));
  }

  /** Ends what is half written, if anything is. */
  endLoad(): void {
    if (!this.#isLoading) return;
    this.#isLoading = false;
    this.#hasGivenUp = true;
    this.#end.client.stop(new StandinError("SINK_FAILED", "The connection was given up with a table half written."));
  }
}

async function allowsLoad(client: MysqlClient): Promise<boolean> {
  const [[allows]] = (await client.query("SELECT @@GLOBAL.local_infile")) as [[string]];
  return allows === "1";
}
