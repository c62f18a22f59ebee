import { realpath, stat } from "node:fs/promises";
import type {
  ColumnValues,
  DataSchema,
  NamedColumns,
  ReadOptions,
  RowBatch,
  SampleOptions,
  SchemaDefinition,
  Source,
  SystemName,
  Table,
} from "../../contracts.ts";
import { isStandinError, StandinError } from "../../errors.ts";
import { isDatabase } from "../../system-traits.ts";
import { ReadsUnderWay } from "../reads-under-way.ts";
import { sampleFirst } from "../sample-first.ts";
import { closeDatabase, codeOf, openDatabase, rowsOf, type SqliteDatabase } from "./sqlite-library.ts";
import { readRows } from "./sqlite-rows.ts";
import { readTables } from "./sqlite-schema.ts";

/** Which SQLite file. */
export interface SqliteOptions {
  /** The database's file. */
  readonly path: string;
}

/**
 * Reads a SQLite file in one read transaction: every table as it was when the source opened, whatever other programs write. Nothing is written to it.
 *
 * Every value keeps its storage class; masks see text as it is, numbers as numbers, bytes as `\x…`. Views and virtual tables are not read. Needs the
 * package libsql.
 *
 * @example
 * sqliteSource({ path: "app.db" })
 */
export function sqliteSource({ path }: SqliteOptions): Source {
  return new SqliteSource(path);
}

/** What an application knows its file by, and the state of its migrations. */
const MARKS = ["application_id", "user_version"];

class SqliteSource implements Source {
  readonly system = "sqlite";
  readonly #path: string;
  readonly #reads = new ReadsUnderWay();
  #db: SqliteDatabase | null = null;
  #isForOther = false;

  constructor(path: string) {
    this.#path = path;
  }

  async open(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const { size } = await stat(this.#path).catch((error) => {
      throw unreachable(this.#path, error.code === "ENOENT" ? "does not exist" : `cannot be read (${String(error.code)})`);
    });
    if (size === 0) throw unreachable(this.#path, "is empty");
    try {
      this.#db = await openDatabase(this.#path);
      // The driver knows no other way to open a file for reading alone.
      this.#db.exec("PRAGMA query_only = ON; BEGIN");
      // The snapshot begins with the first look.
      rowsOf(this.#db, "SELECT count(*) FROM sqlite_schema");
    } catch (error) {
      if (isStandinError(error)) throw error;
      throw unreachable(this.#path, `cannot be opened (${codeOf(error)})`);
    }
  }

  async identity(): Promise<string> {
    return `sqlite:${await realpath(this.#path).catch(() => this.#path)}`;
  }

  expects(_named: NamedColumns, target: SystemName | null): void {
    this.#isForOther = target !== null && target !== this.system && isDatabase(target);
  }

  async schema(): Promise<DataSchema> {
    return { system: "sqlite", tables: readTables(this.#open()) };
  }

  read(table: Table, options: ReadOptions): AsyncIterable<RowBatch> {
    return this.#reads.read(readRows(this.#open(), table, options, this.#isForOther), options.signal, this.#path);
  }

  sample(table: Table, options: SampleOptions): Promise<readonly ColumnValues[]> {
    return sampleFirst(this, table, options);
  }

  /** As the file's own schema says it: tables, and behind their rows indexes, triggers and views. */
  async define(tables: readonly Table[]): Promise<SchemaDefinition> {
    const names = new Set(tables.map(({ ref }) => ref.name));
    const made = rowsOf(this.#open(), "SELECT type, tbl_name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid");
    const wanted = made.filter(([type, table]) => type === "view" || names.has(String(table)));
    const statements = (of: (type: unknown) => boolean) => wanted.filter(([type]) => of(type)).map(([, , sql]) => String(sql));
    const marks = MARKS.map((mark) => `PRAGMA ${mark} = ${rowsOf(this.#open(), `PRAGMA ${mark}`)[0]![0]}`);
    return {
      beforeRows: statements((type) => type === "table"),
      afterRows: [...statements((type) => type !== "table"), ...marks],
    };
  }

  async close(): Promise<void> {
    await this.#reads.close();
    const db = this.#db;
    this.#db = null;
    if (db !== null) closeDatabase(db);
  }

  #open(): SqliteDatabase {
    if (this.#db !== null) return this.#db;
    throw new StandinError("SOURCE_FAILED", `${this.#path} is closed.`, { file: this.#path });
  }
}

const unreachable = (file: string, what: string): StandinError =>
  new StandinError("SOURCE_UNREACHABLE", `${file} ${what}.`, {
    file,
    hint: "Check the path of the SQLite file, and that it may be read.",
  });
