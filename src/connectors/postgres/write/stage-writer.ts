import type { EncodedRows, ShardWriter, StagedShard, TableToWrite } from "../../../contracts.ts";
import { isStandinError, StandinError } from "../../../errors.ts";
import { tableName } from "../../../table-ref.ts";
import { otherCount } from "../../unfinished-run.ts";
import type { CopyIn, PostgresClient } from "../postgres-client.ts";
import { fromPostgresError, PostgresFailure } from "../postgres-errors.ts";
import { copyInStatement } from "../postgres-sql.ts";
import { keepRecord, recordedRows, type StagedPlace, stagedName, THIS_TRANSACTION } from "./stage-records.ts";
import { STAGING } from "./stage-schema.ts";

/** Longest piece sent at once: the server's silence is counted by pieces. */
const PIECE_BYTES = 1024 * 1024;

/** The part of a staging that a session writes to. */
export interface StageSlot {
  readonly number: number;
  /** As of `StagedPlace`. */
  readonly slot: number;
  readonly table: TableToWrite;
  /** The shard's name. */
  readonly shard: string;
}

/** Writes one shard in a transaction of its own, which has begun. */
export class StageWriter implements ShardWriter {
  readonly #client: PostgresClient;
  readonly #copy: CopyIn;
  readonly #at: StageSlot;
  /** The table's blocks before. */
  readonly #blocks: number;
  readonly #name: string;
  readonly #doing: string;

  private constructor(client: PostgresClient, copy: CopyIn, at: StageSlot, blocks: number) {
    this.#client = client;
    this.#copy = copy;
    this.#at = at;
    this.#blocks = blocks;
    this.#name = tableName(at.table.table.ref);
    this.#doing = `writing ${this.#name}, shard ${at.shard}`;
  }

  static async start(client: PostgresClient, at: StageSlot): Promise<StageWriter> {
    const name = stagedName(at.number, at.slot);
    // A crash of the server may take the last shards back, each with its record, as both are in one commit; and an earlier one never without those after
    // it, as the log is written in order. So no shard needs to wait for the disk: publishing does, which is a commit behind them all.
    const [[, blocks]] = (await client.query(
      `SELECT pg_catalog.set_config('synchronous_commit', 'off', true), ${blocksOf(name)}::text`,
    )) as [[string, string]];
    const copy = await client.copyIn(copyInStatement({ schema: STAGING, name }, at.table.columns));
    return new StageWriter(client, copy, at, Number(blocks));
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
      await keepRecord(this.#client, await this.#place(taken), record).catch((error: unknown) => this.#unlessKept(error));
      return taken;
    });
  }

  async abort(): Promise<void> {
    await this.#copy.abort();
    await this.#client.script("ROLLBACK");
  }

  /** Where the rows came to lie: behind what was there, unless the server filled blocks that it had made before. */
  async #place(rows: number): Promise<StagedPlace> {
    const { number, slot } = this.#at;
    const name = stagedName(number, slot);
    const firstBlock = Math.max(0, this.#blocks - 1);
    const [[endBlock, behind]] = (await this.#client.query(
      `SELECT ${blocksOf(name)}::text,
              (SELECT pg_catalog.count(*)::text FROM ${STAGING}.${name} WHERE ctid >= '(${firstBlock},0)' AND xmin = ${THIS_TRANSACTION})`,
    )) as [[string, string]];
    return { number, slot, firstBlock: Number(behind) === rows ? firstBlock : 0, endBlock: Number(endBlock) };
  }

  /** Another process has kept the same shard: its rows are those that this one brings, which are taken back. */
  async #unlessKept(error: unknown): Promise<void> {
    if (!(error instanceof PostgresFailure) || error.sqlState !== UNIQUE_VIOLATION) throw error;
    await this.#client.script("ROLLBACK");
    if ((await recordedRows(this.#client, this.#at.number, this.#at.shard)) === null) throw error;
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

const UNIQUE_VIOLATION = "23505";

const blocksOf = (name: string): string =>
  `(pg_catalog.pg_relation_size('${STAGING}.${name}'::pg_catalog.regclass) / pg_catalog.current_setting('block_size')::bigint)`;
