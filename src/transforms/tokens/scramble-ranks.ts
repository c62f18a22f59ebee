import { MOST_FORMS } from "../../keys/mixed-radix.ts";
import { CLASS_OF, CODES, FIRST_OF, PLACE_OF, SIZE_OF } from "./letter-classes.ts";
import type { UnitColumn } from "./scramble-column.ts";

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
