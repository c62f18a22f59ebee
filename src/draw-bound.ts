/** What a draw must stay below for a share of the rows in percent, as 16 hexadecimal digits of 64 bits; null where every draw does. */
export function drawBound(percent: number): string | null {
  if (percent >= 100) return null;
  // In parts of 10^-10 of a percent, so that 0.1 and 10 are what they say.
  const bound = (BigInt(Math.round(percent * 1e10)) << 64n) / 1_000_000_000_000n;
  return bound.toString(16).padStart(16, "0");
}
