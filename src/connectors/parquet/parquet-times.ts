import type { TimeUnit } from "hyparquet";

/** Ticks of a second. */
export const TICKS: Readonly<Record<TimeUnit, bigint>> = { MILLIS: 1_000n, MICROS: 1_000_000n, NANOS: 1_000_000_000n };

const DAY_SECONDS = 86_400n;

export function dateText(days: number): string {
  const date = new Date(days * 86_400_000);
  const year = date.getUTCFullYear();
  const digits = String(Math.abs(year)).padStart(4, "0");
  return `${year < 0 ? "-" : ""}${digits}-${two(date.getUTCMonth() + 1)}-${two(date.getUTCDate())}`;
}

/** Days from 1970, undefined for what is no date. */
export function daysOf(text: string): number | undefined {
  const [whole, year, month, day] = /^(-?\d{4,6})-(\d\d)-(\d\d)$/.exec(text) ?? [];
  if (whole === undefined) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  const isSame = date.getUTCMonth() + 1 === Number(month) && date.getUTCDate() === Number(day);
  return isSame ? date.getTime() / 86_400_000 : undefined;
}

/** `23:59:59.5`, with as many digits as are not zero. */
export function timeText(ticks: bigint, unit: TimeUnit): string {
  const perSecond = TICKS[unit];
  const seconds = Number(ticks / perSecond);
  const fraction = String(ticks % perSecond)
    .padStart(String(perSecond).length - 1, "0")
    .replace(/0+$/, "");
  const clock = `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return fraction === "" ? clock : `${clock}.${fraction}`;
}

/** Ticks since midnight, undefined for what is no time, or one of smaller ticks. */
export function ticksOfTime(text: string, unit: TimeUnit): bigint | undefined {
  const [whole, hours, minutes, seconds = "0", fraction = ""] = /^(\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?$/.exec(text) ?? [];
  if (whole === undefined || Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) return undefined;
  const digits = String(TICKS[unit]).length - 1;
  const ticks = fraction.replace(/0+$/, "");
  if (ticks.length > digits) return undefined;
  const clock = BigInt(hours!) * 3600n + BigInt(minutes!) * 60n + BigInt(seconds);
  return clock * TICKS[unit] + BigInt(ticks.padEnd(digits, "0") || "0");
}

/** As PostgreSQL writes them: `2020-02-28 23:59:59.5`, and with `+00` behind it where it is an instant. */
export function timestampText(ticks: bigint, unit: TimeUnit, isUtc: boolean): string {
  const perDay = DAY_SECONDS * TICKS[unit];
  const days = ticks >= 0n ? ticks / perDay : -((-ticks + perDay - 1n) / perDay);
  return `${dateText(Number(days))} ${timeText(ticks - days * perDay, unit)}${isUtc ? "+00" : ""}`;
}

/** Undefined for what is no timestamp, or one of smaller ticks. A zone is taken into account where the column holds instants, and refused where not. */
export function ticksOfTimestamp(text: string, unit: TimeUnit, isUtc: boolean): bigint | undefined {
  const [whole, date, time = "00:00:00", zone] =
    /^(-?\d{4,6}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?))? ?(Z|[-+]\d\d(?::?\d\d)?)?$/.exec(text) ?? [];
  if (whole === undefined || (zone !== undefined && !isUtc)) return undefined;
  const days = daysOf(date!);
  const ticks = ticksOfTime(time, unit);
  if (days === undefined || ticks === undefined) return undefined;
  return BigInt(days) * DAY_SECONDS * TICKS[unit] + ticks - offsetSeconds(zone) * TICKS[unit];
}

function offsetSeconds(zone: string | undefined): bigint {
  if (zone === undefined || zone === "Z") return 0n;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3).replace(":", "") || "0");
  return BigInt((zone[0] === "-" ? -minutes : minutes) * 60);
}

const two = (number: number): string => String(number).padStart(2, "0");
