import type { Column, ColumnKind, ForeignKey, Table, UniqueKey } from "../../contracts.ts";
import { isWithoutRowId, quoted, rowsOf, type SqliteDatabase } from "./sqlite-library.ts";

/** The tables of a file but for SQLite's own, views, and virtual tables with what they keep in tables of their own. */
export function readTables(db: SqliteDatabase): readonly Table[] {
  const names = rowsOf(
    db,
    "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name",
  );
  return names.map(([name]) => readTable(db, String(name)));
}

function readTable(db: SqliteDatabase, name: string): Table {
  const found = rowsOf(
    db,
    `SELECT name, type, "notnull", dflt_value IS NOT NULL, pk, hidden FROM pragma_table_xinfo(?) WHERE hidden <> 1`,
    name,
  );
  const primary = found.filter((row) => Number(row[4]) > 0).sort((one, other) => Number(one[4]) - Number(other[4]));
  // A column INTEGER PRIMARY KEY is the row's own number, and filled where it is left out.
  const isRowId = primary.length === 1 && /^integer$/i.test(String(primary[0]![1]));
  const columns = found.map((row): Column => {
    const isKey = isRowId && row === primary[0];
    return columnOf(
      String(row[0]),
      String(row[1]),
      Number(row[2]) === 0 && !isKey,
      Number(row[3]) === 1 || isKey,
      Number(row[5]) >= 2,
    );
  });
  return {
    ref: { schema: null, name },
    columns,
    uniqueKeys: uniqueKeys(
      db,
      name,
      primary.map(([column]) => String(column)),
    ),
    foreignKeys: foreignKeys(db, name),
    rowEstimate: estimate(db, name),
  };
}

function columnOf(name: string, type: string, nullable: boolean, hasDefault: boolean, isGenerated: boolean): Column {
  return {
    ...{ name, type: type === "" ? "any" : type.toLowerCase(), kind: kindOf(type), nullable, hasDefault, isGenerated },
    ...{ maxLength: null, isPadded: false, range: null, labels: null },
  };
}

/** By the declared type, which tells what values usually are: SQLite takes any value in any column (https://sqlite.org/datatype3.html §3.1). */
const KINDS: readonly (readonly [declared: RegExp, kind: ColumnKind])[] = [
  [/bool/i, "boolean"],
  [/int/i, "integer"],
  [/json/i, "json"],
  [/uuid/i, "uuid"],
  [/char|clob|text/i, "text"],
  [/blob/i, "bytes"],
  [/real|floa|doub/i, "float"],
  [/datetime|timestamp/i, "timestamp"],
  [/date/i, "date"],
  [/time/i, "time"],
  [/numeric|decimal/i, "decimal"],
];

const kindOf = (type: string): ColumnKind => KINDS.find(([declared]) => declared.test(type))?.[1] ?? "text";

function uniqueKeys(db: SqliteDatabase, table: string, primary: readonly string[]): readonly UniqueKey[] {
  const keys: UniqueKey[] =
    primary.length === 0 ? [] : [{ name: `${table}_pkey`, columns: primary, isPrimary: true, isPartial: false }];
  const indexes = rowsOf(
    db,
    `SELECT name, partial FROM pragma_index_list(?) WHERE "unique" AND origin <> 'pk' ORDER BY name`,
    table,
  );
  for (const [name, partial] of indexes) {
    const parts = rowsOf(db, "SELECT name, coll FROM pragma_index_xinfo(?) WHERE key ORDER BY seqno", name!);
    const columns = parts.map(([column]) => column);
    const isOverExpression = columns.includes(null);
    const ignoresCase = parts.filter(([, collation]) => /^nocase$/i.test(String(collation))).map(([column]) => String(column));
    keys.push({
      name: String(name),
      columns: isOverExpression ? [] : columns.map(String),
      isPrimary: false,
      isPartial: Number(partial) === 1 || ignoresCase.length > 0,
      ...(ignoresCase.length > 0 && !isOverExpression && { ignoresCase }),
    });
  }
  return keys;
}

function foreignKeys(db: SqliteDatabase, table: string): readonly ForeignKey[] {
  const rows = rowsOf(db, `SELECT id, "table", "from", "to" FROM pragma_foreign_key_list(?) ORDER BY id, seq`, table);
  return [...groupById(rows).values()].map((parts): ForeignKey => {
    const referenced = String(parts[0]![1]);
    const named = parts.map(([, , , to]) => to);
    // Without columns it points to the primary key.
    const columns = named.includes(null) ? primaryOf(db, referenced) : named.map(String);
    const own = parts.map(([, , from]) => String(from));
    return {
      name: `${table}_${own.join("_")}_fkey`,
      columns: own,
      references: { schema: null, name: referenced },
      referencedColumns: columns,
    };
  });
}

function groupById(rows: ReturnType<typeof rowsOf>): ReadonlyMap<string, ReturnType<typeof rowsOf>> {
  const groups = new Map<string, (typeof rows)[number][]>();
  for (const row of rows) groups.set(String(row[0]), [...(groups.get(String(row[0])) ?? []), row]);
  return groups;
}

const primaryOf = (db: SqliteDatabase, table: string): readonly string[] =>
  rowsOf(db, "SELECT name FROM pragma_table_xinfo(?) WHERE pk > 0 ORDER BY pk", table).map(([name]) => String(name));

/** The largest row number, which is found at once; null for a table without such, or with a column of its name. */
function estimate(db: SqliteDatabase, table: string): number | null {
  if (isWithoutRowId(db, table)) return null;
  if (rowsOf(db, "SELECT 1 FROM pragma_table_xinfo(?) WHERE name = 'rowid' COLLATE NOCASE AND pk = 0", table).length > 0)
    return null;
  const [[largest]] = rowsOf(db, `SELECT max(rowid) FROM ${quoted(table)}`) as [[bigint | null]];
  return largest === null ? 0 : Math.max(0, Number(largest));
}
