import type { ShardStage, ShardWriter } from "../../../contracts.ts";
import { tableName } from "../../../table-ref.ts";
import { otherCount } from "../../unfinished-run.ts";
import type { MysqlEnd } from "./mysql-end.ts";
import { MysqlSharedStage } from "./mysql-shared-stage.ts";
import { IN_STAGING, keepRecord, readRecords } from "./shard-places.ts";
import type { StagedRun } from "./staged-run.ts";

/**
 * Keeps shards in the staging tables that any run writes to: each comes with its record in one transaction, and its rows are marked until they are published.
 * What several processes write lies in tables of their own beside, until it is moved together.
 */
export function mysqlStage(end: MysqlEnd, run: StagedRun, loadData: boolean | undefined): ShardStage {
  return {
    shared: new MysqlSharedStage(end, loadData),

    async left() {
      const kept = await run.left();
      if (kept === null) return null;
      return { mark: kept.mark, shards: await end.doing("looking for an unfinished run", () => readRecords(end.client)) };
    },

    begin: (tables, definition, mark, signal) => run.begin(tables, definition, mark, signal),

    async resume(tables, definition, signal) {
      await run.resume(tables, definition, signal);
      return { notes: [] };
    },

    arrange: (table, shards) => run.arrange(table, shards),

    async writer(table, shard): Promise<ShardWriter> {
      const name = tableName(table.table.ref);
      const slot = await run.slotWriter(table, shard);
      if (slot !== null) return slot;
      const mark = await run.nextMark();
      const writer = await run.open(table, mark);
      return {
        write: (rows) => writer.writeEncoded(rows),
        async end(record) {
          const rows = await run.end(writer);
          if (rows !== record.rows) throw otherCount(name, record.rows, rows);
          await end.doing(`keeping a shard of ${name}`, async () => {
            await keepRecord(end.client, record, IN_STAGING, mark.value);
            await end.client.execute("COMMIT");
          });
          return rows;
        },
        abort: () => run.takeBack(),
      };
    },

    async discard(table, shards) {
      if (shards.length > 0) await run.discard(table, shards);
      const name = tableName(table.table.ref);
      const records = await end.doing("reading what is staged", () => readRecords(end.client));
      return records.filter((record) => record.table === name).map(({ shard }) => shard);
    },
  };
}
