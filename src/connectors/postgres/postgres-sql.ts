import type { Column, TableRef } from "../../contracts.ts";
import { quoteName, quoteTable, quoteText } from "../../formats/postgres/postgres-quotes.ts";
import type { BlockRange } from "./read/postgres-shards.ts";

export { quoteName, quoteTable, quoteText };

const listOf = (columns: readonly Column[]) => columns.map(({ name }) => quoteName(name)).join(", ");

/** The rows of a table. Those of inheritance children belong to the children; those of partitions belong to their root. */
export function selectStatement(table: TableRef, columns: readonly Column[], isPartitioned: boolean): string {
  return `SELECT ${listOf(columns)} FROM ${isPartitioned ? "" : "ONLY "}${quoteTable(table)}`;
}

export function copyOutStatement(table: TableRef, columns: readonly Column[], isPartitioned: boolean): string {
  // COPY of a plain table skips the executor, but takes neither a partitioned root, nor an empty list of columns, nor generated ones.
  const isPlain = !isPartitioned && columns.length > 0 && !columns.some(({ isGenerated }) => isGenerated);
  if (isPlain) return `COPY ${quoteTable(table)} (${listOf(columns)}) TO STDOUT`;
  return `COPY (${selectStatement(table, columns, isPartitioned)}) TO STDOUT`;
}

/** Reads the rows that lie in some blocks of a heap. */
export function copyBlocksStatement({ heap, from, to }: BlockRange, columns: readonly Column[]): string {
  if (from === 0 && to === null) return copyOutStatement(heap, columns, false);
  const behind = to === null ? "" : ` AND ctid < '(${to},0)'`;
  return `COPY (${selectStatement(heap, columns, false)} WHERE ctid >= '(${from},0)'${behind}) TO STDOUT`;
}

export function copyInStatement(table: TableRef, columns: readonly Column[]): string {
  return `COPY ${quoteTable(table)}${columns.length > 0 ? ` (${listOf(columns)})` : ""} FROM STDIN`;
}
