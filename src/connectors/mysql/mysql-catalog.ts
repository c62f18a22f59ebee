import type { Column, DataSchema, ForeignKey, Table, TableRef, UniqueKey } from "../../contracts.ts";
import {
  COLUMNS_QUERY,
  FOREIGN_KEYS_QUERY,
  JSON_CHECKS_QUERY,
  TABLES_QUERY,
  UNIQUE_KEYS_QUERY,
} from "./mysql-catalog-queries.ts";
import type { MysqlClient } from "./mysql-client.ts";
import { kindOf, labelsOf, rangeOf } from "./mysql-kinds.ts";
import { isMariaDb } from "./mysql-session.ts";
import { quoteName } from "./mysql-sql.ts";

/** Tables below this size are counted: the server's own number is a guess, and many rules depend on how many rows there are. */
const COUNTABLE_BYTES = 32 * 1024 * 1024;

type Rows = readonly (readonly (string | null)[])[];

/** Reads what the session's database holds. Tables whose names start with `without` are left out. */
export async function readCatalog(
  client: MysqlClient,
  { without, countsRows }: { readonly without: string; readonly countsRows: boolean },
): Promise<DataSchema> {
  const found = (await client.query(TABLES_QUERY)).filter(([name]) => !name!.startsWith(without));
  const columns = groupByTable(await client.query(COLUMNS_QUERY));
  const keys = groupByTable(await client.query(UNIQUE_KEYS_QUERY));
  const foreignKeys = groupByTable(await client.query(FOREIGN_KEYS_QUERY));
  // MySQL has a type for JSON; MariaDB's is a text with a check.
  const checked = (await isMariaDb(client)) ? await client.query(JSON_CHECKS_QUERY) : [];
  const documents = new Set(checked.map(([table, clause]) => `${table}\0${clause}`));
  const tables: Table[] = [];
  for (const [name, estimate, bytes] of found as [string, string | null, string | null][]) {
    const ref: TableRef = { schema: null, name };
    const isCountable = countsRows && Number(bytes ?? 0) < COUNTABLE_BYTES;
    tables.push({
      ref,
      columns: (columns.get(name) ?? []).map((row) => toColumn(row, documents)),
      uniqueKeys: toUniqueKeys(keys.get(name) ?? []),
      foreignKeys: toForeignKeys(foreignKeys.get(name) ?? []),
      rowEstimate: isCountable ? await countRows(client, name) : estimate === null ? null : Number(estimate),
    });
  }
  return { system: "mysql", tables };
}

function groupByTable(rows: Rows): Map<string, Rows> {
  const groups = new Map<string, (readonly (string | null)[])[]>();
  for (const row of rows) {
    const group = groups.get(row[0]!);
    if (group === undefined) groups.set(row[0]!, [row]);
    else group.push(row);
  }
  return groups;
}

function toColumn(row: readonly (string | null)[], documents: ReadonlySet<string>): Column {
  const [table, name, dataType, type, nullable, maxLength, extra, hasDefault] = row as [
    string,
    string,
    string,
    string,
    string,
    string | null,
    string,
    string,
  ];
  const isDocument = documents.has(`${table}\0json_valid(${quoteName(name)})`);
  const kind = isDocument ? "json" : kindOf(dataType);
  const isText = kind === "text" && maxLength !== null;
  return {
    name,
    type,
    kind,
    nullable: nullable === "YES",
    maxLength: isText && Number(maxLength) < 2 ** 24 - 1 ? Number(maxLength) : null,
    isPadded: false,
    range: rangeOf(dataType, type),
    labels: labelsOf(type),
    // MySQL writes DEFAULT_GENERATED for a default, which is another thing.
    isGenerated: /\bGENERATED\b/i.test(extra),
    hasDefault: hasDefault === "1" || /auto_increment/i.test(extra),
  };
}

function toUniqueKeys(rows: Rows): UniqueKey[] {
  const keys = new Map<string, { columns: (string | null)[]; isPartial: boolean }>();
  for (const [, name, column, isPartial] of rows) {
    const key = keys.get(name!) ?? { columns: [], isPartial: false };
    key.columns.push(column!);
    key.isPartial ||= isPartial === "1";
    keys.set(name!, key);
  }
  return [...keys].map(([name, { columns, isPartial }]) => {
    const names = columns.filter((column) => column !== null);
    // A key over an expression says nothing that could be told by columns.
    return { name, columns: names.length === columns.length ? names : [], isPrimary: name === "PRIMARY", isPartial };
  });
}

function toForeignKeys(rows: Rows): ForeignKey[] {
  const keys = new Map<string, ForeignKey & { columns: string[]; referencedColumns: string[] }>();
  for (const [, name, column, schema, table, referenced] of rows) {
    const key = keys.get(name!) ?? {
      name: name!,
      columns: [],
      references: { schema: schema!, name: table! },
      referencedColumns: [],
    };
    key.columns.push(column!);
    key.referencedColumns.push(referenced!);
    keys.set(name!, key);
  }
  return [...keys.values()];
}

async function countRows(client: MysqlClient, name: string): Promise<number> {
  const [[count]] = (await client.query(`SELECT COUNT(*) FROM ${quoteName(name)}`)) as [[string]];
  return Number(count);
}
