import { USUAL_BYTES, USUAL_ROWS } from "../../batch/usual-size.ts";
import type { Column, ColumnValues, ReadOptions, RowBatch, Table, TableRef } from "../../contracts.ts";
import { StandinError } from "../../errors.ts";
import { tableName } from "../../table-ref.ts";
import { type StorageClass, textOf } from "./sqlite-cell.ts";
import { type Fit, fitOf } from "./sqlite-fit.ts";
import type { SqliteDatabase, Stored } from "./sqlite-library.ts";
import { RangeReader, type StoredRow, sizeOf } from "./sqlite-range.ts";

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

/**
 * Streams a table in the order of its rows, or of its key where they have no number of their own. Where they go to another database, `columns` are of the kinds that
 * its columns are, and a value that is of none of them is refused.
 */
export async function* readRows(
  db: SqliteDatabase,
  { ref }: Table,
  { columns, batchSize, signal }: ReadOptions,
  isForOther = false,
): AsyncGenerator<SqliteBatch> {
  const { maxRows = USUAL_ROWS, maxBytes = USUAL_BYTES } = batchSize;
  signal.throwIfAborted();
  const fits = isForOther ? columns.map(fitOf) : null;
  const ranges = new RangeReader(db, ref, columns, maxRows, maxBytes);
  let firstRow = 0;
  for (let rows = ranges.next(0); rows !== null; rows = ranges.next(firstRow)) {
    for (let from = 0; from < rows.length; ) {
      const to = endOfBatch(rows, from, maxBytes);
      const batch = new SqliteBatch(ref, columns, rows.slice(from, to), firstRow);
      if (fits !== null) refuseUnfitting(batch, columns, fits);
      yield batch;
      signal.throwIfAborted();
      firstRow += to - from;
      from = to;
    }
  }
}

function refuseUnfitting(batch: SqliteBatch, columns: readonly Column[], fits: readonly Fit[]): void {
  for (const [index, column] of columns.entries()) {
    for (let row = 0; row < batch.rowCount; row++) {
      const storage = batch.storage(index, row);
      if (fits[index]!(storage, batch.value(index, row))) continue;
      const [table, ordinal] = [tableName(batch.table), batch.firstRow + row + 1];
      throw new StandinError(
        "VALUE_UNSUPPORTED",
        `${table}.${column.name} holds ${storage} in row ${ordinal} that is no value of the target's ${column.type}.`,
        {
          ...{ table, column: column.name, row: ordinal },
          hint: "SQLite takes any value in any column. Mend the row, or make the target's column one that holds it.",
        },
      );
    }
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
