import { isIP } from "node:net";
import type { Column } from "../../contracts.ts";

/** Writes what a method of faker gave as the text of a cell. Undefined where it cannot stand in the column. */
export type WriteCell = (result: unknown) => string | undefined;

const NUMERAL = /^-?\d+(\.\d+)?([eE][-+]?\d+)?$/;
const INTEGER = /^-?\d+$/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const MAC = /^[0-9a-f]{2}([:-][0-9a-f]{2}){5,7}$/i;
const DATE = /^\d{4}-\d\d-\d\d$/;
const TIMESTAMP = /^\d{4}-\d\d-\d\d([T ]|$)/;
const TIME = /^\d\d:\d\d(:\d\d(\.\d+)?)?$/;

export function cellWriter(column: Column): WriteCell {
  const { kind, type, range, labels } = column;
  switch (kind) {
    case "text":
    case "other":
      return plainText;
    case "json":
      return (result) => JSON.stringify(result, writeBigInt);
    case "integer":
      return (result) => {
        const text = typeof result === "boolean" ? String(Number(result)) : matching(INTEGER, plainText(result));
        const isOutside = text !== undefined && range !== null && (BigInt(text) < range.min || BigInt(text) > range.max);
        return isOutside ? undefined : text;
      };
    case "decimal":
    case "float":
      return (result) => matching(NUMERAL, plainText(result));
    case "boolean": {
      const [yes, no] = /^bool/i.test(type) ? ["t", "f"] : ["1", "0"];
      return (result) => (typeof result === "boolean" ? (result ? yes : no) : undefined);
    }
    case "date":
      return (result) => matching(DATE, result instanceof Date ? isoText(result)?.slice(0, 10) : plainText(result));
    case "time":
      return (result) => matching(TIME, result instanceof Date ? isoText(result)?.slice(11, 23) : plainText(result));
    case "timestamp": {
      const zone = /with time zone|timestamptz/i.test(type) ? "+00" : "";
      return (result) => {
        const text = result instanceof Date ? isoText(result)?.replace("T", " ").replace("Z", zone) : plainText(result);
        return matching(TIMESTAMP, text);
      };
    }
    case "uuid":
      return (result) => matching(UUID, plainText(result));
    case "network":
      return (result) => {
        const text = plainText(result) ?? "";
        return MAC.test(text) || isIP(text.split("/")[0]!) !== 0 ? text : undefined;
      };
    case "enum":
      return (result) => (typeof result === "string" && labels?.includes(result) ? result : undefined);
    default:
      return () => undefined;
  }
}

function plainText(result: unknown): string | undefined {
  switch (typeof result) {
    case "string":
      return result;
    case "number":
    case "bigint":
    case "boolean":
      return String(result);
    case "object":
      if (result === null) return undefined;
      return result instanceof Date ? isoText(result) : JSON.stringify(result, writeBigInt);
    default:
      return undefined;
  }
}

function isoText(date: Date): string | undefined {
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}

function matching(pattern: RegExp, text: string | undefined): string | undefined {
  return text !== undefined && pattern.test(text) ? text : undefined;
}

function writeBigInt(_: string, value: unknown): unknown {
  return typeof value === "bigint" ? String(value) : value;
}
