import type { ColumnValues, RowBatch, TableRef } from "../contracts.ts";
import { StandinError } from "../errors.ts";
import { tableName } from "../table-ref.ts";
import { cellOf } from "./object-table.ts";
import { restoreType, valueText } from "./value-text.ts";

/** An object whose properties are a row's cells. */
export type Row = { readonly [column: string]: unknown };

/** A batch of plain objects. Masked rows are new objects; cells that nobody masks are the very values that came. */
export class ObjectBatch implements RowBatch {
  readonly table: TableRef;
  readonly firstRow: number;
  readonly rows: readonly Row[];
  readonly columns: readonly string[];
  readonly #replaced = new Map<number, ColumnValues>();

  constructor(table: TableRef, columns: readonly string[], rows: readonly Row[], firstRow: number) {
    this.table = table;
    this.columns = columns;
    this.rows = rows;
    this.firstRow = firstRow;
  }

  get rowCount(): number {
    return this.rows.length;
  }

  column(index: number): ColumnValues {
    const name = this.columns[index]!;
    return this.rows.map((row) => valueText(cellOf(row, name)));
  }

  replace(index: number, values: ColumnValues): void {
    this.#replaced.set(index, values);
  }

  replacement(index: number): ColumnValues | undefined {
    return this.#replaced.get(index);
  }

  slice(from: number, to: number): ObjectBatch {
    return new ObjectBatch(this.table, this.columns, this.rows.slice(from, to), this.firstRow + from);
  }

  /**
   * The rows with what `replace` set, each masked cell of the type that its original had. Holds the batch's columns and nothing else: a property
   * that came since nobody decided about, and a symbol nobody can.
   */
  maskedRows(): Row[] {
    const columns = new Map(this.columns.map((name, index) => [name, this.#replaced.get(index)]));
    return this.rows.map((row, index) => {
      const masked: Record<string, unknown> = {};
      for (const [name, value] of Object.entries(row)) {
        if (!columns.has(name)) throw uncovered(this.table, name, this.firstRow + index + 1);
        const values = columns.get(name);
        define(masked, name, values === undefined ? value : restoreType(values[index] ?? null, value));
      }
      return masked;
    });
  }
}

function uncovered(ref: TableRef, column: string, row: number): StandinError {
  const table = tableName(ref);
  return new StandinError("COLUMN_UNCOVERED", `${table}: row ${row} has ${column}, without a rule.`, { table, column, row });
}

/** Sets an own property even where its name is `__proto__`. */
function define(row: Record<string, unknown>, name: string, value: unknown): void {
  Object.defineProperty(row, name, { value, enumerable: true, configurable: true, writable: true });
}
