import { randomBytes } from "node:crypto";
import { open, realpath, rename, stat, unlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { DataSchema, SchemaDefinition, Sink, StagedTarget, TableToWrite, TableWriter } from "../../contracts.ts";
import { isStandinError, StandinError } from "../../errors.ts";
import { tableName } from "../../table-ref.ts";
import { counted } from "../../written-numbers.ts";
import { syncFolder } from "../publish-files.ts";
import { closeDatabase, codeOf, openDatabase, quoted, rowsOf, type SqliteDatabase, whyOf } from "./sqlite-library.ts";
import { readRows } from "./sqlite-rows.ts";
import { readTables } from "./sqlite-schema.ts";
import type { SqliteOptions } from "./sqlite-source.ts";
import { SqliteWriter } from "./sqlite-writer.ts";

/**
 * Writes into a SQLite file, all or nothing: the tables of a file that is there are emptied and filled in one transaction; one that is not there, or empty, is made
 * beside its name, with the source's tables, indexes, triggers and views, and gets its name when the run is done.
 *
 * Foreign keys are looked at before the end. Needs the package libsql.
 *
 * @example
 * sqliteSink({ path: "staging.db" })
 */
export function sqliteSink({ path }: SqliteOptions): Sink {
  return new SqliteSink(path);
}

class SqliteSink implements Sink {
  readonly system = "sqlite";
  readonly #path: string;
  #db: SqliteDatabase | null = null;
  /** What a file that is made anew is called until it is whole. */
  #partial: string | null = null;
  /** The tables of the run, in small letters. */
  #written: ReadonlySet<string> = new Set();
  /** What is to be run behind the rows. */
  #after: readonly string[] = [];

  constructor(path: string) {
    this.#path = path;
  }

  async open(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (!(await holdsSomething(this.#path))) return;
    try {
      this.#db = await openDatabase(this.#path);
      rowsOf(this.#db, "SELECT count(*) FROM sqlite_schema");
    } catch (error) {
      if (isStandinError(error)) throw error;
      throw this.#failed("TARGET_UNREACHABLE", `cannot be opened (${codeOf(error)})`);
    }
  }

  async identity(): Promise<string> {
    return `sqlite:${await realpath(this.#path).catch(() => this.#path)}`;
  }

  async schema(): Promise<DataSchema> {
    return { system: "sqlite", tables: this.#db === null ? [] : readTables(this.#db) };
  }

  async begin(tables: readonly TableToWrite[], definition: SchemaDefinition | null): Promise<{ notes: readonly string[] }> {
    this.#written = new Set(tables.map(({ table }) => table.ref.name.toLowerCase()));
    if (this.#db === null) {
      this.#partial = join(dirname(this.#path), `${basename(this.#path)}.partial-${randomBytes(6).toString("hex")}`);
      this.#db = await openDatabase(this.#partial).catch((error) => {
        if (isStandinError(error)) throw error;
        throw this.#failed("TARGET_UNREACHABLE", `cannot be made (${codeOf(error)}): look at its folder`);
      });
    }
    const db = this.#db!;
    return this.#attempt("begun", () => {
      // Rows may come before those that they point to: all of it is looked at in the end.
      db.exec("PRAGMA foreign_keys = OFF; BEGIN IMMEDIATE");
      const makes = definition?.beforeRows ?? [];
      for (const statement of makes) db.exec(statement);
      this.#after = definition?.afterRows ?? [];
      if (makes.length === 0) this.#after = [...this.#after, ...emptyTables(db, tables)];
      return { notes: makes.length === 0 ? [] : [`created ${counted(makes.length, "table")}`] };
    });
  }

  async writer(toWrite: TableToWrite): Promise<TableWriter> {
    return new SqliteWriter(this.#db!, toWrite);
  }

  async staged(): Promise<StagedTarget> {
    const db = this.#db!;
    return { schema: await this.schema(), read: (table, options) => readRows(db, table, options) };
  }

  async commit(): Promise<void> {
    const db = this.#db!;
    await this.#attempt("completed", () => {
      for (const statement of this.#after) db.exec(statement);
    });
    this.#checkReferences(db);
    await this.#attempt("committed", () => db.exec("COMMIT"));
    bringHome(db);
    this.#db = null;
    db.close();
    const partial = this.#partial;
    if (partial === null) return;
    await this.#publish(partial);
    this.#partial = null;
  }

  async rollback(): Promise<void> {
    const [db, partial] = [this.#db, this.#partial];
    this.#db = null;
    this.#partial = null;
    if (db !== null) closeDatabase(db);
    if (partial !== null) for (const ending of ["", "-journal"]) await unlink(partial + ending).catch(() => {});
  }

  close(): Promise<void> {
    return this.rollback();
  }

  /** Foreign keys of the tables that were written, and those that point to them: what others lack is none of the run's. */
  #checkReferences(db: SqliteDatabase): void {
    const rows = rowsOf(db, 'SELECT "table", parent, count(*) FROM pragma_foreign_key_check GROUP BY 1, 2');
    const broken = rows.find(([table, parent]) => [table, parent].some((one) => this.#written.has(String(one).toLowerCase())));
    if (broken === undefined) return;
    const [table, parent, count] = broken;
    const message = `${counted(Number(count), "row")} of ${table} point to rows of ${parent} that are not there.`;
    throw new StandinError("REFERENCE_BROKEN", message, {
      table: String(table),
      hint: "SQLite lets such rows in where foreign keys are off. PRAGMA foreign_key_check lists them in the source.",
    });
  }

  async #publish(partial: string): Promise<void> {
    try {
      const handle = await open(partial, "r+");
      await handle.sync().finally(() => handle.close());
      if (await holdsSomething(this.#path)) throw this.#failed("SINK_FAILED", "was made by another while it was written");
      await rename(partial, this.#path);
      await syncFolder(dirname(this.#path));
    } catch (error) {
      if (isStandinError(error)) throw error;
      throw this.#failed("SINK_FAILED", `could not be given its name (${codeOf(error)})`);
    }
  }

  async #attempt<Result>(what: string, act: () => Result): Promise<Result> {
    try {
      return act();
    } catch (error) {
      throw this.#failed("SINK_FAILED", `could not be ${what} (${whyOf(error)})`);
    }
  }

  #failed(code: "TARGET_UNREACHABLE" | "SINK_FAILED", what: string): StandinError {
    return new StandinError(code, `${this.#path} ${what}.`, { file: this.#path });
  }
}

/** Takes the old rows away, and the triggers that new ones would set off. Gives the statements that make the triggers again. */
function emptyTables(db: SqliteDatabase, tables: readonly TableToWrite[]): readonly string[] {
  const triggers: string[] = [];
  for (const { table } of tables) {
    const { name } = table.ref;
    for (const [trigger, sql] of rowsOf(
      db,
      "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = ? ORDER BY rowid",
      name,
    )) {
      db.exec(`DROP TRIGGER ${quoted(String(trigger))}`);
      triggers.push(String(sql));
    }
    if (!rowsOf(db, "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?", name).length)
      throw new StandinError("TARGET_TABLE_MISSING", `The target has no table ${tableName(table.ref)}.`, {
        table: tableName(table.ref),
      });
    db.exec(`DELETE FROM ${quoted(name)}`);
  }
  return triggers;
}

/** Out of the log into the file itself: who copies the file takes that alone along. What a reader holds back comes later, by SQLite. */
function bringHome(db: SqliteDatabase): void {
  try {
    db.exec("PRAGMA wal_checkpoint(PASSIVE)");
  } catch {
    // The rows are in, whatever becomes of the log.
  }
}

async function holdsSomething(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => null);
  if (found?.isDirectory()) throw new StandinError("TARGET_UNREACHABLE", `${path} is a folder.`, { file: path });
  return found !== null && found.size > 0;
}
