import { CODES, FIRST_OF, SIZE_OF } from "./letter-classes.ts";
import type { LetterColumn } from "./scramble-column.ts";

/** Letters side by side, and how many forms they have together. */
export interface LetterRun {
  readonly forms: number;
  readonly inverse: number;
  /** The first of them among the letters of the value. */
  readonly first: number;
  /** How many forms each letter has, and how many all behind it in the run have together. */
  readonly sizes: Int32Array;
  readonly weights: Int32Array;
  readonly inverses: Float64Array;
  /** Where the code units of each letter's class begin. */
  readonly codes: Int32Array;
}

/** The letters of a shape in runs, the first ones first, each of at most so many forms, by its index and the forms of all before it. */
export function runsOf(classes: Uint8Array, mostForms: (index: number, before: number) => number): LetterRun[] {
  const runs: LetterRun[] = [];
  let [first, forms, before] = [0, 1, 1];
  for (const [letter, found] of classes.entries()) {
    if (forms * SIZE_OF[found]! > mostForms(runs.length, before)) {
      runs.push(runOf(classes, first, letter));
      before *= forms;
      [first, forms] = [letter, 1];
    }
    forms *= SIZE_OF[found]!;
  }
  return [...runs, runOf(classes, first, classes.length)];
}

function runOf(all: Uint8Array, first: number, end: number): LetterRun {
  const classes = all.subarray(first, end);
  const sizes = Int32Array.from(classes, (found) => SIZE_OF[found]!);
  const weights = new Int32Array(sizes.length);
  let forms = 1;
  for (let letter = sizes.length - 1; letter >= 0; letter--) {
    weights[letter] = forms;
    forms *= sizes[letter]!;
  }
  const inverses = Float64Array.from(weights, (weight) => 1 / weight);
  return {
    forms,
    inverse: 1 / forms,
    first,
    sizes,
    weights,
    inverses,
    codes: Int32Array.from(classes, (found) => FIRST_OF[found]!),
  };
}

/** The place of a run among its forms, in the value whose first letter this is. */
export function rankAt({ ranks }: LetterColumn, firstLetter: number, { first, weights }: LetterRun): number {
  const at = firstLetter + first;
  let rank = 0;
  for (let letter = 0; letter < weights.length; letter++) rank += Math.imul(ranks[at + letter]!, weights[letter]!);
  return rank;
}

/** Writes the letters of this place where the old ones stand. */
export function writeRank({ units, places }: LetterColumn, firstLetter: number, run: LetterRun, place: number): void {
  const { sizes, inverses, codes } = run;
  const at = firstLetter + run.first;
  // Half a place keeps the product off the whole numbers, so it can take the place of a division. No letter waits for the one before it.
  const rank = place + 0.5;
  let before = 0;
  for (let letter = 0; letter < inverses.length; letter++) {
    const upTo = (rank * inverses[letter]!) | 0;
    units[places[at + letter]!] = CODES[codes[letter]! + upTo - Math.imul(before, sizes[letter]!)]!;
    before = upTo;
  }
}
