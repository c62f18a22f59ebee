/** The check digit of ISBN-10, of which X is one: its sum is that of several countries' numbers. */
export function isBookNumber(value: string): boolean {
  const signs = value.replace(/[ -]/g, "");
  if (!/^\d{9}[\dX]$/.test(signs)) return false;
  return [...signs].reduce((sum, sign, at) => sum + (10 - at) * (sign === "X" ? 10 : Number(sign)), 0) % 11 === 0;
}
