import { mysqlSource } from "../../src/connectors/mysql/index.ts";
import type { DataSchema } from "../../src/contracts.ts";
import { quoteMysql, runMysql, withMysqlSession } from "../servers/mysql-server.ts";
import type { Examiner } from "./faithful-copy.ts";
import { mysqlDefinitions } from "./mysql-definitions.ts";
import { insertOnce } from "./mysql-insert-once.ts";

/** Looks at a MariaDB or MySQL database. */
export const mysqlExaminer: Examiner = {
  schema: mysqlSchema,
  rows: (url, { table }, columns) => exactRows(url, table.ref.name, columns),
  cells: async (url, { table }, key, column) => {
    const id = key.map((name) => `HEX(${quoteMysql(name)})`).join(", '.', ");
    const sql = `SELECT CONCAT(${id}) AS id, CAST(${quoteMysql(column)} AS CHAR CHARACTER SET utf8mb4) AS value FROM ${quoteMysql(table.ref.name)}`;
    return new Map((await runMysql(url, sql)).map(({ id, value }) => [id as string, value as string | null]));
  },
  foreignKeys: examineForeignKeys,
  definitions: mysqlDefinitions,
  insertOnce: (url, plan) =>
    insertOnce(
      url,
      plan.tables.map(({ table }) => table.ref.name),
    ),
};

export async function mysqlSchema(url: string): Promise<DataSchema> {
  const source = mysqlSource({ url });
  try {
    await source.open(new AbortController().signal);
    return await source.schema();
  } finally {
    await source.close();
  }
}

/** Rows of some columns, or all, to the bit: no number is rounded, no text decoded, NULL is no text. */
export async function exactRows(url: string, table: string, columns?: readonly string[]): Promise<string[]> {
  const types = await columnTypes(url, table);
  const list = (columns ?? [...types.keys()]).map((name, index) => `${exactly(name, types.get(name)!)} AS c${index}`);
  if (list.length === 0) list.push("1");
  const rows = await withMysqlSession(url, async (session) => {
    const [found] = await session.query({ sql: `SELECT ${list.join(", ")} FROM ${quoteMysql(table)}`, rowsAsArray: true });
    return found as unknown[][];
  });
  return rows.map((row) => JSON.stringify(row));
}

async function columnTypes(url: string, table: string): Promise<ReadonlyMap<string, string>> {
  const rows = await withMysqlSession(url, async (session) => {
    const sql =
      "SELECT column_name AS name, data_type AS type FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = ? ORDER BY ordinal_position";
    return (await session.query(sql, [table]))[0] as { name: string; type: string }[];
  });
  return new Map(rows.map(({ name, type }) => [name, type.toLowerCase()]));
}

/** HEX of a number is that of its integer part, and a FLOAT shows six digits of its eight: each type needs its own exact text. */
function exactly(name: string, type: string): string {
  const column = quoteMysql(name);
  if (type === "float" || type === "double") return `CAST(CAST(${column} AS DOUBLE) AS CHAR)`;
  // Index 0, the label '' and NULL look alike in text.
  if (type === "enum" || type === "set") return `CONCAT(HEX(${column}), ':', ${column} + 0)`;
  if (/^((tiny|small|medium|big)?int|decimal|date|datetime|timestamp|time|year)$/.test(type)) return `CAST(${column} AS CHAR)`;
  return `HEX(${column})`;
}

async function examineForeignKeys(url: string): Promise<{ total: number; broken: string[] }> {
  const rows = await runMysql(
    url,
    `SELECT constraint_name AS name, table_name AS child, column_name AS \`column\`, referenced_table_name AS parent, referenced_column_name AS referenced
       FROM information_schema.key_column_usage
      WHERE table_schema = DATABASE() AND referenced_table_name IS NOT NULL
      ORDER BY table_name, constraint_name, ordinal_position`,
  );
  const keys = new Map<string, Record<string, unknown>[]>();
  for (const row of rows) {
    const name = `${row.child}.${row.name}`;
    keys.set(name, [...(keys.get(name) ?? []), row]);
  }
  const broken: string[] = [];
  for (const [name, columns] of keys) if ((await countOrphans(url, columns)) > 0) broken.push(name);
  return { total: keys.size, broken };
}

async function countOrphans(url: string, columns: readonly Record<string, unknown>[]): Promise<number> {
  const { child, parent } = columns[0] as { child: string; parent: string };
  const child_ = (column: unknown) => `c.${quoteMysql(column as string)}`;
  const isSet = columns.map(({ column }) => `${child_(column)} IS NOT NULL`);
  const isSame = columns.map(({ column, referenced }) => `p.${quoteMysql(referenced as string)} = ${child_(column)}`);
  const [row] = await runMysql(
    url,
    `SELECT COUNT(*) AS orphans FROM ${quoteMysql(child)} c WHERE ${isSet.join(" AND ")}
        AND NOT EXISTS (SELECT 1 FROM ${quoteMysql(parent)} p WHERE ${isSame.join(" AND ")})`,
  );
  return Number(row!.orphans);
}
