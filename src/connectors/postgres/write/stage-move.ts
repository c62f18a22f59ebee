import type { TableToWrite } from "../../../contracts.ts";
import { StandinError } from "../../../errors.ts";
import { tableName } from "../../../table-ref.ts";
import { counted } from "../../../written-numbers.ts";
import type { PostgresClient } from "../postgres-client.ts";
import { quoteName, quoteTable } from "../postgres-sql.ts";
import { withoutRules } from "./rewrite-rules.ts";
import { type PlacedShard, placedShards, promisedRows, stagedName } from "./stage-records.ts";
import { BEGIN_ANEW, STAGING } from "./stage-schema.ts";
import type { TableToStage } from "./stage-tables.ts";

/** In which order the shards of a table are published, by its number. */
export type Arrangement = ReadonlyMap<number, readonly string[]>;

const listOf = ({ columns }: TableToWrite): string => columns.map(({ name }) => quoteName(name)).join(", ");

/** Moves the staged rows into the target's own tables, which are empty and have nothing in their way, and sees that all are there. */
export async function moveRows(client: PostgresClient, tables: readonly TableToStage[], arrangement: Arrangement): Promise<void> {
  const promised = await promisedRows(client);
  const placed = await placedShards(client);
  const targets = tables.map(({ found }) => found);
  await withoutRules(client, targets, ["INSERT"], async () => {
    for (const { number, wanted, found } of tables) {
      const target = quoteTable(wanted.table.ref);
      const list = listOf(wanted);
      const into = list === "" ? "" : ` (${list})`;
      const shards = placed.filter((shard) => shard.number === number);
      for (const from of inOrder(number, shards, arrangement.get(number)))
        await client.script(`INSERT INTO ${target}${into} OVERRIDING SYSTEM VALUE SELECT ${list} FROM ${from}`);
      const [[there]] = (await client.query(
        `SELECT pg_catalog.count(*)::text FROM ${found.isPartitioned ? "" : "ONLY "}${target}`,
      )) as [[string]];
      refuseOtherCount(wanted, promised.get(number) ?? 0, Number(there));
    }
  });
}

/**
 * What to select from, in the order of the table's shards: the whole, where they lie so; else one after the other, by the blocks that each lies in. (Before
 * PostgreSQL 14 the server looks at all blocks for each of them.)
 */
function inOrder(number: number, shards: readonly PlacedShard[], wanted: readonly string[] | undefined): readonly string[] {
  const isOneSession = shards.every(({ slot }) => slot === 0);
  if (isOneSession && (wanted === undefined || wanted.every((name, index) => shards[index]?.shard === name)))
    return [`${STAGING}.${stagedName(number)}`];
  const byName = new Map(shards.map((one) => [one.shard, one]));
  const ordered = wanted === undefined ? shards : wanted.flatMap((name) => byName.get(name) ?? []);
  return ordered.map(({ slot, firstBlock, endBlock, transaction }) => {
    const blocks = `ctid >= '(${firstBlock},0)' AND ctid < '(${endBlock},0)'`;
    return `${STAGING}.${stagedName(number, slot)} WHERE ${blocks} AND xmin = '${transaction}'::xid`;
  });
}

function refuseOtherCount({ table }: TableToWrite, promised: number, there: number): void {
  if (there === promised) return;
  const name = tableName(table.ref);
  const message = `${name}: ${counted(promised, "row")} ${promised === 1 ? "was" : "were"} staged, and ${there} came out.`;
  throw new StandinError("COUNT_MISMATCH", message, {
    table: name,
    hint: BEGIN_ANEW,
  });
}
