import type { DataSchema, Table, TableRef } from "../../contracts.ts";
import { quoteTable } from "../../formats/postgres/postgres-quotes.ts";
import {
  type CheckRow,
  type ColumnRow,
  type ForeignKeyRow,
  type KeyRow,
  toCheck,
  toColumn,
  toForeignKey,
  toUniqueKey,
} from "../../formats/postgres/postgres-table.ts";
import {
  CHECKS_QUERY,
  COLUMNS_QUERY,
  FOREIGN_KEYS_QUERY,
  KEYS_QUERY,
  PARTITIONS_QUERY,
  TABLES_QUERY,
  type TableRow,
} from "./catalog-queries.ts";
import { type PostgresClient, queryJson } from "./postgres-client.ts";

/** A table with what only this connector knows of it. */
export interface CatalogTable {
  readonly table: Table;
  readonly oid: string;
  readonly isPartitioned: boolean;
}

export interface Catalog {
  readonly schema: DataSchema;
  /** Finds a table by its reference; one without a schema is of `public`. */
  find(ref: TableRef): CatalogTable | undefined;
}

export interface CatalogOptions {
  /** Only tables of these schemas; null for all but the system's. */
  readonly schemas: readonly string[] | null;
  /** Count small tables that the server never analyzed. */
  readonly countsRows: boolean;
}

/** Reads the tables of a database in the transaction under way. */
export async function readCatalog(client: PostgresClient, { schemas, countsRows }: CatalogOptions): Promise<Catalog> {
  const parameters = [JSON.stringify(schemas)];
  const tables = await queryJson<TableRow>(client, TABLES_QUERY, parameters);
  const columns = groupByTable(await queryJson<ColumnRow>(client, COLUMNS_QUERY, parameters));
  const keys = groupByTable(await queryJson<KeyRow>(client, KEYS_QUERY, parameters));
  const foreignKeys = groupByTable(await queryJson<ForeignKeyRow>(client, FOREIGN_KEYS_QUERY, parameters));
  const checks = groupByTable(await queryJson<CheckRow>(client, CHECKS_QUERY, parameters));
  const bounds = groupByTable(await queryJson<CheckRow>(client, PARTITIONS_QUERY, parameters));
  const counts = countsRows ? await countRows(client, tables) : new Map<string, number>();
  const found = tables.map((row): CatalogTable => {
    const { oid, schema, name, isPartitioned, estimate } = row;
    const columnRows = columns.get(oid) ?? [];
    const names = columnRows.map((column) => column.name);
    const [partitions] = bounds.get(oid) ?? [];
    const table: Table = {
      ref: { schema, name },
      columns: columnRows.map((row) => toColumn(row, names)),
      uniqueKeys: (keys.get(oid) ?? []).map((row) => toUniqueKey(row, names)),
      foreignKeys: (foreignKeys.get(oid) ?? []).map(toForeignKey),
      checks: (checks.get(oid) ?? []).map((row) => toCheck(row, names)),
      ...(partitions !== undefined && { partitionBounds: toCheck(partitions, names) }),
      rowEstimate: counts.get(oid) ?? (estimate > 0 ? Math.round(estimate) : null),
    };
    return { table, oid, isPartitioned };
  });
  const byName = new Map(found.map((one) => [quoteTable(one.table.ref), one]));
  return {
    schema: { system: "postgres", tables: found.map(({ table }) => table) },
    find: (ref) => byName.get(quoteTable(ref)),
  };
}

function groupByTable<Row extends { readonly oid: string }>(rows: readonly Row[]): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const group = groups.get(row.oid);
    if (group === undefined) groups.set(row.oid, [row]);
    else group.push(row);
  }
  return groups;
}

/** Exact counts of the small tables without an estimate: many rules depend on how many rows there are. */
async function countRows(client: PostgresClient, tables: readonly TableRow[]): Promise<Map<string, number>> {
  const empty = tables.filter(({ isEmpty }) => isEmpty).map(({ oid }) => [oid, 0] as const);
  const counts = tables
    .filter(({ estimate, isCountable, isEmpty }) => estimate <= 0 && isCountable && !isEmpty)
    .map(({ oid, schema, name, isPartitioned }) => {
      const table = `${isPartitioned ? "" : "ONLY "}${quoteTable({ schema, name })}`;
      return `SELECT '${oid}', pg_catalog.count(*)::text FROM ${table}`;
    });
  if (counts.length === 0) return new Map(empty);
  const rows = await client.query(counts.join(" UNION ALL "));
  return new Map([...empty, ...rows.map(([oid, count]) => [oid!, Number(count)] as const)]);
}
