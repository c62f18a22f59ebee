import { cmac } from "../../keys/cmac.ts";
import { NUMBER_WORDS } from "../../keys/ff1-bits.ts";
import { createSizedPermutations, fitsSized, type SizedForm } from "../../keys/sized-permutations.ts";
import { createOwnPermutations, type DeriveScrambleKey, type Direction } from "./own-permutations.ts";
import type { LetterColumn } from "./scramble-column.ts";
import { type HalfLayout, halfLayout, joinHalves, splitHalves } from "./scramble-halves.ts";
import { joinRuns, MOST_FORMS_OF_RUN, type NumberRows, splitRuns, type WordLayout, wordLayout } from "./scramble-numbers.ts";
import { type LetterRun, runsOf } from "./scramble-ranks.ts";
import { nameOf, type Shape, sizeOf } from "./scramble-shapes.ts";
import { SMALL_DOMAIN } from "./small-domains.ts";

/** Enciphers the letters of the values of some shapes, in place. */
export type EncipherShapes = (column: LetterColumn, shapes: readonly Shape[]) => void;

/** A shape with a permutation of its own: it has too few values for FF1, or is too long to stand beside others. */
interface Alone {
  readonly kind: "alone";
}

/** A shape whose values are enciphered beside those of others. */
interface Beside {
  readonly kind: "beside";
  readonly runs: readonly LetterRun[];
  readonly form: SizedForm;
  readonly layout: WordLayout;
  /** Set where the shape is short: its letters become numbers in fewer steps. */
  readonly halves: HalfLayout | null;
}

/**
 * A value is a number among all of its shape, which a permutation of the shape's own changes: of a few values by a table, otherwise by FF1, whose tweak is
 * a digest of the shape.
 */
export function createShapeCipher(deriveKey: DeriveScrambleKey, direction: Direction): EncipherShapes {
  const isBackward = direction === "backward";
  const permutations = createSizedPermutations(deriveKey("scramble:sized"));
  const digests = deriveKey("scramble:shapes");
  const known = new WeakMap<Shape, Alone | Beside>();
  const alone = createOwnPermutations(deriveKey, direction);

  const describe = (shape: Shape): Alone | Beside => {
    const found = known.get(shape);
    if (found !== undefined) return found;
    const described = describeNew(shape);
    known.set(shape, described);
    return described;
  };
  const describeNew = ({ classes }: Shape): Alone | Beside => {
    const size = sizeOf(classes);
    if (size < SMALL_DOMAIN || !fitsSized(size)) return { kind: "alone" };
    const runs = runsOf(classes, () => MOST_FORMS_OF_RUN);
    const form = permutations.form(size, cmac(digests, Buffer.from(nameOf(classes))));
    return { kind: "beside", runs, form, layout: wordLayout(form, runs), halves: halfLayout(form, classes) };
  };

  return (column, shapes) => {
    const beside: (Omit<Beside, "kind"> & NumberRows & { readonly to: number })[] = [];
    let count = 0;
    for (const shape of shapes) {
      const described = describe(shape);
      const { rows } = shape;
      if (described.kind === "alone") alone(column, shape);
      else {
        const { runs, form, layout, halves } = described;
        beside.push({ runs, form, layout, halves, rows, from: count, to: count + rows.length });
        count += rows.length;
      }
    }
    if (count === 0) return;
    const numbers = numbersFor(count);
    for (const group of beside) {
      if (group.halves === null) joinRuns(column, group, numbers);
      else joinHalves(column, group.halves, group, numbers);
    }
    permutations.permute(beside, numbers, isBackward);
    for (const group of beside) {
      if (group.halves === null) splitRuns(column, group, numbers);
      else splitHalves(column, group.halves, group, numbers);
    }
  };
}

/** Numbers that are kept for the next column: to have new memory for each takes as long as to encipher them. */
const KEPT_NUMBERS = new Uint32Array(8_192 * NUMBER_WORDS);

function numbersFor(count: number): Uint32Array {
  const size = count * NUMBER_WORDS;
  return size <= KEPT_NUMBERS.length ? KEPT_NUMBERS : new Uint32Array(size);
}
