/** A decimal with more digits than a double tells apart: `units` / 10^`scale`. */
export class ExactDecimal {
  readonly units: bigint;
  readonly scale: number;

  constructor(units: bigint, scale: number) {
    this.units = units;
    this.scale = scale;
  }

  toString(): string {
    const digits = String(this.units < 0n ? -this.units : this.units).padStart(this.scale + 1, "0");
    const whole = digits.slice(0, digits.length - this.scale);
    return `${this.units < 0n ? "-" : ""}${whole}${this.scale === 0 ? "" : `.${digits.slice(-this.scale)}`}`;
  }
}

/** A number in a condition. A double stands for one that is written in few digits: it tells those apart. */
export type SqlNumber = number | bigint | ExactDecimal;

/** Digits that a double tells apart, however they stand. */
const FEW_DIGITS = 15;
const WRITTEN = /^\s*([-+]?)(\d*)(?:\.(\d*))?(?:[eE]([-+]?\d+))?\s*$/;
/** More zeros belong to no column. */
const MOST_ZEROS = 1_000;

/** A text as the number that it writes; one that a double would round stays what is written. */
export function exactNumber(text: string): SqlNumber | undefined {
  const number = numberOf(text);
  if (number === undefined || text.length <= FEW_DIGITS) return number;
  if (/^\s*-?\d+\s*$/.test(text)) return Math.abs(number) <= Number.MAX_SAFE_INTEGER ? number : BigInt(text);
  const digits = text
    .replace(/[eE].*$/s, "")
    .replace(/\D/g, "")
    .replace(/^0+/, "");
  return digits.length <= FEW_DIGITS ? number : (writtenDecimal(text) ?? number);
}

/** The double that is nearest to what a text writes; undefined where it is no number. */
export function numberOf(text: string): number | undefined {
  const number = Number(text);
  if (Number.isNaN(number) || (number === 0 && text.trim() === "")) return undefined;
  // JavaScript reads 0x10, 0b10 and 0o10 too.
  return /^\s*0[a-z]/i.test(text) ? undefined : number;
}

/** Below zero where the first is the lower one, zero where they are equal. */
export function compareNumbers(one: SqlNumber, other: SqlNumber): number {
  const aligned = isExact(one) || isExact(other) ? align(one, other) : null;
  const [left, right] = aligned ?? [one, other].map((side) => (isExact(side) ? Number(side) : side));
  return left! < right! ? -1 : left! > right! ? 1 : 0;
}

/** +, -, * and % of numbers of which one is exact. Undefined for others, and where nobody knows. */
export function calculateExactly(operator: string, one: SqlNumber, other: SqlNumber): SqlNumber | undefined {
  const aligned = align(one, other);
  if (aligned === null) return undefined;
  const [left, right, scale] = aligned;
  if (operator === "+") return new ExactDecimal(left + right, scale);
  if (operator === "-") return new ExactDecimal(left - right, scale);
  if (operator === "*") return new ExactDecimal(left * right, 2 * scale);
  return operator === "%" && right !== 0n ? new ExactDecimal(left % right, scale) : undefined;
}

export const isExact = (value: unknown): value is ExactDecimal | bigint =>
  value instanceof ExactDecimal || typeof value === "bigint";

/** Both in units of one scale; null where one is endless. */
function align(one: SqlNumber, other: SqlNumber): readonly [bigint, bigint, scale: number] | null {
  const [left, right] = [decimalOf(one), decimalOf(other)];
  if (left === null || right === null) return null;
  const scale = Math.max(left.scale, right.scale);
  return [left.units * 10n ** BigInt(scale - left.scale), right.units * 10n ** BigInt(scale - right.scale), scale];
}

function decimalOf(number: SqlNumber): ExactDecimal | null {
  if (number instanceof ExactDecimal) return number;
  return typeof number === "bigint" ? new ExactDecimal(number, 0) : writtenDecimal(String(number));
}

function writtenDecimal(text: string): ExactDecimal | null {
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = WRITTEN.exec(text) ?? [];
  const scale = fraction.length - Number(exponent);
  if (whole + fraction === "" || Math.abs(Number(exponent)) > MOST_ZEROS) return null;
  const units = BigInt(`${whole}${fraction}`) * (sign === "-" ? -1n : 1n);
  return scale >= 0 ? new ExactDecimal(units, scale) : new ExactDecimal(units * 10n ** BigInt(-scale), 0);
}
