import { choice, integer, type OptionsValue } from "../../option-spec.ts";
import { defineTransform, eachValue, LOSSY } from "../define-transform.ts";
import { dateOf, dayNumber } from "./calendar.ts";
import { isoDate } from "./written-date.ts";
import { DATE_ORDER, DATES, dayOf, dayOption, instantReader, NO_DAY } from "./written-instant.ts";
import { two } from "./written-time.ts";

const UNITS = ["decade", "year", "quarter", "month", "week", "day", "hour", "minute", "second"] as const;
type Unit = (typeof UNITS)[number];
const CLOCK: Partial<Record<Unit, number>> = { hour: 3600, minute: 60, second: 1 };

const OPTIONS = {
  to: choice({ describe: "What is left of a date; a week begins on Monday (ISO 8601).", choices: UNITS, default: "month" }),
  as: choice({
    describe: "What stands for the period: its first day, or in a column of text its name: 1987, 1987-Q1, 1987-03, 1987-W11.",
    choices: ["date", "label"],
    default: "date",
  }),
  topAge: integer({
    describe: "Dates of birth of this age and more become the one of exactly this age: 90 as HIPAA asks.",
    optional: true,
    min: 1,
    max: 150,
  }),
  at: dayOption("The day on which ages count, which `topAge` needs."),
  order: DATE_ORDER,
} as const;

type Options = OptionsValue<typeof OPTIONS>;

/**
 * Makes dates coarser: with `to: "month"`, `1987-03-14` becomes `1987-03-01`, and `1987-03-14 12:30:00.25+01` becomes `1987-03-01 00:00:00.00+01`.
 *
 * The text form stays, digits and zone too; a time counts in the zone that it is written in. A date that begins its period stays. Beside other columns a
 * year of birth with a postcode may still tell who it is. With `topAge: 90, at: "2025-01-01"` everybody of 90 or more has one year of birth, as 45 CFR
 * 164.514(b)(2)(i)(C) asks. Hint: for ages in years or bands, `generalizeAge`; to keep distances between dates, `shiftDates`.
 */
export const generalizeDate = defineTransform({
  ...DATES,
  name: "generalizeDate",
  unsupported:
    "what is no date in ISO's form or that of `order`, with four digits for the year, with `to` of an hour or less a date without a time, and a result that its column does not hold",
  technique: "generalization",
  guarantees: LOSSY,
  options: OPTIONS,
  shorthand: "to",
  checkColumn: ({ to, as, topAge, at }, { kind, type }) => [
    ...(kind === "date" && CLOCK[to] !== undefined ? [`a column of type ${type} has no time`] : []),
    ...(as === "label" && kind !== "text" ? [`a column of type ${type} holds no names of periods`] : []),
    ...(as === "label" && CLOCK[to] !== undefined ? [`a period of one ${to} has no name`] : []),
    ...((topAge === undefined) !== (at === undefined) ? ["topAge and at need each other"] : []),
  ],
  prepare: (options, { column }) => {
    const read = instantReader(column, options.order);
    const oldest = oldestDay(options);
    const { to, as } = options;
    return eachValue((value) => {
      if (NO_DAY.isFixed(value, undefined, column)) return value;
      const instant = read(value);
      // A date without a time has no hour that could stay.
      if (instant === null || (instant.second === null && CLOCK[to] !== undefined)) return undefined;
      const day = periodStart(Math.max(instant.day, oldest), to);
      if (as === "date") return instant.write(day, clock(instant.second ?? 0, to), "0".repeat(instant.fraction.length));
      const label = labelOf(day, to);
      return label !== undefined && column.maxLength !== null && label.length > column.maxLength ? undefined : label;
    });
  },
});

/** The day of birth of whoever is just as old as `topAge`. */
function oldestDay({ topAge, at }: Options): number {
  if (topAge === undefined || at === undefined) return Number.NEGATIVE_INFINITY;
  const { year, month, day } = dateOf(dayOf(at));
  // A 29th of February becomes the 1st of March in a common year.
  return dayNumber(year - topAge, month, day);
}

/** The first day of a period. */
function periodStart(day: number, unit: Unit): number {
  const { year, month } = dateOf(day);
  switch (unit) {
    case "decade":
      return dayNumber(year - (((year % 10) + 10) % 10), 1, 1);
    case "year":
      return dayNumber(year, 1, 1);
    case "quarter":
      return dayNumber(year, month - ((month - 1) % 3), 1);
    case "month":
      return dayNumber(year, month, 1);
    case "week":
      // 1970-01-01 was a Thursday.
      return day - ((((day + 3) % 7) + 7) % 7);
    default:
      return day;
  }
}

function clock(second: number, unit: Unit): number {
  const size = CLOCK[unit];
  return size === undefined ? 0 : second - (second % size);
}

function labelOf(day: number, unit: Unit): string | undefined {
  const date = isoDate(day);
  const { year, month } = dateOf(day);
  if (date === undefined || year < 1) return undefined;
  const shown = String(year).padStart(4, "0");
  switch (unit) {
    case "decade":
      return `${shown}s`;
    case "year":
      return shown;
    case "quarter":
      return `${shown}-Q${Math.ceil(month / 3)}`;
    case "month":
      return date.slice(0, -3);
    case "week": {
      // A week belongs to the year of its Thursday.
      const ofWeek = dateOf(day + 3).year;
      return `${String(ofWeek).padStart(4, "0")}-W${two(Math.floor((day + 3 - dayNumber(ofWeek, 1, 1)) / 7) + 1)}`;
    }
    default:
      return date;
  }
}
