import type { ColumnKind } from "../../contracts.ts";

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$/;
const TRUE = /^(?:t|true|1)$/i;
const FALSE = /^(?:f|false|0)$/i;

/** A cell as a JSON value: by its column's kind where that says what it is, else as a string. Never more than one line. */
export function literalOf(value: string, kind: ColumnKind): string {
  switch (kind) {
    case "integer":
    case "decimal":
    case "float":
      return numberLiteral(value);
    case "boolean":
      return booleanLiteral(value);
    case "json":
      return documentLiteral(value);
    default:
      return JSON.stringify(value);
  }
}

/** A number where JSON has it: `NaN`, `+1` and `007` are strings, as PostgreSQL's to_json writes those. */
export const numberLiteral = (value: string): string => (NUMBER.test(value) ? value : JSON.stringify(value));

export function booleanLiteral(value: string): string {
  if (TRUE.test(value)) return "true";
  return FALSE.test(value) ? "false" : JSON.stringify(value);
}

/** A JSON text as it is written, on one line: a line break in it stands between values, and is white space. What is no JSON is a string. */
export function documentLiteral(value: string): string {
  try {
    JSON.parse(value);
  } catch {
    return JSON.stringify(value);
  }
  return /[\r\n]/.test(value) ? value.replace(/[\r\n]+/g, " ") : value;
}

const BEYOND_ASCII = /[\u007f-\uffff]/g;
const IS_BEYOND_ASCII = /[\u007f-\uffff]/;

/** In place of the literal `bytes[start, end)`, with its escapes where it keeps to ASCII by them. */
export function stringLike(value: string, bytes: Buffer, start: number, end: number): string {
  const written = JSON.stringify(value);
  if (!IS_BEYOND_ASCII.test(written) || !bytes.toString("latin1", start, end).includes("\\u")) return written;
  return written.replace(BEYOND_ASCII, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
