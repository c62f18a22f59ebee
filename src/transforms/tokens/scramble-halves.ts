import { type BitForm, HALF_WORDS, NUMBER_WORDS } from "../../keys/ff1-bits.ts";
import type { LetterColumn } from "./scramble-column.ts";
import { type LetterRun, rankAt, runsOf, writeRank } from "./scramble-ranks.ts";

/** Bits of the longest half: of everyday names, and 2^18 times as many numbers stay exact. */
const MOST_BITS = 35;
const EXACT_BITS = 53;
const WORD = 2 ** 32;

/** Most forms of a run whose place is a whole number of 32 bits. */
const MOST_OF_RUN = 2 ** 31;

/** How the letters of a short shape make a number in two halves. */
export interface HalfLayout {
  /** The first runs, one or two, whose number is exact by itself, and those behind them. */
  readonly head: readonly LetterRun[];
  readonly tails: readonly LetterRun[];
  /** How many numbers the right half has. */
  readonly forms: number;
}

/** Null where a half is too long. */
export function halfLayout({ v }: BitForm, classes: Uint8Array): HalfLayout | null {
  if (v > MOST_BITS) return null;
  const most = (index: number, before: number) => Math.min(MOST_OF_RUN, 2 ** EXACT_BITS / (index < 2 ? before : 2 ** v));
  const runs = runsOf(classes, most);
  return { head: runs.slice(0, 2), tails: runs.slice(2), forms: 2 ** v };
}

/** Rows of one short shape, and the slot of the first among the numbers. */
interface HalfRows {
  readonly rows: readonly number[];
  readonly from: number;
}

/** The letters of each row as one number, without a division but by powers of two. */
export function joinHalves(
  column: LetterColumn,
  { head, tails, forms }: HalfLayout,
  { rows, from }: HalfRows,
  numbers: Uint32Array,
): void {
  const [start, more] = head as [LetterRun, LetterRun | undefined];
  const inverse = 1 / forms;
  for (let slot = 0; slot < rows.length; slot++) {
    const first = column.firsts[rows[slot]!]!;
    let number = rankAt(column, first, start);
    if (more !== undefined) number = number * more.forms + rankAt(column, first, more);
    let left = Math.floor(number * inverse);
    let right = number - left * forms;
    for (let index = 0; index < tails.length; index++) {
      const tail = tails[index]!;
      const grown = right * tail.forms + rankAt(column, first, tail);
      const carry = Math.floor(grown * inverse);
      right = grown - carry * forms;
      left = left * tail.forms + carry;
    }
    const base = (from + slot) * NUMBER_WORDS;
    writeHalf(numbers, base, right);
    writeHalf(numbers, base + HALF_WORDS, left);
  }
}

/** Writes the letters that the numbers stand for. */
export function splitHalves(
  column: LetterColumn,
  { head, tails, forms }: HalfLayout,
  { rows, from }: HalfRows,
  numbers: Uint32Array,
): void {
  const [start, more] = head as [LetterRun, LetterRun | undefined];
  for (let slot = 0; slot < rows.length; slot++) {
    const first = column.firsts[rows[slot]!]!;
    const base = (from + slot) * NUMBER_WORDS;
    let right = numbers[base]! + numbers[base + 1]! * WORD;
    let left = numbers[base + HALF_WORDS]! + numbers[base + HALF_WORDS + 1]! * WORD;
    for (let index = tails.length - 1; index >= 0; index--) {
      const tail = tails[index]!;
      const quotient = quotientOf(left, tail);
      const both = (left - quotient * tail.forms) * forms + right;
      left = quotient;
      right = quotientOf(both, tail);
      writeRank(column, first, tail, both - right * tail.forms);
    }
    let number = left * forms + right;
    if (more !== undefined) {
      const rest = number;
      number = quotientOf(rest, more);
      writeRank(column, first, more, rest - number * more.forms);
    }
    writeRank(column, first, start, number);
  }
}

function writeHalf(numbers: Uint32Array, at: number, half: number): void {
  // The array takes what is left of a word, and no fraction.
  numbers[at] = half;
  numbers[at + 1] = half / WORD;
  numbers[at + 2] = 0;
}

/** The product is off by one at most, and seldom; a division would take three times as long. */
function quotientOf(number: number, { forms, inverse }: LetterRun): number {
  const quotient = Math.floor(number * inverse);
  const rest = number - quotient * forms;
  return rest < 0 ? quotient - 1 : rest >= forms ? quotient + 1 : quotient;
}
