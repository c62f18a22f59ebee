import { createBigPermutation, createPermutation } from "../../keys/permutation.ts";

const MAX_INT = 2n ** 31n - 1n;
const MAX_BIGINT = 2n ** 63n - 1n;
const MAX_UNSIGNED = 2n ** 64n - 1n;

/** Integers that are permuted among themselves: what fits the type of a key fits it afterwards. */
const CLASSES = [
  { first: 1n, last: MAX_INT },
  { first: MAX_INT + 1n, last: MAX_BIGINT },
  { first: MAX_BIGINT + 1n, last: MAX_UNSIGNED },
] as const;

const INTEGER = /^-?[1-9][0-9]*$/;
/** Characters of the longest number and its sign: anything longer is no key. */
const LONGEST = 21;

/** How many positive integers the smallest keys of a column with this maximum are permuted among. */
export function firstClassSize(max: bigint | undefined): number {
  return Number(max !== undefined && max < MAX_INT ? max : MAX_INT);
}

/**
 * A keyed bijection of integers written in decimal, up to `max`: 1 … 2^31-1 among themselves, larger ones up to 2^63-1 among themselves,
 * then the rest up to 2^64-1; the class that holds `max` ends there. Zero stays, a negative number mirrors its positive.
 *
 * Undefined for what is not an integer in plain form, or beyond `max`.
 */
export function createIntegerTokens(
  key: Uint8Array,
  max: bigint = MAX_BIGINT,
  direction: "forward" | "backward" = "forward",
): (values: readonly (string | null)[]) => (string | null | undefined)[] {
  const small = createPermutation(key, firstClassSize(max));
  const large = CLASSES.slice(1)
    .filter(({ first }) => first <= max)
    .map(({ first, last }) => {
      const end = last < max ? last : max;
      return { first, end, permutation: createBigPermutation(key, end - first + 1n) };
    });

  return (values) => {
    const masked = new Array<string | null | undefined>(values.length).fill(undefined);
    const ranks = new Float64Array(values.length);
    const rows = new Int32Array(values.length);
    const largeRows: number[] = [];
    let count = 0;
    for (let row = 0; row < values.length; row++) {
      const value = values[row]!;
      if (value === null || value === "" || value === "0") {
        masked[row] = value;
        continue;
      }
      if (value.length > LONGEST || !INTEGER.test(value)) continue;
      const size = Math.abs(Number(value));
      if (size <= small.size) {
        ranks[count] = size - 1;
        rows[count++] = row;
      } else largeRows.push(row);
    }
    const permuted = small[direction](ranks.subarray(0, count));
    for (let slot = 0; slot < count; slot++) {
      const row = rows[slot]!;
      const token = permuted[slot]! + 1;
      masked[row] = String(values[row]!.charCodeAt(0) === MINUS ? -token : token);
    }
    if (largeRows.length > 0) permuteLarge(values, largeRows, masked);
    return masked;
  };

  function permuteLarge(
    values: readonly (string | null)[],
    rows: readonly number[],
    masked: (string | null | undefined)[],
  ): void {
    const sizes = rows.map((row) => BigInt(values[row]!.replace("-", "")));
    for (const { first, end, permutation } of large) {
      const slots = [...sizes.keys()].filter((slot) => sizes[slot]! >= first && sizes[slot]! <= end);
      const permuted = permutation[`${direction}All`](slots.map((slot) => sizes[slot]! - first));
      for (const [index, slot] of slots.entries()) {
        const row = rows[slot]!;
        masked[row] = (values[row]!.charCodeAt(0) === MINUS ? "-" : "") + (permuted[index]! + first).toString();
      }
    }
  }
}

const MINUS = 0x2d;
