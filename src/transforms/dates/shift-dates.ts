import { canonicalOf } from "../../keys/canonical.ts";
import { createColumnPrf } from "../../keys/column-prf.ts";
import { integer, text } from "../../option-spec.ts";
import { defineTransform } from "../define-transform.ts";
import { dateOf, dayNumber, daysInMonth } from "./calendar.ts";
import { keepOrder, ORDER_OPTIONS } from "./date-order.ts";
import { shiftWrittenDate } from "./written-date.ts";
import { DATE_ORDER, NO_DAY } from "./written-instant.ts";

/** First and last day that PostgreSQL's date and timestamp types both hold: 4714-11-24 BC and the end of the year 294276. */
const FIRST_DAY = dayNumber(-4713, 11, 24);
const LAST_DAY = dayNumber(294_276, 12, 31);
const FIRST_FOUR_DIGIT_DAY = dayNumber(1, 1, 1);
const LAST_FOUR_DIGIT_DAY = dayNumber(9999, 12, 31);

/**
 * Moves dates by a keyed number of days that is the same for all dates of one subject: with `by: "id"`, `1987-03-14` becomes `1986-11-02`, and what
 * lay ten days apart still does. The text form stays: time of day, fraction, zone, `BC`. A date of the years 1 to 9999 that would leave them moves the
 * other way.
 *
 * Without `by` each date moves by itself, and intervals are lost; with `after: "placed_at"` a date that was not before that one still is not, and is at least
 * `gap` days behind it. Hides a date from someone who knows nothing else of the subject: one known date gives
 * away all others of that subject, and the weekday and season of a short range show. Hint: a subject that has one date only is better off with
 * `fake("date.birthdate")`.
 */
export const shiftDates = defineTransform({
  name: "shiftDates",
  technique: "perturbation",
  accepts: ["date", "timestamp", "text"],
  guarantees: ({ after }) => ({
    deterministic: true,
    uniqueness: { kind: "lossy" },
    reversible: false,
    preservesLength: false,
    // Moved back behind another date it may stand where it stood.
    changesInput: after === undefined ? "always" : "not-promised",
  }),
  fixedPoints: NO_DAY,
  isKeyed: true,
  options: {
    days: integer({ describe: "Farthest move in days, to either side; never 0.", default: 180, min: 1, max: 100_000 }),
    order: DATE_ORDER,
    by: text({ describe: "The column that names the subject: its dates move together.", optional: true, minLength: 1 }),
    ...ORDER_OPTIONS,
  },
  reads: ({ by, after }) => [by, after].filter((name) => name !== undefined),
  readsMasked: ({ after }) => (after === undefined ? [] : [after]),
  prepare: ({ days, by, order, after, gap }, context) => {
    const prf = createColumnPrf(context.deriveKey("shiftDates"));
    const subject = by === undefined ? null : context.other(by);
    const canonical = canonicalOf(subject?.column ?? context.column);
    const inOrder = after === undefined ? null : keepOrder(context, { after, gap, order }, 86_400);
    return (values, batch) => {
      const subjects = subject === null ? values : batch.column(subject.index);
      const words = prf.words(
        canonical === null ? subjects : subjects.map((value) => (value === null ? null : canonical(value))),
      );
      const shifted = new Array<string | null | undefined>(values.length);
      for (let index = 0; index < values.length; index++) {
        const value = values[index]!;
        if (value === null) shifted[index] = null;
        // Nobody can tell whose date it is: no offset is right.
        else if (subjects[index] === null) shifted[index] = NO_DAY.isFixed(value) ? value : undefined;
        else {
          const offset = offsetOf(words[index * 4]!, days);
          shifted[index] = shiftDate(value, offset) ?? (order === "iso" ? undefined : shiftWrittenDate(value, offset, order));
        }
      }
      return inOrder === null ? shifted : inOrder(values, shifted, (row) => words[row * 4 + 1]!, batch);
    };
  },
});

/** One of -days … -1, 1 … days, by a keyed word. The bias of the multiplication is below days / 2^31. */
function offsetOf(word: number, days: number): number {
  const drawn = Math.floor((word / 0x1_0000_0000) * 2 * days);
  return drawn < days ? drawn - days : drawn - days + 1;
}

const HYPHEN = 0x2d;
const ZERO = 0x30;

/** Moves the date that a text begins with, and leaves the rest as it is. undefined where it begins with none, or would leave its type's range. */
function shiftDate(value: string, offset: number): string | undefined {
  // YYYY-MM-DD: the form of nearly all dates, read without a regular expression.
  if (value.length >= 10 && value.charCodeAt(4) === HYPHEN && value.charCodeAt(7) === HYPHEN) {
    const year = digits(value, 0, 4);
    const month = digits(value, 5, 7);
    const day = digits(value, 8, 10);
    const next = value.charCodeAt(10);
    const isPlain = value.length === 10 || next === 0x20 || next === 0x54;
    if (
      year > 0 &&
      month >= 1 &&
      month <= 12 &&
      day >= 1 &&
      day <= daysInMonth(year, month) &&
      isPlain &&
      !value.endsWith("BC")
    ) {
      const from = dayNumber(year, month, day);
      const moved = from + offset;
      // 0001-01-01 and 9999-12-31 stand for "ever" in many tables, and MySQL's dates have no other years.
      const isOutside = moved > LAST_FOUR_DIGIT_DAY || moved < FIRST_FOUR_DIGIT_DAY;
      return fourDigits(isOutside ? from - offset : moved) + value.slice(10);
    }
  }
  return shiftOddDate(value, offset);
}

/** Decimal digits of `value[from, to)` as a number, -1 where another character stands there. */
function digits(value: string, from: number, to: number): number {
  let number = 0;
  for (let index = from; index < to; index++) {
    const digit = value.charCodeAt(index) - ZERO;
    if (digit < 0 || digit > 9) return -1;
    number = number * 10 + digit;
  }
  return number;
}

function fourDigits(days: number): string {
  const { year, month, day } = dateOf(days);
  return `${year > 999 ? year : String(year).padStart(4, "0")}-${month < 10 ? "0" : ""}${month}-${day < 10 ? "0" : ""}${day}`;
}

/** Years of more than four digits, and years before 1, which PostgreSQL writes with BC at the end. */
function shiftOddDate(value: string, offset: number): string | undefined {
  if (NO_DAY.isFixed(value)) return value;
  const found = /^(\d{4,6})-(\d\d)-(\d\d)(?!\d)(.*?)( BC)?$/s.exec(value);
  if (found === null) return undefined;
  const [, yearText, monthText, dayText, rest, bc] = found;
  const year = bc === undefined ? Number(yearText) : 1 - Number(yearText);
  const [month, day] = [Number(monthText), Number(dayText)];
  if (Number(yearText) === 0 || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return undefined;
  if (rest !== "" && !/^[ T]/.test(rest!)) return undefined;
  const moved = dayNumber(year, month, day) + offset;
  if (moved < FIRST_DAY || moved > LAST_DAY) return undefined;
  const date = dateOf(moved);
  const isBefore = date.year < 1;
  const shownYear = String(isBefore ? 1 - date.year : date.year).padStart(4, "0");
  return `${shownYear}-${String(date.month).padStart(2, "0")}-${String(date.day).padStart(2, "0")}${rest}${isBefore ? " BC" : ""}`;
}
