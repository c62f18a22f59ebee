import type { MysqlClient } from "./mysql-client.ts";
import { MysqlFailure } from "./mysql-errors.ts";
import { quoteName, quoteText } from "./mysql-sql.ts";
import { OUR_PREFIX, SHARDS_TABLE } from "./staging-names.ts";

/** Says in a staging table, until it is published, which shard a row came with: the position of its record. */
const MARK = quoteName(`${OUR_PREFIX}shard`);
const SHARDS = quoteName(SHARDS_TABLE);

/** A value that every row of a shard is written with. */
export interface RowMark {
  readonly column: string;
  readonly value: number;
}

/**
 * Gives staging tables the column for marks where they lack it, and tells which have it: not those that keep the versions of their rows, as what is deleted there
 * stays, nor those whose rows would be too wide.
 */
export async function addMarks(client: MysqlClient, stagings: readonly string[]): Promise<ReadonlySet<string>> {
  const marked = new Set(await readMarked(client, stagings));
  const versioned = new Set(
    (
      await client.query(
        "SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE = 'SYSTEM VERSIONED'",
      )
    ).map(([name]) => name),
  );
  for (const staging of stagings) {
    if (marked.has(staging) || versioned.has(staging)) continue;
    try {
      await client.execute(`ALTER TABLE ${quoteName(staging)} ADD COLUMN ${MARK} int unsigned NOT NULL DEFAULT 0`);
      marked.add(staging);
    } catch (error) {
      if (!(error instanceof MysqlFailure)) throw error;
    }
  }
  return marked;
}

/** Takes the marks off, for a table that is the target's own in a moment. */
export async function dropMarks(client: MysqlClient, stagings: readonly string[]): Promise<void> {
  for (const staging of await readMarked(client, stagings)) {
    await client.execute(`ALTER TABLE ${quoteName(staging)} DROP COLUMN ${MARK}`);
  }
}

/** The mark of the next shard. */
export async function nextMark(client: MysqlClient): Promise<RowMark> {
  const [[value]] = (await client.query(`SELECT COALESCE(MAX(position), 0) + 1 FROM ${SHARDS}`)) as [[string]];
  return { column: MARK, value: Number(value) };
}

/**
 * Deletes the rows of shards with their records. Returns false, and leaves all as it was, where marks and records do not agree, or where most of the table would go: that
 * costs more than to begin it anew.
 */
export async function deleteShards(
  client: MysqlClient,
  staging: string,
  table: string,
  shards: readonly string[],
): Promise<boolean> {
  const ofTable = `table_name = ${quoteText(table)}`;
  const isChosen = `${ofTable} AND shard IN (${shards.map(quoteText).join(", ")})`;
  const chosen = (await client.query(`SELECT position, row_count FROM ${SHARDS} WHERE ${isChosen}`)) as [string, string][];
  const [[all]] = (await client.query(`SELECT COALESCE(SUM(row_count), 0) FROM ${SHARDS} WHERE ${ofTable}`)) as [[string]];
  const promised = chosen.reduce((sum, [, rows]) => sum + Number(rows), 0);
  if (chosen.length === 0) return true;
  if (promised > Number(all) / 2) return false;
  await client.execute("START TRANSACTION");
  const positions = chosen.map(([position]) => position).join(", ");
  const { affectedRows } = await client.execute(`DELETE FROM ${quoteName(staging)} WHERE ${MARK} IN (${positions})`);
  if (affectedRows !== promised) {
    await client.execute("ROLLBACK");
    return false;
  }
  await client.execute(`DELETE FROM ${SHARDS} WHERE ${isChosen}`);
  await client.execute("COMMIT");
  return true;
}

async function readMarked(client: MysqlClient, stagings: readonly string[]): Promise<readonly string[]> {
  const wanted = new Set(stagings);
  const rows = await client.query(
    `SELECT TABLE_NAME FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND COLUMN_NAME = '${OUR_PREFIX}shard'`,
  );
  return rows.map(([name]) => name!).filter((name) => wanted.has(name));
}
