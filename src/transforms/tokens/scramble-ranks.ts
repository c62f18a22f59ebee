import { MOST_FORMS } from "../../keys/mixed-radix.ts";
import { CODES, FIRST_OF, PLACE_OF, SIZE_OF } from "./letter-classes.ts";
import type { LetterColumn } from "./scramble-column.ts";

/** Letters side by side: their classes, and how many forms they have together. */
export interface LetterRun {
  readonly classes: Uint8Array;
  readonly forms: number;
}

/** The letters of a shape in runs, the first ones first. */
export function runsOf(classes: Uint8Array): LetterRun[] {
  const runs: LetterRun[] = [];
  let [first, forms] = [0, 1];
  for (const [letter, found] of classes.entries()) {
    if (forms * SIZE_OF[found]! > MOST_FORMS) {
      runs.push({ classes: classes.slice(first, letter), forms });
      [first, forms] = [letter, 1];
    }
    forms *= SIZE_OF[found]!;
  }
  return [...runs, { classes: classes.slice(first), forms }];
}

/** The place of each run of each value among the forms of the run: an array for each run. */
export function readRuns(column: LetterColumn, rows: readonly number[], runs: readonly LetterRun[]): Float64Array[] {
  let first = 0;
  return runs.map(({ classes }) => {
    const ranks = readRun(column, rows, first, classes);
    first += classes.length;
    return ranks;
  });
}

function readRun(
  { units, places, firsts }: LetterColumn,
  rows: readonly number[],
  first: number,
  classes: Uint8Array,
): Float64Array {
  const ranks = new Float64Array(rows.length);
  for (let slot = 0; slot < rows.length; slot++) {
    const at = firsts[rows[slot]!]! + first;
    let rank = 0;
    for (let letter = 0; letter < classes.length; letter++)
      rank = rank * SIZE_OF[classes[letter]!]! + PLACE_OF[units[places[at + letter]!]!]!;
    ranks[slot] = rank;
  }
  return ranks;
}

/** Writes the letters of these ranks where the old ones stand. */
export function writeRuns(
  column: LetterColumn,
  rows: readonly number[],
  runs: readonly LetterRun[],
  ranks: readonly Float64Array[],
): void {
  let first = 0;
  for (const [run, { classes }] of runs.entries()) {
    writeRun(column, rows, first, classes, ranks[run]!);
    first += classes.length;
  }
}

function writeRun(
  { units, places, firsts }: LetterColumn,
  rows: readonly number[],
  first: number,
  classes: Uint8Array,
  ranks: Float64Array,
): void {
  const sizes = Float64Array.from(classes, (found) => SIZE_OF[found]!);
  const inverses = sizes.map((size) => 1 / size);
  const codes = Int32Array.from(classes, (found) => FIRST_OF[found]!);
  for (let slot = 0; slot < rows.length; slot++) {
    const at = firsts[rows[slot]!]! + first;
    let rank = ranks[slot]!;
    for (let letter = classes.length - 1; letter >= 0; letter--) {
      // A rank is below 2^18, so half a place keeps the product off the whole numbers, and a division is saved.
      const shorter = ((rank + 0.5) * inverses[letter]!) | 0;
      units[places[at + letter]!] = CODES[codes[letter]! + rank - shorter * sizes[letter]!]!;
      rank = shorter;
    }
  }
}
