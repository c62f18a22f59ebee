import type { MysqlClient } from "../mysql-client.ts";
import { MysqlFailure } from "../mysql-errors.ts";
import { quoteName } from "../mysql-sql.ts";
import { nextPosition } from "./shard-places.ts";
import { OUR_PREFIX } from "./staging-names.ts";

/** Says in a staging table, until it is published, which shard a row came with: the position of its record. */
const MARK = quoteName(`${OUR_PREFIX}shard`);

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
  return markOf(await nextPosition(client));
}

export const markOf = (position: number): RowMark => ({ column: MARK, value: position });

/** Says of a row that it came with one of these shards. Null for none. */
export const isMarkedWith = (positions: readonly number[]): string | null =>
  positions.length === 0 ? null : `${MARK} IN (${positions.join(", ")})`;

async function readMarked(client: MysqlClient, stagings: readonly string[]): Promise<readonly string[]> {
  const wanted = new Set(stagings);
  const rows = await client.query(
    `SELECT TABLE_NAME FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND COLUMN_NAME = '${OUR_PREFIX}shard'`,
  );
  return rows.map(([name]) => name!).filter((name) => wanted.has(name));
}
