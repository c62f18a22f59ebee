import type { ReadOptions, RowBatch, ShardReader, Table } from "../../../contracts.ts";
import { StandinError } from "../../../errors.ts";
import type { MysqlClient } from "../mysql-client.ts";
import { beginSnapshot } from "../mysql-session.ts";
import { quoteText } from "../mysql-sql.ts";
import { MysqlEnd } from "../write/mysql-end.ts";
import { readTable } from "./mysql-read.ts";

/** What a reader needs to see what the source sees: plain data. The URL may hold a password, so none of it is printed. */
export interface ReaderParts {
  readonly url: string;
  readonly silenceSeconds: number | undefined;
  readonly statementSeconds: number | undefined;
  /** The lock by name that the source's server holds for as long as readers may join. */
  readonly windowName: string;
}

/** Reads shards on a session of its own, in a snapshot that it takes while the source that made these parts keeps writers off: it joins once. */
export function mysqlReader(reader: unknown): ShardReader {
  return new MysqlReader(reader as ReaderParts);
}

class MysqlReader implements ShardReader {
  readonly #parts: ReaderParts;
  readonly #end: MysqlEnd;

  constructor(parts: ReaderParts) {
    const { url, silenceSeconds } = parts;
    this.#parts = parts;
    this.#end = new MysqlEnd("source", { url, silenceSeconds });
  }

  async open(signal: AbortSignal): Promise<void> {
    const { statementSeconds, windowName } = this.#parts;
    await this.#end.close();
    await this.#end.open(signal);
    try {
      await this.#end.doing("joining the source's snapshot", async () => {
        await beginSnapshot(this.#end.client, statementSeconds);
        // Asked behind the beginning: had the window ended before, its lock would be gone.
        if (!(await isHeld(this.#end.client, windowName))) throw outsideOfWindow();
      });
    } catch (error) {
      await this.#end.close();
      throw error;
    }
  }

  read(table: Table, options: ReadOptions): AsyncGenerator<RowBatch> {
    return readTable(this.#end, table, table.ref.name, options);
  }

  close(): Promise<void> {
    return this.#end.close();
  }
}

async function isHeld(client: MysqlClient, name: string): Promise<boolean> {
  const [[holder]] = (await client.query(`SELECT IS_USED_LOCK(${quoteText(name)})`)) as [[string | null]];
  return holder !== null;
}

/** Too late, or on a replica or a node beside the source's server: rows of another moment. */
function outsideOfWindow(): StandinError {
  return new StandinError("SOURCE_FAILED", "A second session on the source's server sees another snapshot.", {
    hint: "Run again: a session that was lost cannot come back into the snapshot. Give the URL of one server, not of several.",
  });
}
