import type { ForeignKeyDefinition } from "../../../formats/mysql/mysql-foreign-key.ts";
import type { MysqlClient } from "../mysql-client.ts";
import { quoteName, quoteNames, quoteText } from "../mysql-sql.ts";
import { OUR_PREFIX } from "./staging-names.ts";

/** What the server does where it is told nothing, for which it is told nothing: that a rule was said, it would say itself from then on. */
const saidRule = (rule: string) => `NULLIF(${rule}, IF(VERSION() LIKE '%MariaDB%', 'RESTRICT', 'NO ACTION'))`;

const FOREIGN_KEYS = `
  SELECT k.TABLE_NAME, k.CONSTRAINT_NAME, k.COLUMN_NAME, NULLIF(k.REFERENCED_TABLE_SCHEMA, DATABASE()), k.REFERENCED_TABLE_NAME,
         k.REFERENCED_COLUMN_NAME, ${saidRule("r.UPDATE_RULE")}, ${saidRule("r.DELETE_RULE")}
    FROM information_schema.KEY_COLUMN_USAGE k
    JOIN information_schema.REFERENTIAL_CONSTRAINTS r
      ON r.CONSTRAINT_SCHEMA = k.CONSTRAINT_SCHEMA AND r.TABLE_NAME = k.TABLE_NAME AND r.CONSTRAINT_NAME = k.CONSTRAINT_NAME
   WHERE k.TABLE_SCHEMA = DATABASE() AND k.REFERENCED_TABLE_NAME IS NOT NULL
   ORDER BY k.TABLE_NAME, k.CONSTRAINT_NAME, k.ORDINAL_POSITION`;

/** Every foreign key of the session's database. */
export async function readForeignKeys(client: MysqlClient): Promise<ForeignKeyDefinition[]> {
  const found = new Map<string, ForeignKeyDefinition & { columns: string[]; referencedColumns: string[] }>();
  for (const row of await client.query(FOREIGN_KEYS)) {
    const [table, name, column, referencedSchema, referencedTable, referenced, onUpdate, onDelete] = row;
    const key = `${table}\0${name}`;
    const definition = found.get(key) ?? {
      table: table!,
      name: name!,
      columns: [],
      referencedSchema: referencedSchema!,
      referencedTable: referencedTable!,
      referencedColumns: [],
      onUpdate: onUpdate ?? null,
      onDelete: onDelete ?? null,
    };
    definition.columns.push(column!);
    definition.referencedColumns.push(referenced!);
    found.set(key, definition);
  }
  return [...found.values()];
}

/** By table of the session's database: another database that has a foreign key to it, as far as the user sees. */
export async function readPointingDatabases(client: MysqlClient): Promise<ReadonlyMap<string, string>> {
  const rows = (await client.query(
    "SELECT REFERENCED_TABLE_NAME, TABLE_SCHEMA FROM information_schema.KEY_COLUMN_USAGE WHERE REFERENCED_TABLE_SCHEMA = DATABASE() AND TABLE_SCHEMA <> DATABASE()",
  )) as [string, string][];
  return new Map(rows);
}

/** Says which table stands for one of the session's database at the moment: the staging one while rows come in. */
export type StandsFor = (table: string) => string;

export function addForeignKey(key: ForeignKeyDefinition, name: string, standsFor: StandsFor): string {
  const rules = [
    ["DELETE", key.onDelete],
    ["UPDATE", key.onUpdate],
  ].filter(([, rule]) => rule !== null);
  return [
    `ALTER TABLE ${quoteName(standsFor(key.table))} ADD CONSTRAINT ${quoteName(name)}`,
    `FOREIGN KEY (${quoteNames(key.columns)}) REFERENCES ${referenced(key, standsFor)} (${quoteNames(key.referencedColumns)})`,
    ...rules.map(([event, rule]) => `ON ${event} ${rule}`),
  ].join(" ");
}

export function dropForeignKey(table: string, name: string): string {
  return `ALTER TABLE ${quoteName(table)} DROP FOREIGN KEY ${quoteName(name)}`;
}

/**
 * Makes a table's indexes its own, as statements. An index that the server made for a foreign key is otherwise replaced, under another name, when a
 * second key over the same columns comes; one that was renamed is not.
 */
export async function keepIndexes(client: MysqlClient, table: string): Promise<string[]> {
  const rows = (await client.query(
    `SELECT DISTINCT INDEX_NAME FROM information_schema.STATISTICS
      WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ${quoteText(table)} AND NON_UNIQUE = 1 AND INDEX_TYPE = 'BTREE'`,
  )) as [string][];
  if (rows.length === 0) return [];
  const names = rows.map(([name], index) => [quoteName(name), quoteName(`${OUR_PREFIX}key_${index}`)] as const);
  return [
    names.map(([own, other]) => `RENAME INDEX ${own} TO ${other}`),
    names.map(([own, other]) => `RENAME INDEX ${other} TO ${own}`),
  ].map((renames) => `ALTER TABLE ${quoteName(table)} ${renames.join(", ")}`);
}

/** Whether an outer join has found no row of a table, by a column that holds no NULL. To the server the date 0000-00-00 is NULL as well, for `IS NULL` alone. */
export const isAbsent = (alias: string, column: string): string => `${alias}.${quoteName(column)} <=> NULL`;

/** Finds a row that points nowhere. A key with a NULL in it points nowhere by right (MATCH SIMPLE). */
export async function isBroken(client: MysqlClient, key: ForeignKeyDefinition, standsFor: StandsFor): Promise<boolean> {
  const pairs = key.columns.map((column, index) => `p.${quoteName(key.referencedColumns[index]!)} = c.${quoteName(column)}`);
  const present = key.columns.map((column) => `c.${quoteName(column)} IS NOT NULL`);
  const rows = await client.query(
    `SELECT 1 FROM ${quoteName(standsFor(key.table))} c LEFT JOIN ${referenced(key, standsFor)} p ON ${pairs.join(" AND ")}
      WHERE ${present.join(" AND ")} AND ${isAbsent("p", key.referencedColumns[0]!)} LIMIT 1`,
  );
  return rows.length > 0;
}

function referenced(key: ForeignKeyDefinition, standsFor: StandsFor): string {
  if (key.referencedSchema !== null) return `${quoteName(key.referencedSchema)}.${quoteName(key.referencedTable)}`;
  return quoteName(standsFor(key.referencedTable));
}
