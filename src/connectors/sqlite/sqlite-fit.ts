import type { Column } from "../../contracts.ts";
import { type StorageClass, textOf } from "./sqlite-cell.ts";
import { fitOfFloats, isNumber } from "./sqlite-fit-floats.ts";
import { fitOfTimes } from "./sqlite-fit-times.ts";
import type { Stored } from "./sqlite-library.ts";

/** Whether a value is one that a column of another database takes for what it is. */
export type Fit = (storage: StorageClass, value: Stored) => boolean;

type TextFit = (text: string, storage: StorageClass) => boolean;

const WHOLE = /^[-+]?\d+$/;
const DECIMAL = /^[-+]?(\d*)(?:\.(\d*))?$/;

/**
 * What fits a column: SQLite holds any value in any column, and another server would round some, and take others for something else, without a word: 1.5 as an
 * integer, 20200101 as a date, a text as bytes.
 */
export function fitOf(column: Column): Fit {
  if (column.kind === "bytes") return (storage) => storage === "blob" || storage === "null";
  const fits = textFitOf(column, (column.baseType ?? column.type).toLowerCase());
  if (fits === null) return (storage) => storage !== "blob";
  return (storage, value) => storage === "null" || (storage !== "blob" && fits(textOf(storage, value) ?? "", storage));
}

/** Null where any text fits. */
function textFitOf({ kind, labels, maxLength }: Column, type: string): TextFit | null {
  switch (kind) {
    case "integer":
      return (text) => WHOLE.test(text);
    case "decimal":
      return fitOfDecimals(scaleOf(type));
    case "float":
      return fitOfFloats(type);
    case "boolean":
      return (text) => /^(?:0|1|t|f|true|false)$/i.test(text);
    case "date":
    case "time":
    case "timestamp": {
      const fits = fitOfTimes(kind, type);
      return (text, storage) => storage === "text" && fits(text);
    }
    case "interval":
      // A number alone would be seconds.
      return (text, storage) => storage === "text" && !isNumber(text);
    case "text":
      return maxLength === null ? null : fitOfLength(type, maxLength);
    default:
      if (type.startsWith("year")) return (text) => /^\d{4}$/.test(text);
      if (type === "money") return fitOfDecimals(2);
      return labels === null ? null : fitOfLabels(type, labels);
  }
}

/** Digits behind the point that a type keeps, below zero where it rounds to tens; null for all. */
function scaleOf(type: string): number | null {
  const [, scale] = /\(\d+(?:,\s*(-?\d+))?\)/.exec(type) ?? [];
  return type.includes("(") ? Number(scale ?? 0) : null;
}

function fitOfDecimals(scale: number | null): TextFit {
  return (text) => {
    const [, whole = "", fraction = ""] = DECIMAL.exec(text) ?? [];
    if (whole + fraction === "") return false;
    if (scale === null) return true;
    const kept = fraction.replace(/0+$/, "");
    if (scale >= 0) return kept.length <= scale;
    return kept === "" && (/^0*$/.test(whole) || whole.endsWith("0".repeat(-scale)));
  };
}

/** Where a text is too long by spaces alone, they are cut off in silence; PostgreSQL's `name` and `"char"` cut off anything, by bytes. */
function fitOfLength(type: string, maxLength: number): TextFit {
  if (type === "name" || type === '"char"') return (text) => Buffer.byteLength(text) <= maxLength;
  return (text) => text.length <= maxLength || [...text].length <= maxLength;
}

/** MySQL takes a number in text for a label's place, and a label in other letters for its like. */
function fitOfLabels(type: string, labels: readonly string[]): TextFit {
  const known = new Set([...labels, ""]);
  const isSet = type.startsWith("set(");
  return (text) => (isSet ? text.split(",") : [text]).every((label) => known.has(label));
}
