import { luhnDigit } from "./luhn.ts";

const ZERO = 0x30;

/** The digits from `from` on, each times its weight, added. */
export function weighted(text: string, weights: readonly number[], from = 0): number {
  let sum = 0;
  for (let index = 0; index < weights.length; index++) sum += (text.charCodeAt(from + index) - ZERO) * weights[index]!;
  return sum;
}

/** A `complete` that writes the last characters of a text, worked out of those before. */
export function ending(width: number, endOf: (before: string) => string | number | null): (text: string) => string | null {
  return (text) => {
    const before = text.slice(0, text.length - width);
    const end = endOf(before);
    return end === null ? null : before + String(end).padStart(width, "0");
  };
}

/** A weighted sum and what its remainder says. */
export function weightedEnding(
  weights: readonly number[],
  modulus: number,
  digitOf: (remainder: number) => string | number | null,
): (text: string) => string | null {
  return ending(1, (before) => digitOf(weighted(before, weights) % modulus));
}

/** 11 less the remainder; 10 is no digit, so there is no such number. */
export const elevenLess = (remainder: number): number | null => (remainder === 1 ? null : (11 - remainder) % 11);
/** A remainder of 10 is no digit. */
export const belowTen = (remainder: number): number | null => (remainder === 10 ? null : remainder);
/** A remainder of 10 counts as 0. */
export const tenIsZero = (remainder: number): number => remainder % 10;
export const tenLess = (remainder: number): number => (10 - remainder) % 10;

export const luhnEnding = ending(1, (before) => luhnDigit(before, ""));

/** ISO/IEC 7064, MOD 11,10. */
export function mod11And10(before: string): number {
  let product = 10;
  for (let index = 0; index < before.length; index++) {
    const sum = (before.charCodeAt(index) - ZERO + product) % 10 || 10;
    product = (sum * 2) % 11;
  }
  return (11 - product) % 10;
}

/** The remainder of a number of any length. */
export function remainder(digits: string, modulus: number): number {
  let rest = 0;
  // Nine digits at a time stay exact for a modulus below 10^6.
  for (let at = 0; at < digits.length; at += 9) {
    const part = digits.slice(at, at + 9);
    rest = (rest * 10 ** part.length + Number(part)) % modulus;
  }
  return rest;
}

const MULTIPLIED = [
  "0123456789",
  "1234067895",
  "2340178956",
  "3401289567",
  "4012395678",
  "5987604321",
  "6598710432",
  "7659821043",
  "8765932104",
  "9876543210",
].map((row) => [...row].map(Number));
const PERMUTED = [
  "0123456789",
  "1576283094",
  "5803796142",
  "8916043527",
  "9453126870",
  "4286573901",
  "2793806415",
  "7046913258",
].map((row) => [...row].map(Number));
const INVERSE = [..."0432156789"].map(Number);

/** Verhoeff's check digit (dihedral group D5). */
export function verhoeffDigit(before: string): number {
  let state = 0;
  for (let index = 0; index < before.length; index++) {
    const digit = before.charCodeAt(before.length - 1 - index) - ZERO;
    state = MULTIPLIED[state]![PERMUTED[(index + 1) % 8]![digit]!]!;
  }
  return INVERSE[state]!;
}
