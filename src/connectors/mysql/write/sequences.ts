import type { MysqlClient } from "../mysql-client.ts";
import { quoteName } from "../mysql-sql.ts";

/** A MariaDB sequence that fills a column by default. */
export interface SequenceUse {
  readonly sequence: string;
  readonly table: string;
  readonly column: string;
}

const DEFAULTS =
  "SELECT TABLE_NAME, COLUMN_NAME, COLUMN_DEFAULT, DATABASE() FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND COLUMN_DEFAULT LIKE 'nextval(%'";

/** The sequences of the session's database that its tables draw from. */
export async function readSequenceUses(client: MysqlClient): Promise<SequenceUse[]> {
  const uses: SequenceUse[] = [];
  for (const [table, column, expression, database] of (await client.query(DEFAULTS)) as [string, string, string, string][]) {
    const [, schema, sequence] = /^nextval\(`((?:[^`]|``)*)`\.`((?:[^`]|``)*)`\)$/.exec(expression) ?? [];
    if (schema === undefined || sequence === undefined || unquoted(schema) !== database) continue;
    uses.push({ sequence: unquoted(sequence), table, column });
  }
  return uses;
}

/** Moves sequences that these tables draw from behind the numbers that the tables hold. */
export async function advanceSequences(client: MysqlClient, tables: ReadonlySet<string>): Promise<void> {
  for (const { sequence, table, column } of await readSequenceUses(client)) {
    if (!tables.has(table)) continue;
    const [[last]] = (await client.query(`SELECT MAX(${quoteName(column)}) FROM ${quoteName(table)}`)) as [[string | null]];
    if (last !== null && /^-?\d+$/.test(last)) await client.execute(`DO SETVAL(${quoteName(sequence)}, ${last})`);
  }
}

/** How the session's database's sequences are made, by name. */
export async function readSequences(client: MysqlClient): Promise<{ name: string; sql: string }[]> {
  const names = (await client.query(
    "SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE = 'SEQUENCE' ORDER BY 1",
  )) as [string][];
  const sequences: { name: string; sql: string }[] = [];
  for (const [name] of names) {
    const [row] = await client.query(`SHOW CREATE SEQUENCE ${quoteName(name)}`);
    sequences.push({ name, sql: row![1]! });
  }
  return sequences;
}

/** A default names the database of its sequence, which in another database would go on drawing from this one. */
export function drawingFromOwn(sql: string, database: string): string {
  return sql.replaceAll(`nextval(${quoteName(database)}.`, "nextval(");
}

const unquoted = (name: string) => name.replaceAll("``", "`");
