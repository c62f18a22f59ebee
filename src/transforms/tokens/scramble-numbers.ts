import { type BitForm, HALF_WORDS, NUMBER_WORDS } from "../../keys/ff1-bits.ts";
import type { LetterColumn } from "./scramble-column.ts";
import { type LetterRun, rankAt, writeRank } from "./scramble-ranks.ts";

/** Most forms that a run of letters may have: 2^32 times as many stay exact. */
export const MOST_FORMS_OF_RUN = 2 ** 20;

/** Which words the numbers of a shape fill: one after the other from the lowest, with how many forms each. */
export interface WordLayout {
  readonly words: Int32Array;
  readonly forms: Float64Array;
  readonly inverses: Float64Array;
  /** How many of them the number of the runs up to each one fills. */
  readonly reach: Int32Array;
}

export function wordLayout({ u, v }: BitForm, runs: readonly LetterRun[]): WordLayout {
  const all = [...wordsOf(v, 0), ...wordsOf(u, HALF_WORDS)];
  let bits = 0;
  let held = all[0]!.bits;
  let count = 1;
  const reach = runs.map(({ forms }) => {
    bits += Math.log2(forms);
    // A hair early: the sum of rounded logarithms may lie under a product that is just above a power of two.
    while (bits > held - 1e-9 && count < all.length) held += all[count++]!.bits;
    return count;
  });
  const forms = Float64Array.from(all, ({ bits: own }) => 2 ** own);
  return {
    words: Int32Array.from(all, ({ index }) => index),
    forms,
    inverses: forms.map((some) => 1 / some),
    reach: Int32Array.from(reach),
  };
}

function wordsOf(bits: number, first: number): { index: number; bits: number }[] {
  return Array.from({ length: Math.ceil(bits / 32) }, (_, word) => ({
    index: first + word,
    bits: Math.min(32, bits - word * 32),
  }));
}

/** Rows of one shape, and the slot of the first among the numbers. */
export interface NumberRows {
  readonly rows: readonly number[];
  readonly runs: readonly LetterRun[];
  readonly layout: WordLayout;
  readonly from: number;
}

/** The letters of each row as one number: Horner's rule, from the first run. */
export function joinRuns(column: LetterColumn, { rows, runs, layout, from }: NumberRows, numbers: Uint32Array): void {
  const { words, forms, inverses, reach } = layout;
  for (let slot = 0; slot < rows.length; slot++) {
    const base = (from + slot) * NUMBER_WORDS;
    const first = column.firsts[rows[slot]!]!;
    for (let word = 0; word < NUMBER_WORDS; word++) numbers[base + word] = 0;
    for (let run = 0; run < runs.length; run++) {
      const factor = runs[run]!.forms;
      let carry = rankAt(column, first, runs[run]!);
      for (let word = 0; word < reach[run]!; word++) {
        const index = base + words[word]!;
        const grown = numbers[index]! * factor + carry;
        carry = Math.floor(grown * inverses[word]!);
        numbers[index] = grown - carry * forms[word]!;
      }
    }
  }
}

/** Writes the letters that the numbers stand for. The numbers are used up. */
export function splitRuns(column: LetterColumn, { rows, runs, layout, from }: NumberRows, numbers: Uint32Array): void {
  const { words, forms, reach } = layout;
  for (let slot = 0; slot < rows.length; slot++) {
    const base = (from + slot) * NUMBER_WORDS;
    const first = column.firsts[rows[slot]!]!;
    for (let run = runs.length - 1; run >= 0; run--) {
      const { forms: divisor, inverse } = runs[run]!;
      let rest = 0;
      for (let word = reach[run]! - 1; word >= 0; word--) {
        const index = base + words[word]!;
        const both = rest * forms[word]! + numbers[index]!;
        // The product is off by one at most, and seldom; a division would take three times as long.
        let quotient = Math.floor(both * inverse);
        rest = both - quotient * divisor;
        if (rest < 0) {
          quotient--;
          rest += divisor;
        } else if (rest >= divisor) {
          quotient++;
          rest -= divisor;
        }
        numbers[index] = quotient;
      }
      writeRank(column, first, runs[run]!, rest);
    }
  }
}
