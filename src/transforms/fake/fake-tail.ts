/** Characters of a tail: no two that look alike. */
const ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789";

/** Every two characters: one look-up gives ten bits. */
const PAIRS = [...ALPHABET].flatMap((one) => [...ALPHABET].map((other) => one + other));

/** How many characters `keyedTail` has. */
export const TAIL_LENGTH = 13;

/** How many keyed bits `keyedTail` carries. */
export const TAIL_BITS = 64;

/** Writes two 32-bit words as 13 characters, one to one: what makes a fake unique. */
export function keyedTail(high: number, low: number): string {
  return (
    PAIRS[high >>> 22]! +
    PAIRS[(high >>> 12) & 1023]! +
    PAIRS[(high >>> 2) & 1023]! +
    PAIRS[((high & 3) << 8) | (low >>> 24)]! +
    PAIRS[(low >>> 14) & 1023]! +
    PAIRS[(low >>> 4) & 1023]! +
    ALPHABET[low & 15]!
  );
}
