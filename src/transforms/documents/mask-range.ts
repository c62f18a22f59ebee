import type { Column } from "../../contracts.ts";
import { refuseWindows, ruleOption } from "../../inner-rules.ts";
import { defineTransform } from "../define-transform.ts";
import { maskPlaces, type Place } from "./mask-places.ts";
import { partGuarantees, partProblems, prepareParts } from "./part-masks.ts";
import { partsOfType } from "./part-types.ts";
import { type RecordField, readFields, writeField } from "./record-text.ts";

/**
 * Masks both bounds of a PostgreSQL range or multirange: `[2024-01-05,2024-01-09)` becomes `[2024-03-11,2024-03-15)` with
 * `bounds: shiftDates({ by: "id" })`.
 *
 * Whether a bound is included, open ends and `empty` stay. Where the masks come in the other order they change places; where they
 * meet, both are included, lest nothing be left of the range. Hint: shift dates by a subject, and both bounds move together.
 */
export const maskRange = defineTransform({
  name: "maskRange",
  technique: "pseudonymization",
  accepts: ["other", "text"],
  guarantees: ({ bounds }, column) => partGuarantees([bounds], boundColumns(column)),
  options: { bounds: ruleOption({ describe: "The rule for each bound.", problem: refuseWindows }) },
  shorthand: "bounds",
  checkColumn: ({ bounds }, column) => partProblems([bounds], boundColumns(column)),
  prepare: async ({ bounds }, context) => {
    const { column } = context;
    const masks = await prepareParts([bounds], boundColumns(column), context);
    const mask = maskPlaces(masks, column, (value) =>
      findRanges(value)?.flatMap((ends) =>
        ends.flatMap(({ from, to, text }): Place[] =>
          text === null
            ? []
            : [{ from, to, mask: 0, text, write: (masked, raw) => (masked === null ? undefined : writeField(masked, raw)) }],
        ),
      ),
    );
    return async (values, batch) => (await mask(values, batch)).map((masked) => (masked == null ? masked : inOrder(masked)));
  },
});

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

/** The two bounds of each range. PostgreSQL's manual, 8.17.5. */
function findRanges(value: string): readonly (readonly RecordField[])[] | undefined {
  const text = value.trim();
  if (/^empty$/i.test(text)) return [];
  const isMulti = text.startsWith("{");
  if (isMulti && !text.endsWith("}")) return undefined;
  const last = value.trimEnd().length - (isMulti ? 1 : 0);
  const ranges: (readonly RecordField[])[] = [];
  let at = value.indexOf(text) + (isMulti ? 1 : 0);
  const skipSpace = () => {
    while (at < last && /\s/.test(value[at]!)) at++;
  };
  skipSpace();
  if (isMulti && at === last) return ranges;
  for (;;) {
    skipSpace();
    const read = value[at] === "[" || value[at] === "(" ? readFields(value, at + 1, "])") : undefined;
    if (read?.fields.length !== 2 || read.end >= last) return undefined;
    ranges.push(read.fields);
    at = read.end + 1;
    skipSpace();
    if (at === last) return ranges;
    if (!isMulti || value[at++] !== ",") return undefined;
  }
}

/** Bounds that came in the other order change places, and bounds that met are both included. Undefined where they cannot be compared. */
function inOrder(value: string): string | undefined {
  let ordered = "";
  let end = 0;
  for (const [lower, upper] of findRanges(value) ?? []) {
    if (lower!.text === null || upper!.text === null) continue;
    const order = compared(lower!.text, upper!.text);
    if (order === undefined) return undefined;
    const [low, high] = order > 0 ? [upper!, lower!] : [lower!, upper!];
    const [opening, closing] = order === 0 ? ["[", "]"] : [value[lower!.from - 1]!, value[upper!.to]!];
    ordered += value.slice(end, lower!.from - 1);
    ordered += `${opening}${value.slice(low.from, low.to)},${value.slice(high.from, high.to)}${closing}`;
    end = upper!.to + 1;
  }
  return ordered + value.slice(end);
}

const NUMERAL = /^-?\d+(\.\d+)?$/;
/** Of one zone, and of four digits a year: the order of the texts is that of the times. */
const TIME = /^\d{4}-\d\d-\d\d(?: \d\d:\d\d:\d\d(?:\.\d+)?)?(\+00)?$/;

function compared(one: string, other: string): number | undefined {
  if (NUMERAL.test(one) && NUMERAL.test(other)) return comparedNumbers(one, other);
  const [first, second] = [TIME.exec(one), TIME.exec(other)];
  if (first === null || second === null || first[1] !== second[1]) return undefined;
  return one < other ? -1 : one > other ? 1 : 0;
}

function comparedNumbers(one: string, other: string): number {
  const scale = Math.max(...[one, other].map((text) => (text.split(".")[1] ?? "").length));
  const [first, second] = [one, other].map((text) => {
    const [whole, fraction = ""] = text.split(".");
    return BigInt(`${whole}${fraction.padEnd(scale, "0")}`);
  });
  return first! < second! ? -1 : first! > second! ? 1 : 0;
}
