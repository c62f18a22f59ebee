import { createColumnPrf } from "../../keys/column-prf.ts";
import { integer } from "../../option-spec.ts";
import { defineTransform } from "../define-transform.ts";
import { subjectReader } from "../subject.ts";
import { dateOf, dayNumber, daysInMonth } from "./calendar.ts";
import { keepOrder } from "./date-order.ts";
import { limitsOfType } from "./instant-limits.ts";
import { MOVE_OPTIONS, MOVES, signedDraw } from "./moves.ts";
import { FIRST_FOUR_DIGIT_DAY, LAST_FOUR_DIGIT_DAY } from "./written-date.ts";
import { DATES, instantReader, NO_DAY, type WrittenInstant } from "./written-instant.ts";
import { digits, readTime, two } from "./written-time.ts";

/**
 * Moves dates by a keyed number of days that is the same for all dates of one subject: with `by: "id"`, `1987-03-14` becomes `1986-11-02`, and what
 * lay ten days apart still does. The text form stays: time of day, fraction, zone, `BC`. A date of the years 1 to 9999 that would leave them, or
 * its column's type, moves the other way.
 *
 * Without `by` each date moves by itself, and intervals are lost; with `after: "placed_at"` a date that was not before that one still is not, and is at least
 * `gap` days behind it. Hides a date from someone who knows nothing else of the subject: one known date gives
 * away all others of that subject, and the weekday and season of a short range show. Hint: a subject that has one date only is better off with
 * `fake("date.birthdate")`.
 */
export const shiftDates = defineTransform({
  ...DATES,
  ...MOVES,
  name: "shiftDates",
  unsupported:
    "what is no date in ISO's form or that of `order`, with four digits for the year, one whose `by` is NULL, and a result that its column does not hold",
  options: {
    days: integer({ describe: "Farthest move in days, to either side; never 0.", default: 180, min: 1, max: 100_000 }),
    ...MOVE_OPTIONS,
  },
  prepare: ({ days, by, order, after, gap }, context) => {
    const { column } = context;
    const prf = createColumnPrf(context.deriveKey("shiftDates"));
    const subjectsOf = subjectReader(by, context);
    const inOrder = after === undefined ? null : keepOrder(context, { after, gap, order }, 86_400);
    const read = instantReader(column, order);
    const isPlain = limitsOfType(column) === null;
    const shift = (value: string, offset: number): string | undefined => {
      const plain = isPlain ? shiftPlainDate(value, offset) : undefined;
      if (plain !== undefined) return plain;
      const instant = read(value);
      return instant === null ? undefined : moved(instant, offset);
    };
    return (values, batch) => {
      const subjects = subjectsOf(values, batch);
      const words = prf.words(subjects);
      const shifted = new Array<string | null | undefined>(values.length);
      for (let index = 0; index < values.length; index++) {
        const value = values[index]!;
        if (value === null || NO_DAY.isFixed(value, undefined, column)) shifted[index] = value;
        // Nobody can tell whose date it is: no offset is right.
        else if (subjects[index] === null) shifted[index] = undefined;
        else shifted[index] = shift(value, signedDraw(words[index * 4]!, days));
      }
      return inOrder === null ? shifted : inOrder(values, shifted, (row) => words[row * 4 + 1]!, batch);
    };
  },
});

/** 0001-01-01 and 9999-12-31 stand for "ever" in many tables, and MySQL's dates have no other years. */
function moved({ day, write }: WrittenInstant, offset: number): string | undefined {
  const isOfFourDigits = day >= FIRST_FOUR_DIGIT_DAY && day <= LAST_FOUR_DIGIT_DAY;
  return (
    (isOfFourDigits ? write(inFourDigits(day, offset)) : write(day + offset)) ??
    (isOfFourDigits ? write(day - offset) : undefined)
  );
}

function inFourDigits(day: number, offset: number): number {
  const isOutside = day + offset > LAST_FOUR_DIGIT_DAY || day + offset < FIRST_FOUR_DIGIT_DAY;
  return isOutside ? day - offset : day + offset;
}

const HYPHEN = 0x2d;

/** YYYY-MM-DD, alone or before a time: the form of nearly all dates, read without a regular expression. undefined for every other. */
function shiftPlainDate(value: string, offset: number): string | undefined {
  if (value.length < 10 || value.charCodeAt(4) !== HYPHEN || value.charCodeAt(7) !== HYPHEN) return undefined;
  const year = digits(value, 0, 4);
  const month = digits(value, 5, 7);
  const day = digits(value, 8, 10);
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return undefined;
  const time = value.slice(10);
  if (time !== "" && readTime(time) === null) return undefined;
  return fourDigits(inFourDigits(dayNumber(year, month, day), offset)) + time;
}

function fourDigits(days: number): string {
  const { year, month, day } = dateOf(days);
  return `${year > 999 ? year : String(year).padStart(4, "0")}-${two(month)}-${two(day)}`;
}
