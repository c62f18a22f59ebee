import { isUtf8 } from "node:buffer";
import type { RowBatch, TableToWrite, TableWriter } from "../../contracts.ts";
import { StandinError } from "../../errors.ts";
import { tableName } from "../../table-ref.ts";
import { storedAs, storedLike } from "./sqlite-cell.ts";
import { codeOf, encodingOf, quoted, type SqliteDatabase, type SqliteStatement, type Stored } from "./sqlite-library.ts";
import { SqliteBatch } from "./sqlite-rows.ts";

/** Inserts rows, each value of the storage class that it had. */
export class SqliteWriter implements TableWriter {
  readonly #db: SqliteDatabase;
  readonly #toWrite: TableToWrite;
  /** By which of the values are text that is no UTF-8. */
  readonly #statements = new Map<string, SqliteStatement>();
  readonly #isUtf8: boolean;
  #rows = 0;

  constructor(db: SqliteDatabase, toWrite: TableToWrite) {
    this.#db = db;
    this.#isUtf8 = encodingOf(db) === "UTF-8";
    this.#toWrite = toWrite;
  }

  async write(batch: RowBatch): Promise<void> {
    const { columns } = this.#toWrite;
    const given = columns.map(({ kind }, index) => valuesOf(batch, index, kind));
    for (let row = 0; row < batch.rowCount; row++) {
      let odd = "";
      const values = given.map((valueAt, index) => {
        const value = valueAt(row);
        if (!Buffer.isBuffer(value) || !isText(batch, index, row)) return value;
        if (isUtf8(value)) return value.toString("utf8");
        odd += `${index} `;
        return value;
      });
      this.#insert(values, odd, batch.firstRow + row + 1);
      this.#rows++;
    }
  }

  async end(): Promise<number> {
    return this.#rows;
  }

  #insert(values: readonly Stored[], odd: string, row: number): void {
    const table = tableName(this.#toWrite.table.ref);
    if (odd !== "" && !this.#isUtf8)
      throw new StandinError("SINK_REJECTED", `A row of ${table} has text that is no UTF-8, and the target is in UTF-16.`, {
        table,
        row,
      });
    try {
      this.#statement(odd).run(values);
    } catch (error) {
      throw new StandinError("SINK_REJECTED", `SQLite refused a row of ${table} (${codeOf(error)}).`, { table, row });
    }
  }

  #statement(odd: string): SqliteStatement {
    const known = this.#statements.get(odd);
    if (known !== undefined) return known;
    const { table, columns } = this.#toWrite;
    const places = odd.split(" ");
    const values = columns.map((_, index) => (places.includes(String(index)) ? "CAST(? AS TEXT)" : "?"));
    const names = columns.map(({ name }) => quoted(name)).join(", ");
    const into = `INSERT INTO ${quoted(table.ref.name)}`;
    const made = this.#db.prepare(
      columns.length === 0 ? `${into} DEFAULT VALUES` : `${into} (${names}) VALUES (${values.join(", ")})`,
    );
    this.#statements.set(odd, made);
    return made;
  }
}

/** Whether the value of a cell is the bytes of a text. */
const isText = (batch: RowBatch, index: number, row: number): boolean =>
  batch instanceof SqliteBatch && batch.storage(index, row) === "text";

function valuesOf(batch: RowBatch, index: number, kind: TableToWrite["columns"][number]["kind"]): (row: number) => Stored {
  const replaced = batch.replacement(index);
  if (!(batch instanceof SqliteBatch)) {
    const texts = replaced ?? batch.column(index);
    return (row) => (texts[row] === null ? null : storedAs(texts[row]!, kind));
  }
  if (replaced === undefined) return (row) => batch.value(index, row);
  const originals = batch.column(index);
  return (row) => {
    const text = replaced[row]!;
    if (text === originals[row]) return batch.value(index, row);
    return text === null ? null : storedLike(text, batch.storage(index, row), kind);
  };
}
