import { StandinError } from "../../errors.ts";

/** A value as SQLite stores it. Text is read as bytes, so that none of it is lost. */
export type Stored = bigint | number | string | Buffer | null;

/** What standin uses of a prepared statement. */
export interface SqliteStatement {
  raw(isRaw: boolean): SqliteStatement;
  safeIntegers(isSafe: boolean): SqliteStatement;
  /** The values as one list: the driver takes a single value that is bytes for a list of them, and binds each byte. */
  all(values: readonly Stored[]): unknown[];
  run(values: readonly Stored[]): unknown;
}

/** What standin uses of a database of libsql. */
export interface SqliteDatabase {
  prepare(sql: string): SqliteStatement;
  exec(sql: string): unknown;
  close(): void;
}

/** Opens a file. Throws DRIVER_MISSING; an error of SQLite's passes. */
export async function openDatabase(path: string): Promise<SqliteDatabase> {
  const { default: Database } = await loadLibrary();
  return new Database(path, { timeout: BUSY_MILLISECONDS });
}

/** Ends whatever transaction is open, and closes: a statement that lives on would keep the transaction, and its locks. */
export function closeDatabase(db: SqliteDatabase): void {
  try {
    db.exec("ROLLBACK");
  } catch {
    // There was none.
  }
  db.close();
}

/** How long another program's lock is waited for. */
const BUSY_MILLISECONDS = 5000;

type Library = { readonly default: new (path: string, options: { timeout: number }) => SqliteDatabase };

async function loadLibrary(): Promise<Library> {
  try {
    return (await import("libsql")) as unknown as Library;
  } catch {
    throw new StandinError("DRIVER_MISSING", "SQLite needs the package libsql.", { hint: "npm install libsql" });
  }
}

/** Rows as lists, integers as bigint. */
export function rowsOf(db: SqliteDatabase, sql: string, ...values: readonly Stored[]): readonly (readonly Stored[])[] {
  return db.prepare(sql).raw(true).safeIntegers(true).all(values) as Stored[][];
}

/** How the file stores text: `UTF-8`, `UTF-16le` or `UTF-16be`. */
export const encodingOf = (db: SqliteDatabase): string => String(rowsOf(db, "PRAGMA encoding")[0]![0]);

/** Whether a table's rows have no number of their own. */
export function isWithoutRowId(db: SqliteDatabase, table: string): boolean {
  const [[isWithout]] = rowsOf(db, "SELECT wr FROM pragma_table_list WHERE schema = 'main' AND name = ?", table) as [[bigint]];
  return isWithout === 1n;
}

/** `"name"`, for a table, a column or an index. */
export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** What is wrong, as a message says it. */
export function whyOf(error: unknown): string {
  const code = codeOf(error);
  return /^SQLITE_(BUSY|LOCKED)/.test(code) ? `another program has it locked, ${code}` : code;
}

/** What an error of SQLite's calls itself (`SQLITE_CONSTRAINT_UNIQUE`). Its message may quote a row. */
export function codeOf(error: unknown): string {
  const { code } = error as { code?: unknown };
  return typeof code === "string" && /^\w{1,60}$/.test(code) ? code : "unknown error";
}
