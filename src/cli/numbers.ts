/** A count as people read it: 12,345 */
export function amount(count: number): string {
  return Math.round(count).toLocaleString("en");
}

/** A time as people read it: 340 ms · 4.2 s · 3 min 05 s */
export function duration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${String(Math.floor(seconds % 60)).padStart(2, "0")} s`;
}
