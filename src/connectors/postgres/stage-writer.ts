import type { EncodedRows, Shard, ShardWriter, StagedShard, TableToWrite } from "../../contracts.ts";
import { isStandinError, StandinError } from "../../errors.ts";
import { tableName } from "../../table-ref.ts";
import { otherCount } from "../unfinished-run.ts";
import type { CopyIn, PostgresClient } from "./postgres-client.ts";
import { fromPostgresError } from "./postgres-errors.ts";
import { keepRecord } from "./stage-records.ts";

/** Longest piece sent at once: the server's silence is counted by pieces. */
const PIECE_BYTES = 1024 * 1024;

/** Writes one shard in a transaction of its own, which has begun. */
export class StageWriter implements ShardWriter {
  readonly #client: PostgresClient;
  readonly #copy: CopyIn;
  readonly #number: number;
  readonly #name: string;
  readonly #doing: string;

  constructor(client: PostgresClient, copy: CopyIn, number: number, { table }: TableToWrite, { id }: Shard) {
    this.#client = client;
    this.#copy = copy;
    this.#number = number;
    this.#name = tableName(table.ref);
    this.#doing = `writing ${this.#name}, shard ${id}`;
  }

  write({ pieces }: EncodedRows): Promise<void> {
    return this.#rebuilding(async () => {
      for (const piece of pieces) {
        for (let from = 0; from < piece.length; from += PIECE_BYTES)
          await this.#copy.write(piece.subarray(from, from + PIECE_BYTES));
      }
    });
  }

  end(record: StagedShard): Promise<number> {
    return this.#rebuilding(async () => {
      const taken = await this.#copy.end();
      if (taken !== record.rows) throw otherCount(this.#name, record.rows, taken);
      await keepRecord(this.#client, this.#number, record);
      await this.#client.script("COMMIT");
      return taken;
    });
  }

  async abort(): Promise<void> {
    await this.#copy.abort();
    await this.#client.script("ROLLBACK");
  }

  async #rebuilding<Result>(step: () => Promise<Result>): Promise<Result> {
    try {
      return await step();
    } catch (error) {
      const told = fromPostgresError(error, "target", this.#doing, this.#name);
      // The server counts a row from the shard's first one: the message may say so, a place means the table's.
      if (!isStandinError(told) || told.row === undefined) throw told;
      const { code, message, table, column, hint } = told;
      throw new StandinError(code, message, { table, column, hint });
    }
  }
}
