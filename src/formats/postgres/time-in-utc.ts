const ZONED = /^(\d{4,})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)((?:\.\d+)?)([+-])(\d\d)(?::(\d\d))?(?::(\d\d))?( BC)?$/;
const DAY_SECONDS = 86_400;
const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** A time with zone, in the ISO style of any session's zone, as a session in UTC writes it: `2024-01-01 00:30:00+02` as `2023-12-31 22:30:00+00`. */
export function timeInUtc(text: string): string {
  if (text.endsWith("+00")) return text;
  const found = ZONED.exec(text);
  if (found === null) return text;
  const [, years, months, days, hours, minutes, seconds, fraction, sign, ...rest] = found;
  const [zoneHours, zoneMinutes = 0, zoneSeconds = 0] = rest.slice(0, 3);
  const zone = Number(zoneHours) * 3600 + Number(zoneMinutes) * 60 + Number(zoneSeconds);
  const local = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  const utc = sign === "-" ? local + zone : local - zone;
  const passed = Math.floor(utc / DAY_SECONDS);
  const time = utc - passed * DAY_SECONDS;
  // The year before 1 is 1 BC.
  const year = rest[3] === undefined ? Number(years) : 1 - Number(years);
  const clock = [Math.floor(time / 3600), Math.floor(time / 60) % 60, time % 60].map((part) => padded(part, 2)).join(":");
  return dateText(...moved(year, Number(months), Number(days), passed), `${clock}${fraction}+00`);
}

/** The date `by` days on, which is one at most, either way. */
function moved(year: number, month: number, day: number, by: number): [year: number, month: number, day: number] {
  const next = day + by;
  if (next < 1) return month === 1 ? [year - 1, 12, 31] : [year, month - 1, daysIn(year, month - 1)];
  if (next > daysIn(year, month)) return month === 12 ? [year + 1, 1, 1] : [year, month + 1, 1];
  return [year, month, next];
}

function daysIn(year: number, month: number): number {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return MONTH_DAYS[month - 1]! + (month === 2 && isLeap ? 1 : 0);
}

function dateText(year: number, month: number, day: number, time: string): string {
  const isBefore = year < 1;
  return `${padded(isBefore ? 1 - year : year, 4)}-${padded(month, 2)}-${padded(day, 2)} ${time}${isBefore ? " BC" : ""}`;
}

const padded = (part: number, length: number): string => String(part).padStart(length, "0");
