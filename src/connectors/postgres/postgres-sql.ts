import type { Column, TableRef } from "../../contracts.ts";

/** Quotes a name, whatever it holds. PostgreSQL knows one escape within it: the doubled quote. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** The schema-qualified, quoted table: sessions run with an empty search path. */
export function quoteTable({ schema, name }: TableRef): string {
  return `${quoteName(schema ?? "public")}.${quoteName(name)}`;
}

/** Reads a table. Rows of inheritance children belong to the children; those of partitions belong to their root. */
export function copyOutStatement(table: TableRef, columns: readonly Column[], isPartitioned: boolean): string {
  const names = columns.map(({ name }) => quoteName(name)).join(", ");
  // COPY of a plain table skips the executor, but takes neither a partitioned root nor an empty list of columns.
  if (!isPartitioned && columns.length > 0) return `COPY ${quoteTable(table)} (${names}) TO STDOUT`;
  return `COPY (SELECT ${names} FROM ${isPartitioned ? "" : "ONLY "}${quoteTable(table)}) TO STDOUT`;
}

export function copyInStatement(table: TableRef, columns: readonly Column[]): string {
  const names = columns.map(({ name }) => quoteName(name)).join(", ");
  return `COPY ${quoteTable(table)}${columns.length > 0 ? ` (${names})` : ""} FROM STDIN`;
}
