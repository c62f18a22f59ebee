import type { Column } from "../../contracts.ts";
import { isHex, typeName } from "../../formats/mysql/mysql-types.ts";
import { quoteName } from "./mysql-sql.ts";

/** An ENUM that can hold the error value, index 0, whose text is empty and which no label spells. */
export const hasErrorValue = (column: Column): boolean => column.kind === "enum" && !column.labels!.includes("");

/** What to select so that the text gives the very value back. */
export function readExpression(column: Column): string {
  const name = quoteName(column.name);
  switch (typeName(column)) {
    case "bit":
      return `${name} + 0`;
    case "float":
      // The text of a FLOAT has six digits; that of the equal DOUBLE has all.
      return `CAST(${name} AS DOUBLE)`;
    default:
      return name;
  }
}

/** What to store for a cell's text, `value` being an SQL expression for it; null where it is the text itself. */
export function writeExpression(column: Column, value: string): string | null {
  // Text without the prefix stands for its own bytes, as in PostgreSQL.
  if (isHex(column)) return `IF(LEFT(${value}, 2) = '\\\\x', UNHEX(SUBSTRING(${value}, 3)), CAST(${value} AS BINARY))`;
  return typeName(column) === "bit" ? `CAST(${value} AS UNSIGNED)` : null;
}
