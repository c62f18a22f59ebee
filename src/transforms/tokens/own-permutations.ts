import { cmac } from "../../keys/cmac.ts";
import { createLimbPermutation } from "../../keys/limb-permutation.ts";
import { joinParts, MOST_FORMS, splitParts } from "../../keys/mixed-radix.ts";
import { createPermutation, permutationKey } from "../../keys/permutation.ts";
import type { LetterColumn } from "./scramble-column.ts";
import { type LetterRun, rankAt, runsOf, writeRank } from "./scramble-ranks.ts";
import { nameOf, type Shape, sizeOf } from "./scramble-shapes.ts";
import { SMALL_DOMAIN } from "./small-domains.ts";

export type Direction = "forward" | "backward";

export type DeriveScrambleKey = (purpose: string) => Uint8Array;

/** Table entries of small shapes and letters of long ones that are held: what was not used for longest is forgotten. */
const MAX_ENTRIES = 4_000_000;

/** The permutations of shapes that are enciphered alone, each under a key of its own. */
export function createOwnPermutations(
  deriveKey: DeriveScrambleKey,
  direction: Direction,
): (column: LetterColumn, shape: Shape) => void {
  const made = new Map<string, { readonly permute: Permute; readonly entries: number }>();
  let entries = 0;

  const permuteOf = (classes: Uint8Array): Permute => {
    const name = shortened(nameOf(classes));
    const found = made.get(name) ?? createPermute(deriveKey, name, classes, direction);
    // Taken out and put back, the shape last used stands last.
    if (made.delete(name)) entries -= found.entries;
    made.set(name, found);
    entries += found.entries;
    while (made.size > 1 && (made.size > MAX_OWN || entries > MAX_ENTRIES)) {
      const [oldest, { entries: freed }] = made.entries().next().value!;
      made.delete(oldest);
      entries -= freed;
    }
    return found.permute;
  };

  return (column, { classes, rows }) => {
    // Not held: of a long value they take more memory than a hundred times the value, and less time than to encipher it.
    const runs = runsOf(classes, () => MOST_FORMS);
    const firsts = rows.map((row) => column.firsts[row]!);
    const ranks = runs.map((run) => Float64Array.from(firsts, (first) => rankAt(column, first, run)));
    const permuted = permuteOf(classes)(ranks, runs);
    for (const [index, run] of runs.entries())
      for (const [slot, first] of firsts.entries()) writeRank(column, first, run, permuted[index]![slot]!);
  };
}

/** Shapes with a permutation of their own that are held. */
const MAX_OWN = 4_096;

/** A run of equal classes as its length. */
function shortened(shape: string): string {
  return shape.replace(/(.)\1*/g, (run, name: string) => `${name}${run.length}.`);
}

/** Permutes numbers, given and got as the ranks of their runs. */
type Permute = (ranks: readonly Float64Array[], runs: readonly LetterRun[]) => readonly Float64Array[];

function createPermute(
  deriveKey: DeriveScrambleKey,
  name: string,
  classes: Uint8Array,
  direction: Direction,
): { readonly permute: Permute; readonly entries: number } {
  const key = deriveKey(`scramble:${name.length <= MAX_NAME ? name : digestOf(deriveKey, name)}`);
  const size = sizeOf(classes);
  return size < SMALL_DOMAIN
    ? { permute: smallPermute(key, Number(size), direction), entries: Number(size) }
    : { permute: limbPermute(key, size, direction), entries: classes.length };
}

/** Characters of the longest shape that names its key as it is: the purpose of a key has a limit. */
const MAX_NAME = 256;

function digestOf(deriveKey: DeriveScrambleKey, name: string): string {
  return `long:${cmac(deriveKey("scramble:long"), Buffer.from(name)).toString("hex")}`;
}

function smallPermute(key: Uint8Array, size: number, direction: Direction): Permute {
  const permutation = createPermutation(key, size);
  const widths = [WIDTH_OF_SMALL];
  return (ranks, runs) => splitParts([permutation[direction](joinParts(ranks, runs, widths)[0]!)], runs, widths);
}

/** Bits of a number below 10^6. */
const WIDTH_OF_SMALL = 20;

function limbPermute(key: Uint8Array, size: bigint, direction: Direction): Permute {
  const permutation = createLimbPermutation(permutationKey(key, size), size);
  return (ranks, runs) => {
    const limbs = joinParts(ranks, runs, permutation.widths);
    permutation[direction](limbs);
    return splitParts(limbs, runs, permutation.widths);
  };
}
