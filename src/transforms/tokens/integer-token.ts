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

const LARGE_INTEGER = /^-?[1-9][0-9]{9,19}$/;

/** How many positive integers the smallest keys of a column with this maximum are permuted among. */
export function firstClassSize(max: bigint | undefined): number {
  return Number(max !== undefined && max < MAX_INT ? max : MAX_INT);
}

/**
 * A keyed bijection of integers written in decimal, up to `max`: 1 … 2^31-1 among themselves, larger ones up to 2^63-1 among themselves,
 * then the rest up to 2^64-1; the class that holds `max` ends there. Zero stays, a negative number mirrors its positive.
 *
 * Undefined for what is not an integer in plain form, or beyond `max`. `canonical` gives plain form to what comes in another.
 */
export function createIntegerTokens(
  key: Uint8Array,
  max: bigint = MAX_BIGINT,
  direction: "forward" | "backward" = "forward",
  canonical: (value: string) => string = (value) => value,
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
    const negative = new Uint8Array(values.length);
    const largeRows: number[] = [];
    const largeTexts: string[] = [];
    let count = 0;
    for (let row = 0; row < values.length; row++) {
      const value = values[row]!;
      if (value === null || value === "") {
        masked[row] = value;
        continue;
      }
      let text = value;
      let size = smallInteger(text);
      if (size < 0) {
        text = canonical(value);
        size = smallInteger(text);
      }
      if (size === 0) masked[row] = text;
      else if (size > 0 && size <= small.size) {
        ranks[count] = size - 1;
        negative[count] = text.charCodeAt(0) === MINUS ? 1 : 0;
        rows[count++] = row;
      } else if (LARGE_INTEGER.test(text)) {
        largeRows.push(row);
        largeTexts.push(text);
      }
    }
    const permuted = small[direction](ranks.subarray(0, count));
    const { text, starts } = writeIntegers(permuted, negative);
    for (let slot = 0; slot < count; slot++) masked[rows[slot]!] = text.slice(starts[slot], (slot + 1) * CELL);
    if (largeRows.length > 0) permuteLarge(largeTexts, largeRows, masked);
    return masked;
  };

  function permuteLarge(texts: readonly string[], rows: readonly number[], masked: (string | null | undefined)[]): void {
    const sizes = texts.map((text) => BigInt(text.replace("-", "")));
    for (const { first, end, permutation } of large) {
      const slots = [...sizes.keys()].filter((slot) => sizes[slot]! >= first && sizes[slot]! <= end);
      const permuted = permutation[`${direction}All`](slots.map((slot) => sizes[slot]! - first));
      for (const [index, slot] of slots.entries()) {
        masked[rows[slot]!] = (texts[slot]!.charCodeAt(0) === MINUS ? "-" : "") + (permuted[index]! + first).toString();
      }
    }
  }
}

const MINUS = 0x2d;
const ZERO = 0x30;

/** The magnitude of an integer in plain form of at most ten digits, -1 for any other text. */
function smallInteger(value: string): number {
  const { length } = value;
  const first = value.charCodeAt(0) === MINUS ? 1 : 0;
  if (length === first || length > first + 10) return -1;
  let number = 0;
  for (let index = first; index < length; index++) {
    const digit = value.charCodeAt(index) - ZERO;
    if (digit < 0 || digit > 9 || (number === 0 && index > first)) return -1;
    number = number * 10 + digit;
  }
  return number === 0 && first === 1 ? -1 : number;
}

/** Characters of the longest number of the smallest class. */
const CELL = 11;

/** Numbers one above each rank, at the end of a cell each: cutting one text costs half of writing each number by itself. */
function writeIntegers(ranks: Float64Array, negative: Uint8Array): { readonly text: string; readonly starts: Int32Array } {
  const bytes = Buffer.alloc(ranks.length * CELL);
  const starts = new Int32Array(ranks.length);
  for (let slot = 0; slot < ranks.length; slot++) {
    let at = (slot + 1) * CELL;
    let rest = (ranks[slot]! + 1) | 0;
    do {
      const shorter = (rest / 10) | 0;
      bytes[--at] = ZERO + rest - shorter * 10;
      rest = shorter;
    } while (rest > 0);
    if (negative[slot] === 1) bytes[--at] = MINUS;
    starts[slot] = at;
  }
  return { text: bytes.toString("latin1"), starts };
}
