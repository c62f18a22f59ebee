import type { JoinedStage, LeftRun, Shard, ShardWriter, TableToWrite } from "../../../contracts.ts";
import { StandinError } from "../../../errors.ts";
import { tableName } from "../../../table-ref.ts";
import { beginWriting } from "../postgres-session.ts";
import { leaseSlot } from "./lock-holders.ts";
import type { PostgresEnd } from "./postgres-end.ts";
import { findStaged, type LeftStaging, readLeft, recordedRows } from "./stage-records.ts";
import { BEGIN_ANEW } from "./stage-schema.ts";
import { createSlot } from "./stage-tables.ts";
import { StageWriter } from "./stage-writer.ts";

/**
 * Writes to the staging of a run that another process began. Each session that joins has tables of its own to write to, so that the rows of a shard lie together and
 * in their order, whatever others write at the same moment.
 */
export class PostgresJoinedStage implements JoinedStage {
  readonly #end: PostgresEnd;
  readonly #left: LeftStaging;
  readonly #slot: number;
  /** Numbers of the tables that this session has its own of. */
  readonly #made = new Set<number>();

  private constructor(end: PostgresEnd, left: LeftStaging, slot: number) {
    this.#end = end;
    this.#left = left;
    this.#slot = slot;
  }

  /** Of a session that has joined. Null where nothing is staged; throws RESUME_REFUSED where other tables are. */
  static async join(end: PostgresEnd, tables: readonly TableToWrite[]): Promise<PostgresJoinedStage | null> {
    const left = await readLeft(end.client);
    if (left === null) return null;
    const missing = tables.find((wanted) => findStaged(left.tables, wanted) === undefined);
    if (missing !== undefined) {
      throw new StandinError("RESUME_REFUSED", `The unfinished run does not write ${tableName(missing.table.ref)}.`, {
        hint: BEGIN_ANEW,
      });
    }
    return new PostgresJoinedStage(end, left, await leaseSlot(end.client));
  }

  get left(): LeftRun {
    return { mark: this.#left.mark, shards: this.#left.shards };
  }

  keptRows(table: TableToWrite, { id }: Shard): Promise<number | null> {
    return this.#end.doing("looking at what is staged", () => recordedRows(this.#end.client, this.#numberOf(table), id));
  }

  async writer(table: TableToWrite, shard: Shard): Promise<ShardWriter> {
    const { client } = this.#end;
    const number = this.#numberOf(table);
    const name = tableName(table.table.ref);
    const start = async () => {
      await beginWriting(client);
      if (!this.#made.has(number)) {
        await createSlot(client, number, this.#slot);
        await client.script("COMMIT");
        this.#made.add(number);
        await beginWriting(client);
      }
      return StageWriter.start(client, { number, slot: this.#slot, table, shard: shard.id });
    };
    return this.#end.doing(`writing ${name}, shard ${shard.id}`, start, name);
  }

  #numberOf(table: TableToWrite): number {
    return findStaged(this.#left.tables, table)!.number;
  }
}
