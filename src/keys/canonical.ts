import type { Column } from "../contracts.ts";

/**
 * How a column's values are written before they meet the PRF, so that one value has one text whichever system wrote it: `+042.0` is `42`,
 * `1.50` is `1.5`, a UUID is lower case with hyphens, `char(n)` loses its padding. Null where the text goes as it is.
 *
 * A text that the kind does not know (`NaN`, `n/a`) stays as it is.
 */
export function canonicalOf(column: Pick<Column, "kind" | "isPadded">): ((value: string) => string) | null {
  switch (column.kind) {
    case "integer":
    case "decimal":
    case "float":
      return canonicalNumber;
    case "uuid":
      return canonicalUuid;
    default:
      return column.isPadded ? withoutPadding : null;
  }
}

const NUMBER = /^ *([+-]?)([0-9]*)(?:\.([0-9]*))?(?:[eE]([+-]?[0-9]{1,9}))? *$/;

/** Zeros that are written out; a number with more of them keeps an exponent, or one cell of CSV could ask for a gigabyte. */
const MAX_ZEROS = 1_000;

function canonicalNumber(value: string): string {
  if (isPlainInteger(value)) return value;
  const [, sign, whole = "", fraction = "", exponent = "0"] = NUMBER.exec(value) ?? [];
  const digits = whole + fraction;
  if (sign === undefined || digits === "") return value;
  const significant = trimmed(digits, "0");
  if (significant === "") return "0";
  const trailing = digits.length - digits.lastIndexOf(significant.at(-1)!) - 1;
  return (sign === "-" ? "-" : "") + written(significant, Number(exponent) - fraction.length + trailing);
}

/** The number digits × 10^exponent, without a needless zero. */
function written(digits: string, exponent: number): string {
  if (exponent > MAX_ZEROS || -exponent > digits.length + MAX_ZEROS) return `${digits}e${exponent}`;
  if (exponent >= 0) return digits + "0".repeat(exponent);
  const padded = digits.padStart(1 - exponent, "0");
  return `${padded.slice(0, exponent)}.${padded.slice(exponent)}`;
}

/** Nearly every number of an integer column is canonical as it comes. */
function isPlainInteger(value: string): boolean {
  const first = value.charCodeAt(0) === MINUS ? 1 : 0;
  if (value.length === first) return false;
  if (value.charCodeAt(first) === ZERO) return value === "0";
  for (let index = first; index < value.length; index++) {
    const code = value.charCodeAt(index);
    if (code < ZERO || code > NINE) return false;
  }
  return true;
}

const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;

const UUID = /^\{?([0-9a-fA-F]{4}(?:-?[0-9a-fA-F]{4}){7})\}?$/;

/** The forms that PostgreSQL reads: upper case, in braces, hyphens after any four digits or none. */
function canonicalUuid(value: string): string {
  if (isPlainUuid(value)) return value;
  const digits = UUID.exec(value)?.[1]?.replaceAll("-", "").toLowerCase();
  if (digits === undefined) return value;
  return [digits.slice(0, 8), digits.slice(8, 12), digits.slice(12, 16), digits.slice(16, 20), digits.slice(20)].join("-");
}

/** Nearly every UUID is canonical as it comes. */
function isPlainUuid(value: string): boolean {
  if (value.length !== 36) return false;
  for (let index = 0; index < 36; index++) {
    const code = value.charCodeAt(index);
    const isHyphen = index === 8 || index === 13 || index === 18 || index === 23;
    if (isHyphen ? code !== MINUS : !((code >= ZERO && code <= NINE) || (code >= LOWER_A && code <= LOWER_F))) return false;
  }
  return true;
}

const LOWER_A = 0x61;
const LOWER_F = 0x66;

function withoutPadding(value: string): string {
  let end = value.length;
  while (end > 0 && value.charCodeAt(end - 1) === 0x20) end--;
  return value.slice(0, end);
}

function trimmed(text: string, character: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && text[start] === character) start++;
  while (end > start && text[end - 1] === character) end--;
  return text.slice(start, end);
}
