import type { MaskColumn } from "../../contracts.ts";
import { type ColumnPrf, createColumnPrf } from "../../keys/column-prf.ts";
import { createLimbPermutation } from "../../keys/limb-permutation.ts";
import { joinParts, splitParts } from "../../keys/mixed-radix.ts";
import { createPermutation, permutationKey } from "../../keys/permutation.ts";
import { defineTransform } from "../define-transform.ts";
import { LETTER_CLASSES, SIZE_OF } from "./letter-classes.ts";
import { changeLetters, LETTER, type LetterColumn } from "./scramble-column.ts";
import { type LetterRun, readRuns, runsOf, writeRuns } from "./scramble-ranks.ts";
import { SMALL_DOMAIN } from "./small-domains.ts";

/**
 * Exchanges digits for digits and letters for letters of the same script and case, and leaves the rest in place: `Jane-42` becomes `Qmzd-17`.
 *
 * Keyed and bijective: the whole value is enciphered as one number among all that look like it, so whoever lacks the key cannot undo it letter by
 * letter. Shows length, layout, case, script, spaces, signs and combining marks, and how often a value occurs; the shorter a value, the easier it is to guess.
 * Knows Latin, Greek, Cyrillic, Armenian, Georgian, Hebrew, Arabic, Devanagari, Thai, Japanese, Chinese and Korean; letters of other scripts and
 * beyond the Basic Multilingual Plane are unsupported, and so are values with more than 10,000 letters and digits. Hint: for something plausible use
 * `fake`; to hide the form `tokenize`.
 */
export const scramble = defineTransform({
  name: "scramble",
  technique: "pseudonymization",
  accepts: ["text"],
  unsupported:
    "letters of a script that it does not know or beyond the Basic Multilingual Plane, and more than 10,000 letters and digits",
  guarantees: {
    deterministic: true,
    uniqueness: { kind: "preserved", ignoringCase: "lossy" },
    reversible: true,
    preservesLength: true,
    changesInput: "almost-always",
  },
  fixedPoints: {
    description: "a value without letters and digits",
    isFixed: (value) => !LETTER.test(value),
  },
  isKeyed: true,
  options: {},
  smallDomain: (_, { maxLength }) => (maxLength !== null && 26 ** maxLength < SMALL_DOMAIN ? 26 ** maxLength : null),
  prepare: (_, { deriveKey }) => createMask(deriveKey, "forward"),
  reveal: (_, { deriveKey }) => createMask(deriveKey, "backward"),
});

type Direction = "forward" | "backward";

function createMask(deriveKey: (purpose: string) => Uint8Array, direction: Direction): MaskColumn {
  const encipherOf = createEnciphers(deriveKey, direction);
  return (values) => changeLetters(values, (column, { classes, rows }) => encipherOf(classes)(column, rows));
}

/** Enciphers the letters of values of one shape, in place. */
type Encipher = (column: LetterColumn, rows: readonly number[]) => void;

/** Shapes that are held, and table entries of small ones: what was not used for longest is forgotten. */
const MAX_SHAPES = 4_096;
const MAX_ENTRIES = 4_000_000;

/** Characters of the longest shape that names its key as it is. */
const MAX_NAME = 256;

/** The permutation of each shape, made on first use. */
function createEnciphers(deriveKey: (purpose: string) => Uint8Array, direction: Direction): (classes: Uint8Array) => Encipher {
  const made = new Map<string, { readonly encipher: Encipher; readonly entries: number }>();
  let entries = 0;
  let longNames: ColumnPrf | null = null;
  /** A long shape is named by a keyed digest of it: the purpose of a key has a limit. */
  const nameOf = (shape: string): string => {
    const name = shortened(shape);
    if (name.length <= MAX_NAME) return name;
    longNames ??= createColumnPrf(deriveKey("scramble:long"));
    return `long:${[...longNames.words([name]).subarray(0, 4)].join(".")}`;
  };
  return (classes) => {
    let shape = "";
    for (const found of classes) shape += LETTER_CLASSES[found]!.name;
    const found = made.get(shape) ?? createEncipher(deriveKey(`scramble:${nameOf(shape)}`), classes, direction);
    // Taken out and put back, the shape last used stands last.
    if (made.delete(shape)) entries -= found.entries;
    made.set(shape, found);
    entries += found.entries;
    while (made.size > 1 && (made.size > MAX_SHAPES || entries > MAX_ENTRIES)) {
      const [oldest, { entries: freed }] = made.entries().next().value!;
      made.delete(oldest);
      entries -= freed;
    }
    return found.encipher;
  };
}

/** A run of equal classes as its length. */
function shortened(shape: string): string {
  return shape.replace(/(.)\1*/g, (run, name: string) => `${name}${run.length}.`);
}

function createEncipher(
  key: Uint8Array,
  classes: Uint8Array,
  direction: Direction,
): { readonly encipher: Encipher; readonly entries: number } {
  const runs = runsOf(classes);
  const size = classes.reduce((product, found) => product * BigInt(SIZE_OF[found]!), 1n);
  const isSmall = size < SMALL_DOMAIN;
  const permute = isSmall ? smallPermute(key, Number(size), runs, direction) : limbPermute(key, size, runs, direction);
  return {
    entries: isSmall ? Number(size) : 0,
    encipher: (column, rows) => writeRuns(column, rows, runs, permute(readRuns(column, rows, runs))),
  };
}

/** Permutes numbers, given and got as the ranks of their runs. */
type Permute = (ranks: readonly Float64Array[]) => readonly Float64Array[];

function smallPermute(key: Uint8Array, size: number, runs: readonly LetterRun[], direction: Direction): Permute {
  const permutation = createPermutation(key, size);
  const widths = [WIDTH_OF_SMALL];
  return (ranks) => splitParts([permutation[direction](joinParts(ranks, runs, widths)[0]!)], runs, widths);
}

/** Bits of a number below 10^6. */
const WIDTH_OF_SMALL = 20;

function limbPermute(key: Uint8Array, size: bigint, runs: readonly LetterRun[], direction: Direction): Permute {
  const permutation = createLimbPermutation(permutationKey(key, size), size);
  return (ranks) => {
    const limbs = joinParts(ranks, runs, permutation.widths);
    permutation[direction](limbs);
    return splitParts(limbs, runs, permutation.widths);
  };
}
