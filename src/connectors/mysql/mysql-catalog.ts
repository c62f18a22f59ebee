import type { CheckConstraint, Column, DataSchema, ForeignKey, Table, TableRef, UniqueKey } from "../../contracts.ts";
import { columnsRead } from "../../formats/columns-read.ts";
import { CHECKS_QUERY, COLUMNS_QUERY, FOREIGN_KEYS_QUERY, TABLES_QUERY, UNIQUE_KEYS_QUERY } from "./mysql-catalog-queries.ts";
import type { MysqlClient } from "./mysql-client.ts";
import { kindOf, labelsOf, rangeOf, TIMESTAMP_SECONDS } from "./mysql-kinds.ts";
import { isMariaDb } from "./mysql-session.ts";
import { quoteName } from "./mysql-sql.ts";

/** Tables below this size are counted: the server's own number is a guess, and many rules depend on how many rows there are. */
const COUNTABLE_BYTES = 32 * 1024 * 1024;

/** Character sets that hold every character. */
const UNICODE = ["utf8mb4", "utf16", "utf16le", "utf32", "binary"];

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
  const mariaDb = await isMariaDb(client);
  const checks = groupByTable(await client.query(mariaDb ? CHECKS_QUERY.mariadb : CHECKS_QUERY.mysql));
  const tables: Table[] = [];
  for (const [name, estimate, bytes] of found as [string, string | null, string | null][]) {
    const ref: TableRef = { schema: null, name };
    const columnRows = columns.get(name) ?? [];
    const names = columnRows.map(([, column]) => column!);
    const caseless = new Set(columnRows.filter((row) => row.at(-1) === "1").map(([, column]) => column!));
    const conditions = (checks.get(name) ?? []).map((row) => toCheck(row, names));
    // MySQL has a type for JSON; MariaDB's is a text with a check.
    const documents = new Set(mariaDb ? conditions.filter(isJsonCheck).map(({ columns: [column] }) => column!) : []);
    const isCountable = countsRows && Number(bytes ?? 0) < COUNTABLE_BYTES;
    tables.push({
      ref,
      columns: columnRows.map((row) => toColumn(row, documents, names)),
      uniqueKeys: toUniqueKeys(keys.get(name) ?? [], caseless),
      foreignKeys: toForeignKeys(foreignKeys.get(name) ?? []),
      checks: conditions.filter((check) => !isJsonCheck(check)),
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

function toCheck([, name, clause]: readonly (string | null)[], names: readonly string[]): CheckConstraint {
  // MySQL writes the quotes of texts with a backslash before them.
  const expression = clause!.replaceAll("\\'", "'");
  return { name: name!, expression, columns: columnsRead(expression, names) };
}

const isJsonCheck = ({ expression, columns }: CheckConstraint): boolean =>
  columns.length === 1 && expression.replace(/^\((.*)\)$/, "$1") === `json_valid(${quoteName(columns[0]!)})`;

function toColumn(row: readonly (string | null)[], documents: ReadonlySet<string>, names: readonly string[]): Column {
  const [, name, dataType, type, nullable, maxLength, extra, hasDefault, computedBy, charset, isCaseful] = row as [
    string,
    string,
    string,
    string,
    string,
    string | null,
    string,
    string,
    string | null,
    string | null,
    string | null,
  ];
  const kind = documents.has(name) ? "json" : kindOf(dataType);
  const isText = kind === "text" && maxLength !== null;
  return {
    name,
    type,
    kind,
    nullable: nullable === "YES",
    maxLength: isText && Number(maxLength) < 2 ** 24 - 1 ? Number(maxLength) : null,
    ...(isText && /text$/.test(dataType) && { maxBytes: Number(maxLength) }),
    ...(charset !== null && !UNICODE.includes(charset) && { charset }),
    ...(charset !== null && isCaseful !== "1" && { ignoresCase: true }),
    isPadded: false,
    range: rangeOf(dataType, type),
    ...(dataType === "timestamp" && { secondRange: TIMESTAMP_SECONDS }),
    labels: labelsOf(type),
    // MySQL writes DEFAULT_GENERATED for a default, which is another thing.
    isGenerated: /\bGENERATED\b/i.test(extra),
    ...(computedBy !== null && { computedBy: { text: computedBy, columns: columnsRead(computedBy, names) } }),
    hasDefault: hasDefault === "1" || /auto_increment/i.test(extra),
  };
}

/** A key over the start of a column, or one that compares without case, promises less than equality does, so it counts as partial. */
function toUniqueKeys(rows: Rows, caseless: ReadonlySet<string>): UniqueKey[] {
  const keys = new Map<string, Rows>();
  for (const row of rows) keys.set(row[1]!, [...(keys.get(row[1]!) ?? []), row]);
  return [...keys].map(([name, parts]) => {
    const names = parts.map(([, , column]) => column).filter((column) => column !== null && column !== undefined);
    const prefixes = parts.filter(([, , , start]) => start !== null).map(([, , column, start]) => [column!, Number(start)]);
    const ignoresCase = names.filter((column) => caseless.has(column));
    return {
      name,
      // A key over an expression says nothing that could be told by columns.
      columns: names.length === parts.length ? names : [],
      isPrimary: name === "PRIMARY",
      isPartial: prefixes.length > 0 || ignoresCase.length > 0,
      ...(ignoresCase.length > 0 && { ignoresCase }),
      ...(prefixes.length > 0 && { prefixes: Object.fromEntries(prefixes) }),
    };
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
