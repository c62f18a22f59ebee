import type { Column, TableRef } from "../../contracts.ts";
import { StandinError } from "../../errors.ts";
import { tableName } from "../../table-ref.ts";
import type { StorageClass } from "./sqlite-cell.ts";
import { codeOf, encodingOf, isWithoutRowId, quoted, rowsOf, type SqliteDatabase, type Stored } from "./sqlite-library.ts";

/** A row as it is read: of each column the storage class, then the value. Text is its bytes in UTF-8. */
export type StoredRow = readonly (Stored | StorageClass)[];

/** Rows fetched before it is known how long they are. */
const FIRST_ROWS = 100;
/** Ranges may hold this many times what was asked for, where rows grow. */
const MOST_TIMES = 8;

/**
 * Reads a table range by range, in the order of its rows' numbers, or of its key where they have none. Each statement is ended before its rows go on: the driver
 * cannot end one that is left in the middle, and its lock would stay.
 */
export class RangeReader {
  readonly #db: SqliteDatabase;
  readonly #ref: TableRef;
  readonly #cells: readonly string[];
  readonly #key: readonly string[];
  readonly #maxRows: number;
  readonly #maxBytes: number;
  /** Of a file in UTF-16: what makes text of its bytes. */
  readonly #decoder: InstanceType<typeof TextDecoder> | null;
  #last: StoredRow | null = null;
  #isEnded = false;
  #limit: number;

  constructor(db: SqliteDatabase, ref: TableRef, columns: readonly Column[], maxRows: number, maxBytes: number) {
    this.#db = db;
    this.#ref = ref;
    this.#cells = columns.map(({ name }) => quoted(name));
    this.#key = keyOf(db, ref.name);
    this.#maxRows = maxRows;
    this.#maxBytes = maxBytes;
    this.#limit = Math.min(maxRows, FIRST_ROWS);
    const encoding = encodingOf(db);
    this.#decoder = encoding === "UTF-8" ? null : new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
  }

  /** The next rows, the first of which has this ordinal; null behind the last. */
  next(firstRow: number): readonly StoredRow[] | null {
    if (this.#isEnded) return null;
    this.#fit();
    const rows = this.#fetch();
    this.#isEnded = rows.length < this.#limit;
    if (rows.length === 0) return null;
    const bytes = rows.reduce((sum, row) => sum + sizeOf(row), 0) / rows.length;
    this.#limit = Math.max(1, Math.min(this.#maxRows, Math.ceil(this.#maxBytes / bytes)));
    const read = this.#decoder === null ? rows : rows.map((row, index) => this.#inUtf8(row, firstRow + index));
    this.#last = read.at(-1)!.slice(-2 * this.#key.length);
    return read;
  }

  /** Asks for fewer rows where the next ones are longer than those before: all of a range is held. SQLite knows lengths without reading what is long. */
  #fit(): void {
    const lengths = this.#cells.map(
      (cell) => `total(CASE WHEN typeof(${cell}) IN ('text', 'blob') THEN octet_length(${cell}) END)`,
    );
    if (lengths.length === 0) return;
    while (this.#limit > 1) {
      const [[bytes]] = this.#query(`SELECT ${lengths.join(" + ")} FROM (SELECT ${this.#cells.join(", ")} ${this.#range()})`) as [
        [number],
      ];
      if (bytes <= MOST_TIMES * this.#maxBytes) return;
      this.#limit = Math.max(1, Math.floor(this.#limit * Math.min(0.5, this.#maxBytes / bytes)));
    }
  }

  #fetch(): readonly StoredRow[] {
    return this.#query(`SELECT ${[...this.#cells, ...this.#key].map(classAndValue).join(", ")} ${this.#range()}`) as StoredRow[];
  }

  /** The rows behind the last ones. */
  #range(): string {
    const parameters = this.#key.map((_, index) => (this.#isBytesOfText(index) ? "CAST(? AS TEXT)" : "?"));
    const key = this.#key.join(", ");
    const behind = this.#last === null ? "" : ` WHERE (${key}) > (${parameters.join(", ")})`;
    return `FROM ${quoted(this.#ref.name)}${behind} ORDER BY ${key} LIMIT ${this.#limit}`;
  }

  /** The last row's key: what is no UTF-8 goes as its bytes, as it came. */
  #bounds(): readonly Stored[] {
    if (this.#last === null) return [];
    return this.#key.map((_, index) => {
      const value = this.#last![2 * index + 1]! as Stored;
      const isText = this.#last![2 * index] === "text";
      return isText && !this.#isBytesOfText(index) ? (value as Buffer).toString("utf8") : value;
    });
  }

  #isBytesOfText(index: number): boolean {
    return this.#decoder === null && this.#last?.[2 * index] === "text";
  }

  #query(sql: string): readonly (readonly Stored[])[] {
    try {
      return rowsOf(this.#db, sql, ...this.#bounds());
    } catch (error) {
      const table = tableName(this.#ref);
      throw new StandinError("SOURCE_FAILED", `SQLite failed while ${table} was read (${codeOf(error)}).`, { table });
    }
  }

  #inUtf8(row: StoredRow, ordinal: number): StoredRow {
    return row.map((cell, at) => {
      if (row[at - 1] !== "text" || at % 2 === 0) return cell;
      try {
        return Buffer.from(this.#decoder!.decode(cell as Buffer));
      } catch {
        const table = tableName(this.#ref);
        throw new StandinError("FORMAT_INVALID", `${table} holds text that is no UTF-16 in row ${ordinal + 1}.`, {
          ...{ table, row: ordinal + 1 },
        });
      }
    });
  }
}

/** What rows are ordered by: their number, by a name of it that no column has, else the primary key. */
function keyOf(db: SqliteDatabase, table: string): readonly string[] {
  const columns = rowsOf(db, "SELECT name FROM pragma_table_xinfo(?)", table);
  if (isWithoutRowId(db, table)) return primaryKeyOf(db, table);
  const names = columns.map(([name]) => String(name).toLowerCase());
  const free = ["rowid", "_rowid_", "oid"].find((name) => !names.includes(name));
  if (free !== undefined) return [free];
  throw new StandinError(
    "SYSTEMS_UNSUPPORTED",
    `${table} has columns of all three names of a row's number, so its rows cannot be told apart.`,
    { table },
  );
}

/** The primary key as it compares, which may be other than its columns do: by those, rows that it tells apart would be one. */
function primaryKeyOf(db: SqliteDatabase, table: string): readonly string[] {
  const parts = rowsOf(
    db,
    "SELECT part.name, part.coll FROM pragma_index_list(?) AS list, pragma_index_xinfo(list.name) AS part WHERE list.origin = 'pk' AND part.key ORDER BY part.seqno",
    table,
  );
  return parts.map(([name, collation]) => `${quoted(String(name))} COLLATE ${quoted(String(collation))}`);
}

/** Text as bytes: the driver ends the process over one that is no UTF-8. */
const classAndValue = (cell: string): string =>
  `typeof(${cell}), CASE typeof(${cell}) WHEN 'text' THEN CAST(${cell} AS BLOB) ELSE ${cell} END`;

export function sizeOf(row: StoredRow): number {
  let size = 1;
  for (const cell of row) size += Buffer.isBuffer(cell) ? cell.length : 8;
  return size;
}
