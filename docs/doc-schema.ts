import { bareColumn } from "../src/bare-column.ts";
import type { Column, Table } from "../src/contracts.ts";

/** A column of text, but for what is said. */
export const docColumn = (name: string, given: Partial<Column> = {}): Column => bareColumn(name, given.kind ?? "text", given);

export const docTable = (name: string, columns: readonly Column[], given: Partial<Table> = {}): Table => ({
  ref: { schema: "public", name },
  columns,
  uniqueKeys: [],
  foreignKeys: [],
  rowEstimate: 20_000,
  ...given,
});
