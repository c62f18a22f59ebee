import type { Shard, Table } from "../../../contracts.ts";
import { typeName } from "../../../formats/mysql/mysql-types.ts";
import { WHOLE_TABLE } from "../../../shard.ts";
import type { MysqlClient } from "../mysql-client.ts";

import { quoteName, quoteText } from "../mysql-sql.ts";

/** A stretch of the integer that a primary key begins with: `from` is within it, `below` is not, null is no bound. */
export interface KeyRange {
  readonly column: string;
  readonly from: bigint | null;
  readonly below: bigint | null;
}

const MOST_CELLS = 1_000_000n;

/** What a row takes where the server cannot tell. */
const GUESSED_ROW_BYTES = 100;
/** A guess by a few keys may be far out where others lie far apart: each part more costs a question that finds nothing. */
const MOST_GUESSED_PARTS = 64n;

const INTEGERS = new Set(["tinyint", "smallint", "mediumint", "int", "bigint"]);

/**
 * Cuts a table by the integer that its primary key begins with, along a grid whose cells are as wide as a power of two: a table that has grown at its end by
 * the next time is cut at the same places. Keys that leave gaps leave cells with few rows or none.
 *
 * A shard is named by the grid's width and its place behind the first one: that tells how dense the keys are, and of no key where it is.
 */
export async function cutTable(
  client: MysqlClient,
  table: Table,
  bytes: number,
  like: readonly string[] = [],
): Promise<readonly Shard[]> {
  const column = leadingInteger(table);
  if (column === null) return [WHOLE_TABLE];
  const size = await clusteredBytes(client, table);
  if (size === null) return [WHOLE_TABLE];
  const former = widthOf(like);
  const name = quoteName(column);
  // The ends of a key are looked up, not searched.
  const [[least, most]] = (await client.query(
    `SELECT CAST(MIN(${name}) AS CHAR), CAST(MAX(${name}) AS CHAR) FROM ${quoteName(table.ref.name)}`,
  )) as [[string | null, string | null]];
  if (least === null || most === null) return [WHOLE_TABLE];
  const [first, last] = [BigInt(least), BigInt(most)];
  const known = BigInt(Math.ceil(size / bytes));
  const parts = known > 1n || former !== null ? known : await partsByKeys(client, table, name, [first, last], bytes);
  if (parts <= 1n && former === null) return [WHOLE_TABLE];
  // A grid that was right once may have far too many cells for keys that came since.
  const isStillRight = former !== null && (last - first) >> former <= MOST_CELLS;
  return alongGrid(column, first, last, isStillRight ? former : widthFor(last - first + 1n, parts));
}

/**
 * The parts of a table that is small by the server's guess, which it makes some time after rows came: a table that was just filled has none of them yet. Told by how
 * far the keys of a shard's rows reach, if it has so many.
 */
async function partsByKeys(
  client: MysqlClient,
  { ref }: Table,
  name: string,
  [first, last]: readonly [bigint, bigint],
  bytes: number,
): Promise<bigint> {
  const rows = Math.ceil(bytes / GUESSED_ROW_BYTES);
  if (last - first < BigInt(rows)) return 1n;
  const [row] = await client.query(
    `SELECT CAST(${name} AS CHAR) FROM ${quoteName(ref.name)} ORDER BY ${name} LIMIT 1 OFFSET ${rows}`,
  );
  const reached = row === undefined ? 0n : BigInt(row[0]!) - first;
  if (reached <= 0n) return 1n;
  const parts = (last - first) / reached + 1n;
  return parts < MOST_GUESSED_PARTS ? parts : MOST_GUESSED_PARTS;
}

function widthFor(keys: bigint, parts: bigint): bigint {
  let width = 0n;
  while (keys >> width > parts) width++;
  return width;
}

/** The grid that a table was cut by, told by the name of any of its shards: the server's guess of its size, which a grid begins with, is another each time. */
function widthOf(names: readonly string[]): bigint | null {
  const width = names.map((name) => /^(\d{1,2})-\d+$/.exec(name)?.[1]).find((one) => one !== undefined);
  return width === undefined ? null : BigInt(width);
}

function alongGrid(column: string, least: bigint, most: bigint, width: bigint): readonly Shard[] {
  // A shift leads down, for negative numbers as well.
  const [first, last] = [least >> width, most >> width];
  if (first === last) return [WHOLE_TABLE];
  return Array.from({ length: Number(last - first) + 1 }, (_, index) => {
    const cell = first + BigInt(index);
    const range: KeyRange = {
      column,
      from: cell === first ? null : cell << width,
      below: cell === last ? null : (cell + 1n) << width,
    };
    return { id: `${width}-${index}`, range };
  });
}

function leadingInteger({ uniqueKeys, columns }: Table): string | null {
  const [name] = uniqueKeys.find(({ isPrimary }) => isPrimary)?.columns ?? [];
  const column = columns.find((one) => one.name === name);
  return column !== undefined && INTEGERS.has(typeName(column)) ? column.name : null;
}

/**
 * What the rows take, by the server's guess; null where they do not lie in the ascending order of the primary key: other engines keep rows as they came, and
 * partitions one after the other.
 */
async function clusteredBytes(client: MysqlClient, { ref }: Table): Promise<number | null> {
  const [row] = await client.query(`
    SELECT t.DATA_LENGTH
      FROM information_schema.TABLES t
      JOIN information_schema.STATISTICS s
        ON s.TABLE_SCHEMA = DATABASE() AND s.TABLE_NAME = ${quoteText(ref.name)} AND s.INDEX_NAME = 'PRIMARY' AND s.SEQ_IN_INDEX = 1
     WHERE t.TABLE_SCHEMA = DATABASE() AND t.TABLE_NAME = ${quoteText(ref.name)}
       AND t.ENGINE = 'InnoDB' AND t.CREATE_OPTIONS NOT LIKE '%partitioned%' AND s.COLLATION = 'A'`);
  return row === undefined ? null : Number(row[0] ?? 0);
}
