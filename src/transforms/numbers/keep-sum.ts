import { type Decimal, formatDecimal, parseDecimal } from "./decimal-text.ts";
import { compareDecimals, floorDivide, type NumberLimits, toDecimals } from "./number-column.ts";

/**
 * Moves noisy numbers once more, each by about as much, so that together they are again what the originals are together. A number keeps its sign, is not
 * turned into 0, and stays within `limitsAt`; what none of them can take is left over, so the sum is exact where there is room and else nearer than it was.
 */
export function keepSum(
  originals: readonly string[],
  noisy: readonly string[],
  limitsAt: (decimals: number) => NumberLimits,
): readonly string[] {
  const before = originals.map((text) => parseDecimal(text)!);
  const after = noisy.map((text) => parseDecimal(text)!);
  const decimals = Math.max(0, ...after.map((number) => number.decimals));
  let missing = sumOf(before, decimals) - sumOf(after, decimals);
  // Numbers with fewer decimals first: the finest take the rest.
  const order = after.map((_, index) => index).sort((one, other) => after[one]!.decimals - after[other]!.decimals);
  const moved = [...after];
  // What one number cannot take is offered to the others again.
  for (let round = 0; round < ROUNDS && missing !== 0n; round++) {
    for (const [place, index] of order.entries()) {
      const number = moved[index]!;
      const unit = 10n ** BigInt(decimals - number.decimals);
      const share = floorDivide(missing, BigInt(order.length - place) * unit);
      const scaled = within(number.scaled + share, number, limitsAt(number.decimals));
      missing -= (scaled - number.scaled) * unit;
      moved[index] = { scaled, decimals: number.decimals };
    }
  }
  return moved.map((number, index) => (compareDecimals(number, after[index]!) === 0 ? noisy[index]! : formatDecimal(number)));
}

const ROUNDS = 8;

function sumOf(numbers: readonly Decimal[], decimals: number): bigint {
  return numbers.reduce((sum, number) => sum + toDecimals(number, decimals), 0n);
}

function within(scaled: bigint, { scaled: was }: Decimal, { least, most }: NumberLimits): bigint {
  let result = scaled;
  if (was > 0n && result < 1n) result = 1n;
  if (was < 0n && result > -1n) result = -1n;
  if (most !== null && result > most) result = most;
  if (least !== null && result < least) result = least;
  return result;
}
