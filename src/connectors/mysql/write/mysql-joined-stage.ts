import type { JoinedStage, LeftRun, Shard, ShardWriter, TableToWrite } from "../../../contracts.ts";
import { StandinError } from "../../../errors.ts";
import { tableName } from "../../../table-ref.ts";
import { type KeptRun, readKept } from "./kept-run.ts";
import { refused } from "./kept-shapes.ts";
import type { MysqlEnd } from "./mysql-end.ts";
import { readRecords, recordedRows } from "./shard-places.ts";
import { leaseShard, releaseShard } from "./slot-locks.ts";
import { SlotWriters } from "./slot-writers.ts";
import { TargetSession } from "./target-session.ts";

/** Writes to the staging of a run that another process began, by a session that has a slot. */
export class MysqlJoinedStage implements JoinedStage {
  readonly left: LeftRun;
  readonly #end: MysqlEnd;
  readonly #kept: KeptRun;
  readonly #slots: SlotWriters;
  /** The shard that this session has to itself. */
  #leased: { readonly table: string; readonly shard: string } | null = null;

  private constructor(end: MysqlEnd, kept: KeptRun, left: LeftRun, slots: SlotWriters) {
    this.#end = end;
    this.#kept = kept;
    this.left = left;
    this.#slots = slots;
  }

  /** Of a session that has a slot. Null where nothing is staged; throws RESUME_REFUSED where other tables are. */
  static async join(
    end: MysqlEnd,
    slot: number,
    tables: readonly TableToWrite[],
    loadData: boolean | undefined,
  ): Promise<MysqlJoinedStage | null> {
    const kept = await readKept(end.client);
    if (kept === null) return null;
    const names = new Set(kept.tables.map(({ name }) => name));
    const missing = tables.find(({ table }) => !names.has(table.ref.name));
    if (missing !== undefined)
      throw refused(`The unfinished run does not write ${tableName(missing.table.ref)}`, tableName(missing.table.ref));
    // The slot is lost with the session.
    const session = new TargetSession(end, loadData, () => Promise.reject(slotLost()));
    const left = { mark: kept.mark, shards: await readRecords(end.client) };
    return new MysqlJoinedStage(end, kept, left, new SlotWriters(end, session, slot));
  }

  /** From here until its end the shard is this session's alone. */
  keptRows({ table }: TableToWrite, { id }: Shard): Promise<number | null> {
    const { client } = this.#end;
    const name = tableName(table.ref);
    return this.#end.doing("looking at what is staged", async () => {
      await this.#release();
      await leaseShard(client, name, id);
      this.#leased = { table: name, shard: id };
      const rows = await recordedRows(client, name, id);
      if (rows !== null) await this.#release();
      return rows;
    });
  }

  async writer(table: TableToWrite, shard: Shard): Promise<ShardWriter> {
    const { staging } = this.#kept.tables.find(({ name }) => name === table.table.ref.name)!;
    const writer = await this.#slots.writer(staging, table, shard);
    return {
      ...writer,
      end: async (record) => {
        const rows = await writer.end(record);
        await this.#end.doing("letting go of a shard", () => this.#release());
        return rows;
      },
    };
  }

  async #release(): Promise<void> {
    const leased = this.#leased;
    this.#leased = null;
    if (leased !== null) await releaseShard(this.#end.client, leased.table, leased.shard);
  }
}

function slotLost(): StandinError {
  return new StandinError("CONNECTION_LOST", "The session that wrote for the run was given up.");
}
