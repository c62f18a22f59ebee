import type { FixedPoints } from "../contracts.ts";
import { choice, json, type OptionSpec } from "../option-spec.ts";
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

const TIME = /^([ T])(\d\d):(\d\d)(?::(\d\d)(?:([.,])(\d+))?)?( ?(?:Z|([-+])(\d\d)(?::?(\d\d)(?::?(\d\d))?)?)?)$/;

/** Reads what databases write (`1987-03-14 12:30:00.5+02`, `0044-03-15 BC`), and the dates of `order` where there is one. null for anything else. */
export function readInstant(value: string, order: "iso" | WrittenOrder = "iso"): WrittenInstant | null {
  const isBefore = value.endsWith(" BC");
  const text = isBefore ? value.slice(0, -3) : value;
  const end = text.search(/[ T]/);
  const dateText = end < 0 ? text : text.slice(0, end);
  const date = readIsoDate(dateText, isBefore) ?? (order === "iso" || isBefore ? null : readWrittenDate(dateText, order));
  if (date === null) return null;
  if (end < 0)
    return { day: date.day, second: null, hasSeconds: false, fraction: "", offset: 0, write: (day) => date.write(day) };
  const time = TIME.exec(text.slice(end));
  if (time === null) return null;
  const [
    ,
    separator,
    hours,
    minutes,
    seconds,
    point = ".",
    fraction = "",
    zone,
    sign,
    zoneHours,
    zoneMinutes = "0",
    zoneSeconds = "0",
  ] = time;
  if (Number(hours) > 23 || Number(minutes) > 59 || Number(seconds ?? 0) > 59) return null;
  const second = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds ?? 0);
  const ahead = sign === undefined ? 0 : Number(zoneHours) * 3600 + Number(zoneMinutes) * 60 + Number(zoneSeconds);
  return {
    day: date.day,
    second,
    hasSeconds: seconds !== undefined,
    fraction,
    offset: sign === "-" ? -ahead : ahead,
    write: (day, at = second, digits = fraction) => {
      const clock = `${two(Math.floor(at / 3600))}:${two(Math.floor(at / 60) % 60)}`;
      const rest = seconds === undefined ? "" : `:${two(at % 60)}${digits === "" ? "" : point + digits}`;
      return join(date.write(day), `${separator}${clock}${rest}${zone}`);
    },
  };
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
  const found = /^(\d{4,6})-(\d\d)-(\d\d)$/.exec(text);
  if (found === null) return null;
  const [written, month, day] = [Number(found[1]), Number(found[2]), Number(found[3])];
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
