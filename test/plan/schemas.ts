import type { Column, DataSchema, ForeignKey, Table, UniqueKey } from "../../src/contracts.ts";
import { typicalColumn } from "../../src/testing/typical-columns.ts";

/** A column of text, but for what is said. */
export function column(name: string, given: Partial<Column> = {}): Column {
  return typicalColumn(given.kind ?? "text", { name, ...given });
}

export const integerColumn = (name: string, given: Partial<Column> = {}) =>
  column(name, { kind: "integer", type: "integer", range: { min: -2147483648n, max: 2147483647n }, ...given });

export function table(name: string, columns: readonly Column[], given: Partial<Table> = {}): Table {
  return { ref: { schema: "public", name }, columns, uniqueKeys: [], foreignKeys: [], rowEstimate: 1000, ...given };
}

export const primaryKey = (...columns: string[]): UniqueKey => ({ name: "pk", columns, isPrimary: true, isPartial: false });

export const foreignKey = (from: string, references: string, to = "id"): ForeignKey => ({
  name: `${from}_fk`,
  columns: [from],
  references: { schema: "public", name: references },
  referencedColumns: [to],
});

export const database = (...tables: Table[]): DataSchema => ({ system: "postgres", tables });

export const EMPTY_TARGET: DataSchema = database();
