import type { Column } from "../../contracts.ts";

/**
 * Whether a column of one kind gives way to another of the same kind in silence or by chance: servers round a number, a time or a float to what the
 * target's type holds, and pad a text, without a word.
 */
export function isLossy(column: Column, other: Column): boolean {
  if (column.type === other.type || column.kind !== other.kind) return false;
  switch (column.kind) {
    case "integer":
      return (
        column.range !== null &&
        other.range !== null &&
        (other.range.min > column.range.min || other.range.max < column.range.max)
      );
    case "decimal":
      return isNarrowerDecimal(column.type, other.type);
    case "float":
      return isDouble(column.type) && isSingle(other.type);
    case "timestamp":
    case "time":
    case "interval":
      return baseOf(column.type) !== baseOf(other.type) || precisionOf(column.type) > precisionOf(other.type);
    case "json":
      return column.type === "json" && other.type === "jsonb";
    case "text":
      return other.isPadded && !column.isPadded;
    default:
      return false;
  }
}

const DECIMAL = /^(?:numeric|decimal)(?:\((\d+)(?:,(-?\d+))?\))?/i;

function isNarrowerDecimal(type: string, otherType: string): boolean {
  const [one, other] = [DECIMAL.exec(type), DECIMAL.exec(otherType)];
  // A domain's name says nothing of its digits.
  if (one === null || other?.[1] === undefined) return false;
  if (one[1] === undefined) return true;
  const [scale, otherScale] = [Number(one[2] ?? 0), Number(other[2] ?? 0)];
  return otherScale < scale || Number(other[1]) - otherScale < Number(one[1]) - scale;
}

const isDouble = (type: string) => /^double/i.test(type);
const isSingle = (type: string) => /^(real|float)/i.test(type);

/** The type without its digits: with and without time zone are two. */
const baseOf = (type: string) => type.replace(/ ?\(\d+\)/, "");

/** Digits of a second: six where PostgreSQL says nothing, none where MySQL does. */
function precisionOf(type: string): number {
  const given = /\((\d+)\)/.exec(type)?.[1];
  if (given !== undefined) return Number(given);
  return /zone|interval/.test(type) ? 6 : 0;
}
