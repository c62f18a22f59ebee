import type { ColumnValues, RowBatch, TableRef } from "../../contracts.ts";
import { StandinError } from "../../errors.ts";
import { tableName } from "../../table-ref.ts";
import type { Raw } from "./parquet-field.ts";
import type { ParquetColumn } from "./parquet-schema.ts";

/** A column of a row group. */
export interface RawColumn {
  readonly column: ParquetColumn;
  readonly values: ArrayLike<Raw>;
}

/** Rows of a row group, as the file holds them: a column becomes text when somebody masks it, and only then. */
export class ParquetBatch implements RowBatch {
  readonly table: TableRef;
  readonly rowCount: number;
  readonly firstRow: number;
  readonly #columns: readonly RawColumn[];
  readonly #from: number;
  readonly #texts: (ColumnValues | undefined)[] = [];
  readonly #replaced: (ColumnValues | undefined)[] = [];

  /** The rows `[from, to)` of the columns' values; the first of them has the ordinal `firstRow` in its table. */
  constructor(table: TableRef, columns: readonly RawColumn[], from: number, to: number, firstRow: number) {
    this.table = table;
    this.#columns = columns;
    this.#from = from;
    this.rowCount = to - from;
    this.firstRow = firstRow;
  }

  /** The column as its file holds it. */
  parquet(index: number): ParquetColumn {
    return this.#columns[index]!.column;
  }

  raw(index: number, row: number): Raw {
    return this.#columns[index]!.values[this.#from + row];
  }

  column(index: number): ColumnValues {
    this.#texts[index] ??= this.#decode(index);
    return this.#texts[index];
  }

  replace(index: number, values: ColumnValues): void {
    this.#replaced[index] = values;
  }

  replacement(index: number): ColumnValues | undefined {
    return this.#replaced[index];
  }

  slice(from: number, to: number): ParquetBatch {
    return new ParquetBatch(this.table, this.#columns, this.#from + from, this.#from + to, this.firstRow + from);
  }

  #decode(index: number): ColumnValues {
    const { column, field } = this.parquet(index);
    return Array.from({ length: this.rowCount }, (_, row) => {
      const raw = this.raw(index, row);
      if (raw === null || raw === undefined) return null;
      const text = field.text(raw);
      if (text !== undefined) return text;
      const table = tableName(this.table);
      const ordinal = this.firstRow + row + 1;
      throw new StandinError("FORMAT_INVALID", `${table}.${column.name} is no UTF-8 in row ${ordinal}, and is said to be text.`, {
        table,
        column: column.name,
        row: ordinal,
      });
    });
  }
}
