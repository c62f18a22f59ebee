import type { DataSchema, Table } from "../../../contracts.ts";
import type { Finding } from "../../../errors.ts";
import type { Obstacle, StandingTable } from "../../../standing-database.ts";
import { isSameTable } from "../../../table-ref.ts";
import type { MysqlClient } from "../mysql-client.ts";
import { quoteName, quoteText } from "../mysql-sql.ts";

/** Unique and foreign keys over masked columns, foreign keys first: an index that one needs cannot go. */
export async function findObstacles(
  client: MysqlClient,
  { tables }: DataSchema,
  standing: readonly StandingTable[],
): Promise<readonly Obstacle[]> {
  const maskedOf = ({ ref }: Pick<Table, "ref">): readonly string[] =>
    standing
      .filter(({ table }) => isSameTable(table.ref, ref))
      .flatMap(({ masked, columns }) => masked.map((index) => columns[index]!.name));
  const meets = (columns: readonly string[], masked: readonly string[]) => columns.some((name) => masked.includes(name));
  const [foreign, unique]: [Obstacle[], Obstacle[]] = [[], []];
  for (const table of tables) {
    const masked = maskedOf(table);
    const foreignKeys = table.foreignKeys.filter(
      (key) => meets(key.columns, masked) || meets(key.referencedColumns, maskedOf({ ref: key.references })),
    );
    const uniqueKeys = table.uniqueKeys.filter(
      ({ columns, isPrimary }) => !isPrimary && (meets(columns, masked) || columns.length === 0),
    );
    if (foreignKeys.length === 0 && (uniqueKeys.length === 0 || masked.length === 0)) continue;
    const lines = await definitionLines(client, table.ref.name);
    for (const { name } of foreignKeys) foreign.push(foreignKey(table.ref.name, name, lines));
    for (const { name } of uniqueKeys) unique.push(uniqueKey(table.ref.name, name, lines));
  }
  return [...foreign, ...unique];
}

/** What the server itself says of each part of the table, to be said again to it. */
async function definitionLines(client: MysqlClient, table: string): Promise<readonly string[]> {
  const rows = await client.query(`SHOW CREATE TABLE ${quoteName(table)}`);
  return rows[0]![1]!.split("\n").map((line) => line.trim().replace(/,$/, ""));
}

function foreignKey(table: string, name: string, lines: readonly string[]): Obstacle {
  return {
    name: `${table}.${name}`,
    drop: `ALTER TABLE ${quoteName(table)} DROP FOREIGN KEY ${quoteName(name)}`,
    add: `ALTER TABLE ${quoteName(table)} ADD ${lineOf(lines, `CONSTRAINT ${quoteName(name)} FOREIGN KEY `)}`,
    isThere: `SELECT 1 FROM information_schema.TABLE_CONSTRAINTS WHERE CONSTRAINT_SCHEMA = DATABASE() AND CONSTRAINT_TYPE = 'FOREIGN KEY'
                AND TABLE_NAME = ${quoteText(table)} AND CONSTRAINT_NAME = ${quoteText(name)}`,
  };
}

function uniqueKey(table: string, name: string, lines: readonly string[]): Obstacle {
  return {
    name: `${table}.${name}`,
    drop: `ALTER TABLE ${quoteName(table)} DROP INDEX ${quoteName(name)}`,
    add: `ALTER TABLE ${quoteName(table)} ADD ${lineOf(lines, `UNIQUE KEY ${quoteName(name)} `)}`,
    isThere: `SELECT 1 FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = DATABASE()
                AND TABLE_NAME = ${quoteText(table)} AND INDEX_NAME = ${quoteText(name)} LIMIT 1`,
  };
}

function lineOf(lines: readonly string[], start: string): string {
  const line = lines.find((one) => one.startsWith(start));
  if (line === undefined) throw new TypeError(`The server does not tell how ${start.trim()} is made.`);
  return line;
}

/** What would keep batches from being taken back, see former values, or hold on to them. */
export async function findHindrances(client: MysqlClient, standing: readonly StandingTable[]): Promise<readonly Finding[]> {
  const names = standing.map(({ table }) => table.ref.name);
  if (names.length === 0) return [];
  const list = names.map(quoteText).join(", ");
  const tables = (await client.query(
    `SELECT TABLE_NAME, ENGINE, TABLE_TYPE FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME IN (${list})`,
  )) as [string, string, string][];
  const triggers = (await client.query(
    `SELECT EVENT_OBJECT_TABLE, TRIGGER_NAME FROM information_schema.TRIGGERS
      WHERE TRIGGER_SCHEMA = DATABASE() AND EVENT_MANIPULATION = 'UPDATE' AND EVENT_OBJECT_TABLE IN (${list})`,
  )) as [string, string][];
  const finding = (table: string, message: string, hint: string): Finding => ({
    code: "IN_PLACE_UNSUPPORTED",
    severity: "error",
    message,
    table,
    hint,
  });
  return [
    ...tables
      .filter(([, engine]) => engine !== "InnoDB")
      .map(([table, engine]) =>
        finding(
          table,
          `${table} is a table of ${engine}, which has no transactions: a stopped run could not go on.`,
          "ALTER TABLE … ENGINE=InnoDB.",
        ),
      ),
    ...tables
      .filter(([, , type]) => type === "SYSTEM VERSIONED")
      .map(([table]) =>
        finding(
          table,
          `${table} is system-versioned: it would keep every former value.`,
          "ALTER TABLE … DROP SYSTEM VERSIONING, and mask.",
        ),
      ),
    ...triggers.map(([table, trigger]) =>
      finding(
        table,
        `The trigger ${trigger} on ${table} would fire for every masked row, and see its former values.`,
        "Drop it, mask, and create it again.",
      ),
    ),
  ];
}
