import type { WideNumbers } from "../../keys/ff1-rounds.ts";
import { CLASS_OF, CODES, FIRST_OF, PLACE_OF, SIZE_OF } from "./letter-classes.ts";
import type { UnitColumn } from "./scramble-column.ts";

/** Letters that are ranked together: a limb below 2^35 times their number of forms stays exact. */
const MOST_FORMS = 2 ** 18;

/** Letters side by side, and how many forms they have together. */
export interface LetterRun {
  readonly letters: number;
  readonly forms: number;
}

/** The letters of a shape in runs, the first ones first. */
export function runsOf(classes: Uint8Array): LetterRun[] {
  const runs: LetterRun[] = [];
  let [letters, forms] = [0, 1];
  for (const found of classes) {
    if (forms * SIZE_OF[found]! > MOST_FORMS) {
      runs.push({ letters, forms });
      [letters, forms] = [0, 1];
    }
    letters++;
    forms *= SIZE_OF[found]!;
  }
  return [...runs, { letters, forms }];
}

/** The place of each run of each value among the forms of the run: an array for each run. */
export function readRuns({ units, starts }: UnitColumn, rows: readonly number[], runs: readonly LetterRun[]): Float64Array[] {
  const ranks = runs.map(() => new Float64Array(rows.length));
  for (let slot = 0; slot < rows.length; slot++) {
    let index = starts[rows[slot]!]!;
    for (let run = 0; run < runs.length; run++) {
      let rank = 0;
      for (let left = runs[run]!.letters; left > 0; index++) {
        const code = units[index]!;
        const found = CLASS_OF[code]!;
        if (found < 0) continue;
        rank = rank * SIZE_OF[found]! + PLACE_OF[code]!;
        left--;
      }
      ranks[run]![slot] = rank;
    }
  }
  return ranks;
}

/** Writes the letters of these places where the old ones stand. */
export function writeRuns(
  { units, starts }: UnitColumn,
  rows: readonly number[],
  runs: readonly LetterRun[],
  ranks: readonly Float64Array[],
): void {
  for (let slot = 0; slot < rows.length; slot++) {
    let index = starts[rows[slot]! + 1]! - 1;
    for (let run = runs.length - 1; run >= 0; run--) {
      let rank = ranks[run]![slot]! | 0;
      for (let left = runs[run]!.letters; left > 0; index--) {
        const found = CLASS_OF[units[index]!]!;
        if (found < 0) continue;
        const size = SIZE_OF[found]!;
        const shorter = (rank / size) | 0;
        units[index] = CODES[FIRST_OF[found]! + rank - shorter * size]!;
        rank = shorter;
        left--;
      }
    }
  }
}

/** All runs of a value as one number: Horner's rule, from the first run, over limbs that hold `widths` bits. */
export function joinRuns(ranks: readonly Float64Array[], runs: readonly LetterRun[], widths: readonly number[]): Float64Array[] {
  const limbs = widths.map(() => new Float64Array(ranks[0]!.length));
  for (const [run, { limbs: reached, forms }] of reachOf(runs, widths).entries()) {
    const carries = ranks[run]!.slice();
    for (let limb = 0; limb < reached; limb++) growLimb(limbs[limb]!, forms, 2 ** widths[limb]!, carries);
  }
  return limbs;
}

/** The runs that a number stands for, the last one first. The limbs are used up. */
export function splitRuns(limbs: WideNumbers, runs: readonly LetterRun[], widths: readonly number[]): Float64Array[] {
  const count = limbs[0]!.length;
  const reach = reachOf(runs, widths);
  return runs
    .map((_, index) => runs.length - 1 - index)
    .map((run) => {
      const rest = new Float64Array(count);
      const { limbs: reached, forms } = reach[run]!;
      for (let limb = reached - 1; limb >= 0; limb--) divideLimb(limbs[limb]!, forms, 2 ** widths[limb]!, rest);
      return rest;
    })
    .reverse();
}

/** How many limbs the number of the runs up to each one fills. */
function reachOf(runs: readonly LetterRun[], widths: readonly number[]): { readonly limbs: number; readonly forms: number }[] {
  let bits = 0;
  let held = widths[0]!;
  let limbs = 1;
  return runs.map(({ forms }) => {
    bits += Math.log2(forms);
    while (bits > held && limbs < widths.length) held += widths[limbs++]!;
    return { limbs, forms };
  });
}

function growLimb(limb: Float64Array, forms: number, size: number, carries: Float64Array): void {
  for (let slot = 0; slot < limb.length; slot++) {
    const grown = limb[slot]! * forms + carries[slot]!;
    const carry = Math.floor(grown / size);
    limb[slot] = grown - carry * size;
    carries[slot] = carry;
  }
}

function divideLimb(limb: Float64Array, forms: number, size: number, rest: Float64Array): void {
  for (let slot = 0; slot < limb.length; slot++) {
    const both = rest[slot]! * size + limb[slot]!;
    const quotient = Math.floor(both / forms);
    rest[slot] = both - quotient * forms;
    limb[slot] = quotient;
  }
}
