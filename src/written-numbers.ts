/** A count as people read it: 12,345 */
export function amount(count: number): string {
  return Math.round(count).toLocaleString("en");
}

/** A count of things: 1 table · 12,345 rows */
export function counted(count: number, thing: string): string {
  return `${amount(count)} ${thing}${count === 1 ? "" : "s"}`;
}

/** Some of a count of things: 2 of the 3 values · all 3 values · the only value */
export function someOf(some: number, count: number, thing: string): string {
  if (some < count) return `${amount(some)} of the ${counted(count, thing)}`;
  return count === 1 ? `the only ${thing}` : `all ${counted(count, thing)}`;
}

/** A time as people read it: 340 ms · 4.2 s · 3 min 05 s · 2 h 03 min */
export function duration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${twoDigits(whole % 60)} s`;
  return `${Math.floor(whole / 3600)} h ${twoDigits(Math.floor((whole % 3600) / 60))} min`;
}

const twoDigits = (count: number): string => String(count).padStart(2, "0");
