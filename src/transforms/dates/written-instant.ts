import type { FixedPoints } from "../../contracts.ts";
import { choice, json, type OptionSpec } from "../../option-spec.ts";
import { dateOf, dayNumber, daysInMonth } from "./calendar.ts";
import { readWrittenDate, WRITTEN_ORDERS, type WrittenOrder } from "./written-date.ts";

/** `infinity`, an empty string, and MySQL's dates with a zero part are no days. */
export const NO_DAY: FixedPoints = {
  description: "an empty string, infinity and -infinity, and dates with a zero month or day (MySQL)",
  isFixed: (value) =>
    value === "" || value === "infinity" || value === "-infinity" || /^\d{4}-(00-\d\d|\d\d-00)([ T]|$)/.test(value),
};

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
  /** The same text with another instant in it; undefined for a year that it cannot write. */
  write(day: number, second?: number, fraction?: string): string | undefined;
}

const TIME = /^([ T])(\d\d):(\d\d)(?::(\d\d)(?:([.,])(\d+))?)?( ?(?:Z|[-+]\d\d(?::?\d\d(?::?\d\d)?)?)?)$/;

/** Reads what databases write (`1987-03-14 12:30:00.5+02`, `0044-03-15 BC`), and the dates of `order` where there is one. null for anything else. */
export function readInstant(value: string, order: "iso" | WrittenOrder = "iso"): WrittenInstant | null {
  const isBefore = value.endsWith(" BC");
  const text = isBefore ? value.slice(0, -3) : value;
  const end = endOfDate(text);
  const dateText = text.slice(0, end);
  const date = readIsoDate(dateText, isBefore) ?? (order === "iso" || isBefore ? null : readWrittenDate(dateText, order));
  if (date === null) return null;
  if (end === text.length)
    return { day: date.day, second: null, hasSeconds: false, fraction: "", offset: 0, write: (day) => date.write(day) };
  const time = readTime(text.slice(end));
  if (time === null) return null;
  const { separator, second, hasSeconds, point, fraction, zone } = time;
  return {
    day: date.day,
    second,
    hasSeconds,
    fraction,
    offset: offsetOf(zone),
    write: (day, at = second, digits = fraction) => {
      const minutes = Math.floor(at / 60);
      const clock = `${separator}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
      return join(
        date.write(day),
        hasSeconds ? `${clock}:${two(at % 60)}${digits === "" ? "" : point + digits}${zone}` : clock + zone,
      );
    },
  };
}

function endOfDate(text: string): number {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === 0x20 || code === 0x54) return index;
  }
  return text.length;
}

interface WrittenTime {
  readonly separator: string;
  readonly second: number;
  readonly hasSeconds: boolean;
  /** What parts the fraction from the seconds. */
  readonly point: string;
  readonly fraction: string;
  readonly zone: string;
}

const COLON = 0x3a;

function readTime(text: string): WrittenTime | null {
  // ` 12:30:00`: the form of nearly all times, read without a regular expression.
  if (text.length === 9 && text.charCodeAt(3) === COLON && text.charCodeAt(6) === COLON) {
    const [hours, minutes, seconds] = [digits(text, 1, 3), digits(text, 4, 6), digits(text, 7, 9)];
    if (hours < 0 || minutes < 0 || seconds < 0) return null;
    return timeOf(text[0]!, hours, minutes, seconds, ".", "", "");
  }
  const found = TIME.exec(text);
  if (found === null) return null;
  const [, separator, hours, minutes, seconds, point = ".", fraction = "", zone] = found;
  return timeOf(
    separator!,
    Number(hours),
    Number(minutes),
    seconds === undefined ? null : Number(seconds),
    point,
    fraction,
    zone!,
  );
}

function timeOf(
  separator: string,
  hours: number,
  minutes: number,
  seconds: number | null,
  point: string,
  fraction: string,
  zone: string,
): WrittenTime | null {
  if (hours > 23 || minutes > 59 || (seconds ?? 0) > 59) return null;
  return { separator, second: hours * 3600 + minutes * 60 + (seconds ?? 0), hasSeconds: seconds !== null, point, fraction, zone };
}

/** Seconds that a zone is ahead of UTC: `+05:30`, `Z`, nothing. */
function offsetOf(zone: string): number {
  if (zone === "" || zone === "+00" || zone === "Z") return 0;
  const [, sign, hours, minutes = "0", seconds = "0"] = /([-+])(\d\d)(?::?(\d\d)(?::?(\d\d))?)?$/.exec(zone) ?? [];
  if (sign === undefined) return 0;
  const ahead = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  return sign === "-" ? -ahead : ahead;
}

/** Decimal digits of `text[from, to)` as a number, -1 where another character stands there. */
function digits(text: string, from: number, to: number): number {
  let number = 0;
  for (let index = from; index < to; index++) {
    const digit = text.charCodeAt(index) - 0x30;
    if (digit < 0 || digit > 9) return -1;
    number = number * 10 + digit;
  }
  return number;
}

/** PostgreSQL writes BC behind everything: behind the zone. */
function join(date: string | undefined, time: string): string | undefined {
  if (date === undefined) return undefined;
  return date.endsWith(" BC") ? `${date.slice(0, -3)}${time} BC` : date + time;
}

const two = (number: number): string => (number < 10 ? `0${number}` : String(number));

/** First and last day that PostgreSQL's date and timestamp types both hold. */
const FIRST_DAY = dayNumber(-4713, 11, 24);
const LAST_DAY = dayNumber(294_276, 12, 31);

function readIsoDate(text: string, isBefore: boolean): { readonly day: number; write(day: number): string | undefined } | null {
  const end = text.length - 6;
  if (end < 4 || end > 6 || text[end] !== "-" || text[end + 3] !== "-") return null;
  const [written, month, day] = [digits(text, 0, end), digits(text, end + 1, end + 3), digits(text, end + 4, end + 6)];
  const year = isBefore ? 1 - written : written;
  if (written < 1 || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return null;
  return { day: dayNumber(year, month, day), write: isoDate };
}

/** A day as databases write it, undefined beyond what they hold. */
export function isoDate(days: number): string | undefined {
  if (days < FIRST_DAY || days > LAST_DAY) return undefined;
  const { year, month, day } = dateOf(days);
  const shown = String(year < 1 ? 1 - year : year).padStart(4, "0");
  return `${shown}-${two(month)}-${two(day)}${year < 1 ? " BC" : ""}`;
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
