import type { Shard, ShardWriter, StagedShard, TableToWrite } from "../../../contracts.ts";
import { tableName } from "../../../table-ref.ts";
import { otherCount } from "../../unfinished-run.ts";
import { MysqlFailure } from "../mysql-errors.ts";
import type { MysqlEnd } from "./mysql-end.ts";
import { keepRecord, recordedRows, type ShardPlace } from "./shard-places.ts";
import { createSlot, lastRow } from "./slot-tables.ts";
import type { TargetSession } from "./target-session.ts";

const DUPLICATE_KEY = 1062;

/** Writes shards, one at a time, to the tables of a slot that nobody else writes to. */
export class SlotWriters {
  readonly #end: MysqlEnd;
  readonly #session: TargetSession;
  readonly #slot: number;
  /** The slot's tables that are there, by the staging table that their rows are for. */
  readonly #made = new Map<string, string>();

  constructor(end: MysqlEnd, session: TargetSession, slot: number) {
    this.#end = end;
    this.#session = session;
    this.#slot = slot;
  }

  async writer(staging: string, table: TableToWrite, { id }: Shard): Promise<ShardWriter> {
    const end = this.#end;
    const session = this.#session;
    const name = tableName(table.table.ref);
    const client = await session.ready();
    const { into, before } = await end.doing(`writing ${name}, shard ${id}`, async () => {
      const slotTable = this.#made.get(staging) ?? (await createSlot(client, staging, this.#slot, table));
      this.#made.set(staging, slotTable);
      return { into: slotTable, before: await lastRow(client, slotTable) };
    });
    const writer = await session.open(table, { into, isShard: true });
    return {
      write: (rows) => writer.writeEncoded(rows),
      end: async (record) => {
        const rows = await session.end(writer);
        if (rows !== record.rows) throw otherCount(name, record.rows, rows);
        await end.doing(`keeping a shard of ${name}`, async () => {
          await this.#keep(record, { slot: this.#slot, firstRow: before + 1, endRow: await lastRow(client, into) });
        });
        return rows;
      },
      abort: () => session.takeBack(),
    };
  }

  /** Another process may have kept the same shard: its rows are those that this one brings, which are taken back. */
  async #keep(record: StagedShard, place: ShardPlace): Promise<void> {
    const { client } = this.#end;
    try {
      await keepRecord(client, record, place);
      await client.execute("COMMIT");
    } catch (error) {
      if (!(error instanceof MysqlFailure) || error.errno !== DUPLICATE_KEY) throw error;
      await client.execute("ROLLBACK");
      if ((await recordedRows(client, record.table, record.shard)) === null) throw error;
    }
  }
}
