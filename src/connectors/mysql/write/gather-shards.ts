import type { TableToWrite } from "../../../contracts.ts";
import { StandinError } from "../../../errors.ts";
import { tableName } from "../../../table-ref.ts";
import { otherCount } from "../../unfinished-run.ts";
import type { MysqlClient } from "../mysql-client.ts";
import { quoteName, quoteNames } from "../mysql-sql.ts";
import { markOf } from "./kept-marks.ts";
import type { MysqlEnd } from "./mysql-end.ts";
import { findWarning } from "./mysql-warnings.ts";
import { forgetShards, IN_STAGING, keepRecord, type PlacedShard, readPlaces } from "./shard-places.ts";
import { ROW } from "./slot-tables.ts";
import { slotName } from "./staging-names.ts";

/** A staging table that rows wait for in slots. */
export interface TableToGather {
  readonly staging: string;
  readonly table: TableToWrite;
  /** Whether its rows are marked with the shard that they came with. */
  readonly isMarked: boolean;
  /** The shards in the order of the table's rows; those that it does not name come first, as they came. */
  readonly order: readonly string[];
}

/**
 * Moves what waits in slots to its staging table, in the shards' order: each shard with its record in one transaction, so that whoever goes on with a run that broke off
 * here finds every shard in one place.
 */
export async function gatherShards(end: MysqlEnd, toGather: TableToGather): Promise<void> {
  const { client } = end;
  const name = tableName(toGather.table.table.ref);
  const what = `moving staged rows of ${name} together`;
  const places = await end.doing(what, () => readPlaces(client, name));
  const waiting = places.filter(({ slot }) => slot > 0);
  if (waiting.length === 0) return;
  const placeOf = new Map(toGather.order.map((shard, index) => [shard, index]));
  const inOrder = waiting.toSorted((one, other) => (placeOf.get(one.shard) ?? -1) - (placeOf.get(other.shard) ?? -1));
  await end.doing(
    what,
    async () => {
      // Of what a generated column cuts off, and of a statement's place in the binary log, there are notes.
      await client.execute("SET SESSION sql_notes = 0");
      for (const shard of inOrder) await gatherShard(client, toGather, shard);
      await client.execute("SET SESSION sql_notes = 1");
    },
    name,
  );
}

async function gatherShard(client: MysqlClient, { staging, table, isMarked }: TableToGather, shard: PlacedShard): Promise<void> {
  const { position, slot, firstRow, endRow, rows } = shard;
  const columns = quoteNames(table.columns.map(({ name }) => name));
  const mark = markOf(position);
  const [into, from] = isMarked ? [`${columns}, ${mark.column}`, `${columns}, ${mark.value}`] : [columns, columns];
  await client.execute("START TRANSACTION");
  try {
    const { affectedRows, warningStatus } = await client.execute(
      `INSERT INTO ${quoteName(staging)} (${into})
       SELECT ${from} FROM ${quoteName(slotName(staging, slot))} WHERE ${ROW} BETWEEN ${firstRow} AND ${endRow} ORDER BY ${ROW}`,
    );
    if (affectedRows !== rows) throw otherCount(shard.table, rows, affectedRows);
    if (warningStatus > 0) throw await warned(client, table);
    await forgetShards(client, [position]);
    await keepRecord(client, shard, IN_STAGING, position);
    await client.execute("COMMIT");
  } catch (error) {
    if (!client.isLost) await client.execute("ROLLBACK");
    throw error;
  }
}

/** The columns are the same: whatever the server warns of, it did not take a value as it is. */
async function warned(client: MysqlClient, { table, columns }: TableToWrite): Promise<StandinError> {
  const warning = await findWarning(client, columns, 0);
  const name = tableName(table.ref);
  return new StandinError("SINK_REJECTED", `The target's server changed a staged value of ${name} (error ${warning?.errno}).`, {
    table: name,
    column: warning?.column,
  });
}
