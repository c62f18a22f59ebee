import type { Table } from "../../../contracts.ts";
import type { MysqlClient } from "../mysql-client.ts";
import { quoteName, quoteNames } from "../mysql-sql.ts";

/** Makes a temporary table for a table's changed rows, which must not be cut into partitions as the table may be. */
export async function makeChangedRoom(
  client: MysqlClient,
  room: string,
  {
    table,
    columns,
    isPartitioned,
  }: { readonly table: Table; readonly columns: readonly string[]; readonly isPartitioned: boolean },
): Promise<void> {
  await client.execute(`DROP TEMPORARY TABLE IF EXISTS ${room}`);
  await client.execute(
    isPartitioned ? roomFor(room, table, columns) : `CREATE TEMPORARY TABLE ${room} LIKE ${quoteName(table.ref.name)}`,
  );
}

/** A temporary table for columns of the target's own types, with the primary key where all of it is among them. */
export function roomFor(room: string, { ref, uniqueKeys }: Table, columns: readonly string[]): string {
  const primary = uniqueKeys.find(({ isPrimary }) => isPrimary);
  const hasKey = primary?.columns.every((column) => columns.includes(column)) === true;
  const parts = primary?.columns.map((column) => {
    const prefix = primary.prefixes?.[column];
    return prefix === undefined ? quoteName(column) : `${quoteName(column)}(${prefix})`;
  });
  const key = hasKey ? `(PRIMARY KEY (${parts!.join(", ")})) ` : "";
  return `CREATE TEMPORARY TABLE ${room} ${key}ENGINE=InnoDB SELECT ${quoteNames(columns)} FROM ${quoteName(ref.name)} WHERE FALSE`;
}
