import { dateOf, dayNumber, daysInMonth } from "./calendar.ts";

/** The order in which a text names day, month and year: `31.12.1980` is dmy, `12/31/1980` mdy, `1980/12/31` and `19801231` ymd. */
export const WRITTEN_ORDERS = ["dmy", "mdy", "ymd"] as const;
export type WrittenOrder = (typeof WRITTEN_ORDERS)[number];

const FIRST_DAY = dayNumber(1, 1, 1);
const LAST_DAY = dayNumber(9999, 12, 31);

interface WrittenDate {
  readonly day: number;
  /** The same text with another day in it. */
  write(day: number): string;
}

/** A date that people write, with what stands behind it; null where the text begins with none in this order. Years have four digits. */
export function readWrittenDate(value: string, order: WrittenOrder): WrittenDate | null {
  const found =
    order === "ymd"
      ? (/^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})((?:[ T].*)?)$/s.exec(value) ?? /^(\d{4})()(\d\d)(\d\d)((?:[ T].*)?)$/s.exec(value))
      : /^(\d{1,2})([-/. ])(\d{1,2})\2(\d{4})((?:[ T].*)?)$/s.exec(value);
  if (found === null) return null;
  const [, one, sign, two, three, rest] = found as unknown as readonly [string, string, string, string, string, string];
  const [yearText, monthText, dayText] =
    order === "ymd" ? [one, two, three] : order === "dmy" ? [three, two, one] : [three, one, two];
  const [year, month, date] = [Number(yearText), Number(monthText), Number(dayText)];
  if (year < 1 || month < 1 || month > 12 || date < 1 || date > daysInMonth(year, month)) return null;
  // `1.5.1980` stays without zeros, `01.05.1980` with them.
  const isPadded =
    sign === "" || [monthText, dayText].some((text) => text.startsWith("0")) || monthText.length + dayText.length === 4;
  const padded = (number: number) => String(number).padStart(isPadded ? 2 : 1, "0");
  return {
    day: dayNumber(year, month, date),
    write: (day) => {
      const moved = dateOf(day);
      const parts = { d: padded(moved.day), m: padded(moved.month), y: String(moved.year).padStart(4, "0") };
      return [...order].map((part) => parts[part as keyof typeof parts]).join(sign) + rest;
    },
  };
}

/** Moves it by so many days, or the other way where it would leave the years 1 to 9999. */
export function shiftWrittenDate(value: string, offset: number, order: WrittenOrder): string | undefined {
  const found = readWrittenDate(value, order);
  if (found === null) return undefined;
  const moved = found.day + offset;
  return found.write(moved < FIRST_DAY || moved > LAST_DAY ? found.day - offset : moved);
}

/** The order that nearly all of the texts are in; null where they are in none, in several alike, or in ISO's form, which needs no order. */
export function orderOfDates(values: readonly string[]): WrittenOrder | null {
  if (values.filter((value) => /^\d{4}-\d\d-\d\d/.test(value)).length > values.length / 2) return null;
  const counted = WRITTEN_ORDERS.map((order) => ({
    order,
    count: values.filter((value) => readWrittenDate(value, order) !== null).length,
  })).sort((one, other) => other.count - one.count);
  const [best, next] = [counted[0]!, counted[1]!];
  if (best.count < values.length * 0.8) return null;
  // 03/04/1980 is a date in both: somebody must know.
  return best.count === next.count ? null : best.order;
}
