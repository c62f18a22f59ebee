import type { Column, ColumnKind, FixedPoints } from "../../contracts.ts";
import { isEmptyCell } from "../define-transform.ts";
import { type Decimal, formatDecimal, parseDecimal } from "./decimal-text.ts";

/** What the columns hold that masks of numbers take, and that they keep to the column's length. */
export const NUMBERS = {
  accepts: ["integer", "decimal", "float", "text"] as readonly ColumnKind[],
  unsupported: "what is no number alone (1,234.50, 5 EUR), and a result that is too long for its column",
  maxOutputLength: (_: unknown, { maxLength }: Column) => maxLength,
} as const;

/** What is in a column of numbers and is none. */
export const NO_FINITE_NUMBER: FixedPoints = {
  description: "an empty string, NaN and the infinities",
  isFixed: (value, _, column) => isEmptyCell(value, column?.isPadded ?? false) || /^(NaN|[+-]?Infinity) *$/.test(value),
};

/** The characters of a cell that count: a padded column (`char(n)`) writes spaces behind them. */
export function numberText(value: string, { isPadded }: Column): string {
  return isPadded ? value.trimEnd() : value;
}

/** Makes a mask of texts out of one of numbers: what is none is unsupported, and so is what the column is too short for. */
export function numberMask(column: Column, mask: (number: Decimal) => Decimal | string): (value: string) => string | undefined {
  return (value) => {
    if (NO_FINITE_NUMBER.isFixed(value, undefined, column)) return value;
    const number = parseDecimal(numberText(value, column));
    if (number === null) return undefined;
    const masked = mask(number);
    // What stays, stays as it is written: 1e3 and +5 too.
    if (masked === number) return value;
    return fitted(typeof masked === "string" ? masked : formatDecimal(masked), column);
  };
}

/** Undefined where the column holds fewer characters. */
export function fitted(text: string, { maxLength }: Column): string | undefined {
  return maxLength !== null && text.length > maxLength && [...text].length > maxLength ? undefined : text;
}
