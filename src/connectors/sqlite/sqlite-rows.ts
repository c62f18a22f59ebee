import { USUAL_BYTES, USUAL_ROWS } from "../../batch/usual-size.ts";
import type { Column, ColumnValues, ReadOptions, RowBatch, Table, TableRef } from "../../contracts.ts";
import { StandinError } from "../../errors.ts";
import { tableName } from "../../table-ref.ts";
import { type StorageClass, textOf } from "./sqlite-cell.ts";
import { codeOf, quoted, rowsOf, type SqliteDatabase, type Stored } from "./sqlite-library.ts";

/** A row as it is read: of each column the storage class, then the value. */
type StoredRow = readonly (Stored | StorageClass)[];

/** Rows as SQLite stores them. A column becomes text when somebody masks it, and only then. */
export class SqliteBatch implements RowBatch {
  readonly table: TableRef;
  readonly firstRow: number;
  readonly #columns: readonly Column[];
  readonly #rows: readonly StoredRow[];
  readonly #replaced: (ColumnValues | undefined)[] = [];

  constructor(table: TableRef, columns: readonly Column[], rows: readonly StoredRow[], firstRow: number) {
    this.table = table;
    this.#columns = columns;
    this.#rows = rows;
    this.firstRow = firstRow;
  }

  get rowCount(): number {
    return this.#rows.length;
  }

  storage(index: number, row: number): StorageClass {
    return this.#rows[row]![2 * index] as StorageClass;
  }

  value(index: number, row: number): Stored {
    return this.#rows[row]![2 * index + 1]! as Stored;
  }

  column(index: number): ColumnValues {
    return this.#rows.map((_, row) => {
      const text = textOf(this.storage(index, row), this.value(index, row));
      if (text !== undefined) return text;
      const [table, column, ordinal] = [tableName(this.table), this.#columns[index]!.name, this.firstRow + row + 1];
      throw new StandinError("FORMAT_INVALID", `${table}.${column} holds text that is no UTF-8 in row ${ordinal}.`, {
        ...{ table, column, row: ordinal },
      });
    });
  }

  replace(index: number, values: ColumnValues): void {
    this.#replaced[index] = values;
  }

  replacement(index: number): ColumnValues | undefined {
    return this.#replaced[index];
  }

  slice(from: number, to: number): SqliteBatch {
    return new SqliteBatch(this.table, this.#columns, this.#rows.slice(from, to), this.firstRow + from);
  }
}

/** Rows fetched before it is known how long they are. */
const FIRST_ROWS = 100;

/**
 * Streams a table in the order of its rows, or of its key where they have no number of their own. Each statement is ended before its rows go on: the driver
 * cannot end one that is left in the middle, and its lock would stay.
 */
export async function* readRows(
  db: SqliteDatabase,
  { ref }: Table,
  { columns, batchSize, signal }: ReadOptions,
): AsyncGenerator<SqliteBatch> {
  const { maxRows = USUAL_ROWS, maxBytes = USUAL_BYTES } = batchSize;
  signal.throwIfAborted();
  const key = keyOf(db, ref.name);
  const selected = [...columns.map(({ name }) => quoted(name)), ...key].map(classAndValue).join(", ");
  let firstRow = 0;
  let limit = Math.min(maxRows, FIRST_ROWS);
  for (let last: StoredRow | null = null; ; ) {
    const rows = fetchRows(db, ref, selected, key, last, limit);
    for (let from = 0; from < rows.length; ) {
      const to = endOfBatch(rows, from, maxBytes);
      yield new SqliteBatch(ref, columns, rows.slice(from, to), firstRow);
      signal.throwIfAborted();
      firstRow += to - from;
      from = to;
    }
    if (rows.length < limit) return;
    last = rows.at(-1)!.slice(-2 * key.length);
    const bytes = rows.reduce((sum, row) => sum + sizeOf(row), 0) / rows.length;
    limit = Math.max(1, Math.min(maxRows, Math.ceil(maxBytes / bytes)));
  }
}

/** What rows are ordered by: their number, by a name of it that no column has, else the primary key. */
function keyOf(db: SqliteDatabase, table: string): readonly string[] {
  const columns = rowsOf(db, "SELECT name, pk FROM pragma_table_xinfo(?) ORDER BY pk", table);
  const [[isWithout]] = rowsOf(db, "SELECT wr FROM pragma_table_list WHERE schema = 'main' AND name = ?", table) as [[bigint]];
  if (isWithout === 1n) return columns.filter(([, pk]) => pk !== 0n).map(([name]) => quoted(String(name)));
  const names = columns.map(([name]) => String(name).toLowerCase());
  const free = ["rowid", "_rowid_", "oid"].find((name) => !names.includes(name));
  if (free !== undefined) return [free];
  throw new StandinError(
    "SYSTEMS_UNSUPPORTED",
    `${table} has columns of all three names of a row's number, so its rows cannot be told apart.`,
    { table },
  );
}

/** Text as bytes: the driver ends the process over one that is no UTF-8. */
const classAndValue = (cell: string): string =>
  `typeof(${cell}), CASE typeof(${cell}) WHEN 'text' THEN CAST(${cell} AS BLOB) ELSE ${cell} END`;

/** The rows behind the one of the key `last`. */
function fetchRows(
  db: SqliteDatabase,
  ref: TableRef,
  selected: string,
  key: readonly string[],
  last: StoredRow | null,
  limit: number,
): readonly StoredRow[] {
  const parameters = key.map((_, index) => (last?.[2 * index] === "text" ? "CAST(? AS TEXT)" : "?"));
  const values = last === null ? [] : key.map((_, index) => last[2 * index + 1]! as Stored);
  const behind = last === null ? "" : ` WHERE (${key.join(", ")}) > (${parameters.join(", ")})`;
  const sql = `SELECT ${selected} FROM ${quoted(ref.name)}${behind} ORDER BY ${key.join(", ")} LIMIT ${limit}`;
  try {
    return rowsOf(db, sql, ...values) as readonly StoredRow[];
  } catch (error) {
    const table = tableName(ref);
    throw new StandinError("SOURCE_FAILED", `SQLite failed while ${table} was read (${codeOf(error)}).`, { table });
  }
}

function endOfBatch(rows: readonly StoredRow[], from: number, maxBytes: number): number {
  let bytes = 0;
  for (let row = from; row < rows.length; row++) {
    bytes += sizeOf(rows[row]!);
    if (bytes >= maxBytes) return row + 1;
  }
  return rows.length;
}

function sizeOf(row: StoredRow): number {
  let size = 1;
  for (const cell of row) size += Buffer.isBuffer(cell) ? cell.length : 8;
  return size;
}
