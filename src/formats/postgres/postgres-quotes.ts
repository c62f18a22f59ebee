import type { TableRef } from "../../contracts.ts";

/** Quotes a name, whatever it holds. PostgreSQL knows one escape within it: the doubled quote. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Quotes a text, for sessions that read backslashes as they stand. */
export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** The schema-qualified, quoted table: sessions run with an empty search path. */
export function quoteTable({ schema, name }: TableRef): string {
  return `${quoteName(schema ?? "public")}.${quoteName(name)}`;
}

/** The name that stands in a statement, quoted or not. PostgreSQL folds ASCII letters alone in UTF-8 databases. */
export function unquotedName(written: string): string {
  if (written.startsWith('"')) return written.slice(1, -1).replaceAll('""', '"');
  return written.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
