import type { MysqlClient } from "../mysql-client.ts";
import { quoteName } from "../mysql-sql.ts";
import { isMarkedWith } from "./kept-marks.ts";
import { forgetShards, type PlacedShard, readPlaces } from "./shard-places.ts";
import { isKeyless, ROW } from "./slot-tables.ts";
import { slotName } from "./staging-names.ts";

/** The staging of a table of that name. */
export interface ShardsOf {
  readonly staging: string;
  readonly table: string;
  /** Whether its rows are marked with the shard that they came with. */
  readonly isMarked: boolean;
}

/**
 * Deletes the rows of shards with their records. Returns false, and leaves all as it was, where the table has to begin anew: marks and records do not agree, or most of the
 * table would go, which costs more; or it has no key, and what is done again would come behind the others.
 */
export async function discardShards(
  client: MysqlClient,
  { staging, table, isMarked }: ShardsOf,
  shards: readonly string[],
): Promise<boolean> {
  const names = new Set(shards);
  const all = await readPlaces(client, table);
  const chosen = all.filter(({ shard }) => names.has(shard));
  const isInStaging = chosen.some(({ slot }) => slot === 0);
  if (isInStaging && (!isMarked || (await isKeyless(client, staging)))) return false;
  return deleteShards(client, staging, chosen, all);
}

async function deleteShards(
  client: MysqlClient,
  staging: string,
  chosen: readonly PlacedShard[],
  all: readonly PlacedShard[],
): Promise<boolean> {
  const promised = rowsOf(chosen);
  if (chosen.length === 0) return true;
  if (promised > rowsOf(all) / 2) return false;
  await client.execute("START TRANSACTION");
  let deleted = 0;
  const isMarked = isMarkedWith(chosen.filter(({ slot }) => slot === 0).map(({ position }) => position));
  if (isMarked !== null) deleted += (await client.execute(`DELETE FROM ${quoteName(staging)} WHERE ${isMarked}`)).affectedRows;
  for (const { slot, firstRow, endRow } of chosen) {
    if (slot === 0) continue;
    const isOfShard = `${ROW} BETWEEN ${firstRow} AND ${endRow}`;
    deleted += (await client.execute(`DELETE FROM ${quoteName(slotName(staging, slot))} WHERE ${isOfShard}`)).affectedRows;
  }
  if (deleted !== promised) {
    await client.execute("ROLLBACK");
    return false;
  }
  await forgetShards(
    client,
    chosen.map(({ position }) => position),
  );
  await client.execute("COMMIT");
  return true;
}

const rowsOf = (shards: readonly PlacedShard[]): number => shards.reduce((sum, { rows }) => sum + rows, 0);
