import type { ColumnValues, RowBatch, TableRef } from "../contracts.ts";
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
    return this.rows.map((row) => valueText(row[name]));
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

  /** The rows with what `replace` set, each masked cell of the type that its original had. */
  maskedRows(): Row[] {
    const replaced = [...this.#replaced].map(([index, values]) => ({ name: this.columns[index]!, values }));
    return this.rows.map((row, index) => {
      const masked: Record<string, unknown> = { ...row };
      for (const { name, values } of replaced) {
        // A row that lacks the property keeps lacking it.
        if (Object.hasOwn(row, name)) define(masked, name, restoreType(values[index] ?? null, row[name]));
      }
      return masked;
    });
  }
}

/** Sets an own property even where its name is `__proto__`. */
function define(row: Record<string, unknown>, name: string, value: unknown): void {
  Object.defineProperty(row, name, { value, enumerable: true, configurable: true, writable: true });
}
