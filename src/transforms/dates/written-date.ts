import { dateOf, dayNumber, daysInMonth } from "./calendar.ts";
import { digits, two } from "./written-time.ts";

/** The order in which a text names day, month and year: `31.12.1980` is dmy, `12/31/1980` mdy, `1980/12/31` and `19801231` ymd. */
export const WRITTEN_ORDERS = ["dmy", "mdy", "ymd"] as const;
export type WrittenOrder = (typeof WRITTEN_ORDERS)[number];

export const FIRST_FOUR_DIGIT_DAY = dayNumber(1, 1, 1);
export const LAST_FOUR_DIGIT_DAY = dayNumber(9999, 12, 31);

/** First and last day that PostgreSQL's date and timestamp types both hold. */
const FIRST_DAY = dayNumber(-4713, 11, 24);
const LAST_DAY = dayNumber(294_276, 12, 31);

export interface WrittenDate {
  /** Days from 1970-01-01. */
  readonly day: number;
  /** The same text with another day in it; undefined for a year that it cannot write. */
  write(day: number): string | undefined;
}

/** A date as databases write it: `1987-03-14`, and `0044-03-15`, of which `isBefore` says that it is before Christ. */
export function readIsoDate(text: string, isBefore: boolean): WrittenDate | null {
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
  const shown = year > 999 ? String(year) : String(year < 1 ? 1 - year : year).padStart(4, "0");
  return `${shown}-${two(month)}-${two(day)}${year < 1 ? " BC" : ""}`;
}

/** A date that people write; null where the text is none in this order. Years have four digits. */
export function readWrittenDate(text: string, order: WrittenOrder): WrittenDate | null {
  const found =
    order === "ymd"
      ? (/^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})$/.exec(text) ?? /^(\d{4})()(\d\d)(\d\d)$/.exec(text))
      : /^(\d{1,2})([-/. ])(\d{1,2})\2(\d{4})$/.exec(text);
  if (found === null) return null;
  const [, one, sign, second, three] = found as unknown as readonly [string, string, string, string, string];
  const [yearText, monthText, dayText] =
    order === "ymd" ? [one, second, three] : order === "dmy" ? [three, second, one] : [three, one, second];
  const [year, month, date] = [Number(yearText), Number(monthText), Number(dayText)];
  if (year < 1 || month < 1 || month > 12 || date < 1 || date > daysInMonth(year, month)) return null;
  // `1.5.1980` stays without zeros, `01.05.1980` with them.
  const isPadded =
    sign === "" || [monthText, dayText].some((part) => part.startsWith("0")) || monthText.length + dayText.length === 4;
  const padded = (number: number) => String(number).padStart(isPadded ? 2 : 1, "0");
  return {
    day: dayNumber(year, month, date),
    write: (day) => {
      if (day < FIRST_FOUR_DIGIT_DAY || day > LAST_FOUR_DIGIT_DAY) return undefined;
      const moved = dateOf(day);
      const parts = { d: padded(moved.day), m: padded(moved.month), y: String(moved.year).padStart(4, "0") };
      return [...order].map((part) => parts[part as keyof typeof parts]).join(sign);
    },
  };
}

/** Where the date that a text begins with ends, and its time of day may begin. */
export function endOfDate(text: string, order: "iso" | WrittenOrder): number {
  const spaced = order === "dmy" || order === "mdy" ? /^\d{1,2} \d{1,2} \d{4}/.exec(text) : null;
  if (spaced !== null) return spaced[0].length;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === 0x20 || code === 0x54) return index;
  }
  return text.length;
}

/** The order that nearly all of the texts are in; null where they are in none, in several alike, or in ISO's form, which needs no order. */
export function orderOfDates(values: readonly string[]): WrittenOrder | null {
  if (values.filter((value) => /^\d{4}-\d\d-\d\d/.test(value)).length > values.length / 2) return null;
  const counted = WRITTEN_ORDERS.map((order) => ({
    order,
    count: values.filter((value) => readWrittenDate(value.slice(0, endOfDate(value, order)), order) !== null).length,
  })).sort((one, other) => other.count - one.count);
  const [best, next] = [counted[0]!, counted[1]!];
  if (best.count < values.length * 0.8) return null;
  // 03/04/1980 is a date in both: somebody must know.
  return best.count === next.count ? null : best.order;
}
