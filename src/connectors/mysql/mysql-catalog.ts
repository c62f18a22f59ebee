import type { DataSchema, Table } from "../../contracts.ts";
import { type CatalogRows, tableOf } from "../../formats/mysql/mysql-table.ts";
import { unescaped } from "../../formats/mysql/standard-texts.ts";
import { CHECKS_QUERY, COLUMNS_QUERY, FOREIGN_KEYS_QUERY, TABLES_QUERY, UNIQUE_KEYS_QUERY } from "./mysql-catalog-queries.ts";
import type { MysqlClient } from "./mysql-client.ts";
import { isMariaDb } from "./mysql-session.ts";
import { quoteName } from "./mysql-sql.ts";

/** Tables below this size are counted: the server's own number is a guess, and many rules depend on how many rows there are. */
const COUNTABLE_BYTES = 32 * 1024 * 1024;

/** Where the queries have an expression. */
const [COMPUTED_BY, CLAUSE] = [8, 2];

/** Reads what the session's database holds. Tables whose names start with `without` are left out. */
export async function readCatalog(
  client: MysqlClient,
  { without, countsRows }: { readonly without: string; readonly countsRows: boolean },
): Promise<DataSchema> {
  const found = (await client.query(TABLES_QUERY)).filter(([name]) => !name!.startsWith(without));
  const mariaDb = await isMariaDb(client);
  const columns = groupByTable(unescapedAt(COMPUTED_BY, mariaDb, await client.query(COLUMNS_QUERY)));
  const keys = groupByTable(await client.query(UNIQUE_KEYS_QUERY));
  const foreignKeys = groupByTable(await client.query(FOREIGN_KEYS_QUERY));
  const checks = groupByTable(
    unescapedAt(CLAUSE, mariaDb, await client.query(mariaDb ? CHECKS_QUERY.mariadb : CHECKS_QUERY.mysql)),
  );
  const tables: Table[] = [];
  for (const [name, estimate, bytes] of found as [string, string | null, string | null][]) {
    const isCountable = countsRows && Number(bytes ?? 0) < COUNTABLE_BYTES;
    tables.push(
      tableOf(name, mariaDb, {
        columns: columns.get(name) ?? [],
        keys: keys.get(name) ?? [],
        foreignKeys: foreignKeys.get(name) ?? [],
        checks: checks.get(name) ?? [],
        rowEstimate: isCountable ? await countRows(client, name) : estimate === null ? null : Number(estimate),
      }),
    );
  }
  return { system: "mysql", tables };
}

/** MySQL's catalog escapes expressions once more than MariaDB's. */
function unescapedAt(index: number, mariaDb: boolean, rows: CatalogRows): CatalogRows {
  if (mariaDb) return rows;
  return rows.map((row) => (row[index] == null ? row : row.with(index, unescaped(row[index]))));
}

function groupByTable(rows: CatalogRows): Map<string, CatalogRows> {
  const groups = new Map<string, (readonly (string | null)[])[]>();
  for (const row of rows) {
    const group = groups.get(row[0]!);
    if (group === undefined) groups.set(row[0]!, [row]);
    else group.push(row);
  }
  return groups;
}

async function countRows(client: MysqlClient, name: string): Promise<number> {
  const [[count]] = (await client.query(`SELECT COUNT(*) FROM ${quoteName(name)}`)) as [[string]];
  return Number(count);
}
