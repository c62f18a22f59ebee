/** A time of day, with the space or T before it and the zone behind it. */
export interface WrittenTime {
  readonly separator: string;
  readonly second: number;
  /** Whether it writes seconds: 12:30 does not. */
  readonly hasSeconds: boolean;
  /** What parts the fraction from the seconds. */
  readonly point: string;
  readonly fraction: string;
  readonly zone: string;
}

const TIME = /^([ T])(\d\d):(\d\d)(?::(\d\d)(?:([.,])(\d+))?)?( ?(?:Z|[-+]\d\d(?::?\d\d(?::?\d\d)?)?)?)$/;
const COLON = 0x3a;

/** Reads what stands behind a date: ` 12:30:00.5+02`. null for anything else, were it a name. */
export function readTime(text: string): WrittenTime | null {
  // ` 12:30:00`: the form of nearly all times, read without a regular expression.
  if (text.length === 9 && text.charCodeAt(3) === COLON && text.charCodeAt(6) === COLON) {
    const separator = text[0]!;
    if (separator !== " " && separator !== "T") return null;
    const [hours, minutes, seconds] = [digits(text, 1, 3), digits(text, 4, 6), digits(text, 7, 9)];
    if (hours < 0 || minutes < 0 || seconds < 0) return null;
    return timeOf(separator, hours, minutes, seconds, ".", "", "");
  }
  const found = TIME.exec(text);
  if (found === null) return null;
  const [, separator, hours, minutes, seconds, point = ".", fraction = "", zone] = found;
  const read = seconds === undefined ? null : Number(seconds);
  return timeOf(separator!, Number(hours), Number(minutes), read, point, fraction, zone!);
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
  if (hours > 24 || minutes > 59 || (seconds ?? 0) > 59) return null;
  const second = hours * 3600 + minutes * 60 + (seconds ?? 0);
  // 24:00:00 is the end of its day.
  if (second > 86_400 || (second === 86_400 && /[1-9]/.test(fraction))) return null;
  return { separator, second, hasSeconds: seconds !== null, point, fraction, zone };
}

/** The same time at another second of the day, with other digits behind it. */
export function writeTime({ separator, hasSeconds, point, zone }: WrittenTime, second: number, fraction: string): string {
  const minutes = Math.floor(second / 60);
  const clock = `${separator}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
  return hasSeconds ? `${clock}:${two(second % 60)}${fraction === "" ? "" : point + fraction}${zone}` : clock + zone;
}

/** Seconds that a zone is ahead of UTC: `+05:30`, `Z`, nothing. */
export function secondsAhead(zone: string): number {
  if (zone === "" || zone === "+00" || zone === "Z") return 0;
  const [, sign, hours, minutes = "0", seconds = "0"] = /([-+])(\d\d)(?::?(\d\d)(?::?(\d\d))?)?$/.exec(zone) ?? [];
  if (sign === undefined) return 0;
  const ahead = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  return sign === "-" ? -ahead : ahead;
}

/** Decimal digits of `text[from, to)` as a number, -1 where another character stands there. */
export function digits(text: string, from: number, to: number): number {
  let number = 0;
  for (let index = from; index < to; index++) {
    const digit = text.charCodeAt(index) - 0x30;
    if (digit < 0 || digit > 9) return -1;
    number = number * 10 + digit;
  }
  return number;
}

export const two = (number: number): string => (number < 10 ? `0${number}` : String(number));
