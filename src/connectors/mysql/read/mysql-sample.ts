import type { Column, ColumnValues, SampleOptions, Table } from "../../../contracts.ts";
import { isHex } from "../../../formats/mysql/mysql-types.ts";
import { asColumns, SAMPLE_CHARACTERS, sampleRows } from "../../../sample-bounds.ts";
import type { MysqlClient } from "../mysql-client.ts";
import { readExpression } from "../mysql-columns.ts";
import { limitStatements } from "../mysql-session.ts";
import { quoteName } from "../mysql-sql.ts";

/** Places of a large table that are looked at. */
const PLACES = 20;

/** Longest wait for the rows: a view of columns that is costly to write out must not hold a proposal up. */
const MOST_SECONDS = 30;

/** What a statement may take: for the sample, and, 0 for no limit, for whatever the session does. */
export interface SampleSeconds {
  readonly seconds?: number | undefined;
  readonly statementSeconds?: number | undefined;
}

/** Looks at rows of one table, within the time that there is. The session has its own limit again afterwards. */
export async function sampleTable(
  client: MysqlClient,
  table: Table,
  options: SampleOptions,
  { seconds = MOST_SECONDS, statementSeconds = 0 }: SampleSeconds = {},
): Promise<readonly ColumnValues[]> {
  await limitStatements(client, seconds);
  try {
    return await readSample(client, table, options);
  } finally {
    if (!client.isLost) await limitStatements(client, statementSeconds);
  }
}

/**
 * Looks at rows of one table: of a large one, whose primary key begins with an integer, at some from each part of the key's range, which costs as many
 * look-ups in the key; of any other at the first rows in the order that they are stored.
 */
async function readSample(client: MysqlClient, table: Table, { columns, rows }: SampleOptions): Promise<readonly ColumnValues[]> {
  const wanted = sampleRows({ rows });
  const key = leadingKey(table);
  const isLarge = table.rowEstimate === null || table.rowEstimate > 2 * wanted;
  const spread = key !== null && isLarge ? await readSpread(client, table, columns, key, wanted) : [];
  // Keys with great gaps leave most places empty.
  if (spread.length >= wanted / 4) return asColumns(spread, columns.length);
  return asColumns(await client.query(`${selectFrom(table, columns)} LIMIT ${wanted}`), columns.length);
}

async function readSpread(
  client: MysqlClient,
  table: Table,
  columns: readonly Column[],
  key: string,
  wanted: number,
): Promise<readonly ColumnValues[]> {
  const name = quoteName(key);
  // The ends of a key are looked up, not searched.
  const [[first, last]] = (await client.query(
    `SELECT CAST(MIN(${name}) AS CHAR), CAST(MAX(${name}) AS CHAR) FROM ${quoteName(table.ref.name)}`,
  )) as [[string | null, string | null]];
  if (first === null || last === null) return [];
  const [from, to] = [BigInt(first), BigInt(last) + 1n];
  const bounds = Array.from({ length: PLACES + 1 }, (_, index) => from + ((to - from) * BigInt(index)) / BigInt(PLACES));
  const places = bounds.slice(0, -1).map((start, index) => {
    const range = `${name} >= ${start} AND ${name} < ${bounds[index + 1]}`;
    return `(${selectFrom(table, columns)} WHERE ${range} ORDER BY ${name} LIMIT ${Math.ceil(wanted / PLACES)})`;
  });
  return (await client.query(places.join(" UNION ALL "))).slice(0, wanted);
}

/** The integer that the primary key begins with, null where it begins with none. */
function leadingKey({ uniqueKeys, columns }: Table): string | null {
  const [name] = uniqueKeys.find(({ isPrimary }) => isPrimary)?.columns ?? [];
  return name !== undefined && columns.some((column) => column.name === name && column.kind === "integer") ? name : null;
}

function selectFrom({ ref }: Table, columns: readonly Column[]): string {
  return `SELECT ${columns.map(cutExpression).join(", ")} FROM ${quoteName(ref.name)}`;
}

/** A value as text, cut on the server. */
function cutExpression(column: Column): string {
  if (isHex(column)) {
    const bytes = `CAST(${quoteName(column.name)} AS BINARY)`;
    return `CONCAT('\\\\x', LOWER(HEX(LEFT(${bytes}, ${SAMPLE_CHARACTERS / 2}))))`;
  }
  // A long text is cut before it is converted: otherwise all of its megabytes are.
  if (column.kind === "text") return `CAST(LEFT(${readExpression(column)}, ${SAMPLE_CHARACTERS}) AS CHAR)`;
  return `LEFT(CAST(${readExpression(column)} AS CHAR), ${SAMPLE_CHARACTERS})`;
}
