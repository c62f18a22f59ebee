import { DAY_SECONDS } from "../dates/day-range.ts";
import { readInstant, type WrittenInstant } from "../dates/written-instant.ts";
import { parseDecimal } from "../numbers/decimal-text.ts";
import { compareDecimals } from "../numbers/number-column.ts";

/** No more digits than a double tells apart. */
const FEW_DIGITS = /^-?\d{1,9}(?:\.\d{1,6})?$/;
/** Of one zone, and of four digits a year: the order of the texts is that of the times. */
const COMMON_TIME = /^\d{4}-\d\d-\d\d(?: \d\d:\d\d:\d\d)?(?:\+00)?$/;
const CLOCK = /^\d\d:\d\d(?::\d\d(?:\.\d+)?)?$/;

/** Below zero where the first of two bounds of a PostgreSQL range is the lower one, zero where they meet. Undefined where their order is not known here. */
export function compareBounds(one: string, other: string): number | undefined {
  if (FEW_DIGITS.test(one) && FEW_DIGITS.test(other)) return Number(one) - Number(other);
  if (one.length === other.length && COMMON_TIME.test(one) && COMMON_TIME.test(other)) return compareTexts(one, other);
  return compareRead(parseDecimal(one), parseDecimal(other), one, other, compareDecimals) ?? compareTimes(one, other);
}

const compareTexts = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

/** PostgreSQL's order of numbers that are none that can be written. */
const ENDLESS: ReadonlyMap<string, number> = new Map([
  ["-infinity", -1],
  ["infinity", 1],
  ["nan", 2],
]);
const endOf = (text: string): number => ENDLESS.get(text.toLowerCase()) ?? 0;

function compareTimes(one: string, other: string): number | undefined {
  if (CLOCK.test(one) && CLOCK.test(other)) return compareTexts(one, other);
  return compareRead(readInstant(one), readInstant(other), one, other, compareInstants);
}

/** An end without end is beyond what could be read, and only beyond that. */
function compareRead<Read>(
  first: Read | null,
  second: Read | null,
  one: string,
  other: string,
  compare: (first: Read, second: Read) => number,
): number | undefined {
  if (first !== null && second !== null) return compare(first, second);
  const [end, otherEnd] = [first === null ? endOf(one) : 0, second === null ? endOf(other) : 0];
  return (first === null && end === 0) || (second === null && otherEnd === 0) ? undefined : end - otherEnd;
}

function compareInstants(one: WrittenInstant, other: WrittenInstant): number {
  const seconds = ({ day, second, offset }: WrittenInstant) => day * DAY_SECONDS + (second ?? 0) - offset;
  const difference = seconds(one) - seconds(other);
  if (difference !== 0) return difference;
  const digits = Math.max(one.fraction.length, other.fraction.length);
  return compareTexts(one.fraction.padEnd(digits, "0"), other.fraction.padEnd(digits, "0"));
}
