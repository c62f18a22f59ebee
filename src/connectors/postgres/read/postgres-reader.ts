import type { ReadOptions, RowBatch, ShardReader, Table } from "../../../contracts.ts";
import { StandinError } from "../../../errors.ts";
import { isSameTable } from "../../../table-ref.ts";
import type { PostgresClient } from "../postgres-client.ts";
import { joinSnapshot } from "../postgres-session.ts";
import { PostgresEnd } from "../write/postgres-end.ts";
import { readTable } from "./postgres-read.ts";
import { lockForReading, type TableToLock } from "./source-hold.ts";

/** What a reader needs to see what the source sees: plain data. The URL may hold a password, so none of it is printed. */
export interface ReaderParts {
  readonly url: string;
  readonly silenceSeconds: number | undefined;
  readonly statementSeconds: number | undefined;
  /** The name under which the source exported its snapshot. */
  readonly exportedId: string;
  /** Which transactions the snapshot sees. */
  readonly instant: string;
  readonly tables: readonly TableToLock[];
}

/** Reads shards on a session of its own, in the snapshot of the source that made these parts, for as long as the source is open. */
export function postgresReader(reader: unknown): ShardReader {
  return new PostgresReader(reader as ReaderParts);
}

class PostgresReader implements ShardReader {
  readonly #parts: ReaderParts;
  readonly #end: PostgresEnd;

  constructor(parts: ReaderParts) {
    const { url, silenceSeconds } = parts;
    this.#parts = parts;
    this.#end = new PostgresEnd("source", { url, silenceSeconds });
  }

  async open(signal: AbortSignal): Promise<void> {
    const { exportedId, instant, statementSeconds, tables } = this.#parts;
    await this.#end.close();
    await this.#end.open(signal);
    try {
      await this.#end.doing("joining the source's snapshot", async () => {
        await joinSnapshot(this.#end.client, exportedId, statementSeconds);
        if ((await readInstant(this.#end.client)) !== instant) throw otherSnapshot();
        // All of them, and at once: whoever waits for a table because of the source would let nobody in who comes after.
        await lockForReading(this.#end.client, tables);
      });
    } catch (error) {
      await this.#end.close();
      throw error;
    }
  }

  read(table: Table, options: ReadOptions): AsyncGenerator<RowBatch> {
    const isPartitioned = this.#parts.tables.some((one) => one.isPartitioned && isSameTable(one.ref, table.ref));
    return readTable(this.#end, { table, isPartitioned }, options);
  }

  close(): Promise<void> {
    return this.#end.close();
  }
}

/** Which transactions the session's snapshot sees: two sessions of one server that agree in it see the same rows. */
export async function readInstant(client: PostgresClient): Promise<string> {
  const [[instant]] = (await client.query("SELECT pg_catalog.txid_current_snapshot()::text")) as [[string]];
  return instant;
}

/** The URL led to another server than the source's, which happens to know a snapshot of that name. */
function otherSnapshot(): StandinError {
  return new StandinError("SOURCE_FAILED", "A second session on the source's server sees another snapshot.", {
    hint: "Give the URL of one server, not of several.",
  });
}
