import type { Column } from "../../contracts.ts";
import { type StorageClass, textOf } from "./sqlite-cell.ts";
import type { Stored } from "./sqlite-library.ts";

const WHOLE = /^[-+]?\d+$/;
const DECIMAL = /^[-+]?(?:\d+(?:\.(\d*))?|\.(\d+))$/;
const NUMBER = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i;

/**
 * Whether a value is one that a column of another database takes for what it is. SQLite holds any value in any column, and another server would round some, and
 * take others for something else, without a word: 1.5 as an integer, 20200101 as a date, a text as bytes.
 */
export function isFitting(storage: StorageClass, value: Stored, { kind, type }: Column): boolean {
  if (storage === "null") return true;
  if (storage === "blob" || kind === "bytes") return storage === "blob" && kind === "bytes";
  switch (kind) {
    case "integer":
      return storage === "integer" || WHOLE.test(wordOf(storage, value));
    case "decimal":
      return storage === "integer" || isOfScale(wordOf(storage, value), type);
    case "float":
      return storage !== "text" || NUMBER.test(wordOf(storage, value));
    case "boolean":
      return /^(?:0|1|t|f|true|false)$/i.test(wordOf(storage, value));
    case "date":
    case "time":
    case "timestamp":
      return storage === "text" && /^-?\d/.test(wordOf(storage, value));
    default:
      return true;
  }
}

const wordOf = (storage: StorageClass, value: Stored): string => textOf(storage, value) ?? "";

function isOfScale(text: string, type: string): boolean {
  const [whole, ...fractions] = DECIMAL.exec(text) ?? [];
  if (whole === undefined) return false;
  const [, digits, scale = "0"] = /^(?:numeric|decimal)\((\d+)(?:,\s*(\d+))?\)/i.exec(type) ?? [];
  return digits === undefined || (fractions.find((one) => one !== undefined) ?? "").replace(/0+$/, "").length <= Number(scale);
}
