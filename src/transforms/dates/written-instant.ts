import type { Column, ColumnKind, FixedPoints } from "../../contracts.ts";
import { choice, json, type OptionSpec } from "../../option-spec.ts";
import { isEmptyCell } from "../define-transform.ts";
import { limitsOfType } from "./instant-limits.ts";
import { endOfDate, readIsoDate, readWrittenDate, WRITTEN_ORDERS, type WrittenOrder } from "./written-date.ts";
import { readTime, secondsAhead, writeTime } from "./written-time.ts";

/** What stands where a date is not known says nothing. `1987-00-00`, which MySQL holds too, names a year: no mask can read it, and it does not stay. */
export const NO_DAY: FixedPoints = {
  description: "an empty string, infinity and -infinity, and MySQL's 0000-00-00",
  isFixed: (value, _, column) =>
    isEmptyCell(value, column?.isPadded ?? false) ||
    NO_DIGIT_BUT_ZERO.test(value) ||
    value === "infinity" ||
    value === "-infinity",
};

const NO_DIGIT_BUT_ZERO = /^0000-00-00(?:[ T]00:00:00(?:\.0+)?)? *$/;

/** What masks of dates have in common. */
export const DATES = {
  accepts: ["date", "timestamp", "text"] as readonly ColumnKind[],
  unsupported:
    "what is no date in ISO's form or that of `order`, with four digits for the year, and a result that its column does not hold",
  fixedPoints: NO_DAY,
  maxOutputLength: (_: unknown, { maxLength }: Column) => maxLength,
} as const;

export type DateOrder = "iso" | WrittenOrder;

/** A date, or a date with a time of day, as a text writes it. */
export interface WrittenInstant {
  /** Days from 1970-01-01, in the zone that the text names. */
  readonly day: number;
  /** Seconds of that day; null where the text has no time. */
  readonly second: number | null;
  /** Whether the text writes seconds: 12:30 does not. */
  readonly hasSeconds: boolean;
  /** Digits of a fraction of a second, as many as the text has. */
  readonly fraction: string;
  /** Seconds that its zone is ahead of UTC; 0 where it names none. */
  readonly offset: number;
  /** The same text with another instant in it; undefined for one that it, or its column, does not hold. */
  write(day: number, second?: number, fraction?: string): string | undefined;
}

/** Reads what databases write (`1987-03-14 12:30:00.5+02`, `0044-03-15 BC`), and the dates of `order` where there is one. null for anything else. */
export function readInstant(value: string, order: DateOrder = "iso"): WrittenInstant | null {
  const isBefore = value.endsWith(" BC");
  const text = isBefore ? value.slice(0, -3) : value;
  const end = endOfDate(text, order);
  const dateText = text.slice(0, end);
  const date = readIsoDate(dateText, isBefore) ?? (order === "iso" || isBefore ? null : readWrittenDate(dateText, order));
  if (date === null) return null;
  if (end === text.length)
    return { day: date.day, second: null, hasSeconds: false, fraction: "", offset: 0, write: (day) => date.write(day) };
  const time = readTime(text.slice(end));
  if (time === null) return null;
  const { second, hasSeconds, fraction, zone } = time;
  return {
    day: date.day,
    second,
    hasSeconds,
    fraction,
    offset: secondsAhead(zone),
    write: (day, at = second, digits = fraction) => join(date.write(day), writeTime(time, at, digits)),
  };
}

/** PostgreSQL writes BC behind everything: behind the zone. */
function join(date: string | undefined, time: string): string | undefined {
  if (date === undefined) return undefined;
  return date.endsWith(" BC") ? `${date.slice(0, -3)}${time} BC` : date + time;
}

export type ReadInstant = (value: string) => WrittenInstant | null;

/** Reads the instants of a column, which write nothing that the column does not hold. */
export function instantReader(column: Column, order: DateOrder): ReadInstant {
  const { isPadded, maxLength } = column;
  const limits = limitsOfType(column);
  const read: ReadInstant = isPadded ? (value) => readInstant(value.trimEnd(), order) : (value) => readInstant(value, order);
  if (limits === null && maxLength === null) return read;
  return (value) => {
    const instant = read(value);
    if (instant === null) return null;
    const { second, fraction, offset } = instant;
    const write: WrittenInstant["write"] = (day, at = second ?? 0, digits = fraction) => {
      if (limits !== null && !limits.hold(day, at - offset)) return undefined;
      const text = instant.write(day, at, digits);
      return text !== undefined && maxLength !== null && text.length > maxLength ? undefined : text;
    };
    return { ...instant, write };
  };
}

/** The option that says how texts write dates. */
export const DATE_ORDER = choice({
  describe:
    "How texts write dates: `iso` is 1987-03-14; with `dmy` 14.03.1987 and 14/3/1987 are dates too, with `mdy` 03/14/1987, with `ymd` 19870314.",
  choices: ["iso", ...WRITTEN_ORDERS],
  default: "iso",
});

/** A day in options, `2025-01-01`. */
export function dayOption(describe: string): OptionSpec<string | undefined, true> {
  return json<string | undefined>({
    describe,
    optional: true,
    problem: (value) =>
      typeof value === "string" && value.length === 10 && readIsoDate(value, false) !== null
        ? null
        : "must be a date, such as 2025-01-01",
  });
}

/** The number of a day in options. */
export function dayOf(option: string): number {
  return readIsoDate(option, false)!.day;
}
