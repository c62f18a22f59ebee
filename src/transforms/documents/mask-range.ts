import type { Column } from "../../contracts.ts";
import { refuseWindows, ruleOption } from "../../inner-rules.ts";
import { defineTransform } from "../define-transform.ts";
import { skipSpace } from "./backslash-quotes.ts";
import { compareBounds } from "./bound-order.ts";
import { maskPlaces } from "./mask-places.ts";
import { partGuarantees, partProblems, prepareParts } from "./part-masks.ts";
import { partsOfType } from "./part-types.ts";
import type { WritePart } from "./places.ts";
import { type RecordField, readFields, writeField } from "./record-text.ts";

/**
 * Masks both bounds of a PostgreSQL range or multirange: `[2024-01-05,2024-01-09)` becomes `[2024-03-11,2024-03-15)` with
 * `bounds: shiftDates({ by: "id" })`.
 *
 * Whether a bound is included, open ends and `empty` stay. Where the masks come in the other order they change places; where they
 * meet, both are included, lest nothing be left of the range. Bounds whose order is not known here (text, addresses) are unsupported. Hint: shift dates by
 * a subject, and both bounds move together.
 */
export const maskRange = defineTransform({
  name: "maskRange",
  technique: "pseudonymization",
  accepts: ["other", "text"],
  unsupported:
    "what is no range, bounds whose order is not known here (text, addresses), a bound that its rule cannot handle or makes NULL, and what becomes too long for its column",
  guarantees: ({ bounds }, column) => partGuarantees([bounds], boundColumns(column)),
  options: { bounds: ruleOption({ describe: "The rule for each bound.", problem: refuseWindows }) },
  shorthand: "bounds",
  checkColumn: ({ bounds }, column) => partProblems([bounds], boundColumns(column)),
  prepare: async ({ bounds }, context) => {
    const { column } = context;
    const masks = await prepareParts([bounds], boundColumns(column), context);
    const mask = maskPlaces(masks, column, (value, places) =>
      eachRange(value, (...bounds) => {
        for (const { from, to, text } of bounds) if (text !== null) places.mask(0, from, to, text, asBound);
        return true;
      }),
    );
    return async (values, batch) => (await mask(values, batch)).map((masked) => (masked == null ? masked : inOrder(masked)));
  },
});

const asBound: WritePart = (masked, value, from) => (masked === null ? undefined : writeField(masked, value, from));

const TYPES: Readonly<Record<string, string>> = {
  int4: "integer",
  int8: "bigint",
  num: "numeric",
  date: "date",
  ts: "timestamp without time zone",
  tstz: "timestamp with time zone",
};

function boundColumns(column: Column): readonly Column[] {
  const of = /^(\w+?)(?:multi)?range$/.exec(column.baseType ?? column.type)?.[1];
  return partsOfType(column, of !== undefined && Object.hasOwn(TYPES, of) ? TYPES[of]! : "");
}

/** Tells of the two bounds of each range. False for what is no range or multirange, or where `onRange` says so. PostgreSQL's manual, 8.17.5. */
function eachRange(value: string, onRange: (lower: RecordField, upper: RecordField) => boolean): boolean {
  let at = skipSpace(value, 0);
  const isMulti = value[at] === "{";
  if (isMulti) at = skipSpace(value, at + 1);
  const isNone = isMulti ? value[at] === "}" : /^\s*empty\s*$/i.test(value);
  while (!isNone) {
    const read = value[at] === "[" || value[at] === "(" ? readFields(value, at + 1, "])") : undefined;
    if (read?.fields.length !== 2 || !onRange(read.fields[0]!, read.fields[1]!)) return false;
    at = skipSpace(value, read.end + 1);
    if (!isMulti || value[at] !== ",") break;
    at = skipSpace(value, at + 1);
  }
  if (!isMulti) return isNone || at === value.length;
  return value[at] === "}" && skipSpace(value, at + 1) === value.length;
}

/** Bounds that came in the other order change places, and bounds that met are both included. Undefined where they cannot be compared. */
function inOrder(value: string): string | undefined {
  let ordered = "";
  let end = 0;
  const isComparable = eachRange(value, (lower, upper) => {
    if (lower.text === null || upper.text === null) return true;
    const order = compareBounds(lower.text, upper.text);
    if (order === undefined || order < 0) return order !== undefined;
    const [low, high] = order > 0 ? [upper, lower] : [lower, upper];
    const [opening, closing] = order === 0 ? ["[", "]"] : [value[lower.from - 1]!, value[upper.to]!];
    ordered += value.slice(end, lower.from - 1);
    ordered += `${opening}${value.slice(low.from, low.to)},${value.slice(high.from, high.to)}${closing}`;
    end = upper.to + 1;
    return true;
  });
  return isComparable ? ordered + value.slice(end) : undefined;
}
