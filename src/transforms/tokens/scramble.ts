import type { MaskColumn } from "../../contracts.ts";
import { type ColumnPrf, createColumnPrf } from "../../keys/column-prf.ts";
import { createBigPermutation, createPermutation } from "../../keys/permutation.ts";
import { defineTransform } from "../define-transform.ts";
import { CLASS_OF, LETTER_CLASSES, PLACE_OF } from "./letter-classes.ts";
import { limbEncipher, textOf } from "./scramble-limbs.ts";
import { SMALL_DOMAIN } from "./small-domains.ts";

/** A letter or digit. Marks and modifiers (́, ー, 々) are none: they stay with the letter before them. */
const LETTER = /[\p{Lu}\p{Ll}\p{Lt}\p{Lo}\p{N}]/u;

/** The arithmetic of long numbers takes the square of their length: a cell of a megabyte would take hours. */
const MAX_LETTERS = 10_000;

const MAX_SIZE = 2 ** 52;

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
  const encipher = createEnciphers(deriveKey, direction);
  return (values) => {
    const masked = new Array<string | null | undefined>(values.length).fill(undefined);
    const groups = new Map<string, number[]>();
    for (let row = 0; row < values.length; row++) {
      const value = values[row]!;
      const shape = value === null ? "" : shapeOf(value);
      if (shape === "") masked[row] = value;
      if (!shape || shape.length > MAX_LETTERS) continue;
      const rows = groups.get(shape);
      if (rows === undefined) groups.set(shape, [row]);
      else rows.push(row);
    }
    for (const [shape, rows] of groups) {
      const texts = encipher(shape)(rows.map((row) => values[row]!));
      for (let slot = 0; slot < rows.length; slot++) masked[rows[slot]!] = texts[slot]!;
    }
    return masked;
  };
}

/** The classes of a value's letters and digits, in order, a character each. Undefined where one has no class. */
function shapeOf(value: string): string | undefined {
  let shape = "";
  for (let index = 0; index < value.length; index++) {
    const code = value.charCodeAt(index);
    const found = CLASS_OF[code]!;
    if (found >= 0) shape += LETTER_CLASSES[found]!.name;
    else if (code >= 0x80 && LETTER.test(String.fromCodePoint(value.codePointAt(index)!))) return undefined;
  }
  return shape;
}

type Encipher = (values: readonly string[]) => string[];

/** Shapes that are held, and table entries of small ones: what was not used for longest is forgotten. */
const MAX_SHAPES = 4_096;
const MAX_ENTRIES = 4_000_000;

/** Characters of the longest shape that names its key as it is. */
const MAX_NAME = 256;

/** The permutation of each shape, made on first use. */
function createEnciphers(deriveKey: (purpose: string) => Uint8Array, direction: Direction): (shape: string) => Encipher {
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
  return (shape) => {
    let found = made.get(shape);
    if (found === undefined) {
      const sizes = Array.from(shape, (name) => LETTER_CLASSES.find((one) => one.name === name)!.codes.length);
      const size = sizes.reduce((product, own) => product * own, 1);
      const key = deriveKey(`scramble:${nameOf(shape)}`);
      const encipher = size <= MAX_SIZE ? numberEncipher(key, size, direction) : bigEncipher(key, sizes, direction);
      found = { encipher, entries: size < SMALL_DOMAIN ? size : 0 };
      entries += found.entries;
    }
    made.delete(shape);
    made.set(shape, found);
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

function numberEncipher(key: Uint8Array, size: number, direction: Direction): Encipher {
  const permutation = createPermutation(key, size);
  return (values) => {
    const permuted = permutation[direction](Float64Array.from(values, rankOf));
    return values.map((value, slot) => unrank(value, permuted[slot]!));
  };
}

function bigEncipher(key: Uint8Array, sizes: readonly number[], direction: Direction): Encipher {
  const limbs = limbEncipher(key, sizes, direction);
  if (limbs !== null) return limbs;
  const permutation = createBigPermutation(
    key,
    sizes.reduce((product, own) => product * BigInt(own), 1n),
  );
  const all = direction === "forward" ? permutation.forwardAll : permutation.backwardAll;
  return (values) => {
    const permuted = all(values.map(bigRankOf));
    return values.map((value, slot) => bigUnrank(value, permuted[slot]!));
  };
}

/** The place of a value among all of its shape. */
function rankOf(value: string): number {
  let rank = 0;
  for (let index = 0; index < value.length; index++) {
    const code = value.charCodeAt(index);
    const found = CLASS_OF[code]!;
    if (found >= 0) rank = rank * LETTER_CLASSES[found]!.codes.length + PLACE_OF[code]!;
  }
  return rank;
}

/** The value of a rank: its letters from the last to the first, in the places that `value` has them. */
function unrank(value: string, rank: number): string {
  const codes = new Array<number>(value.length);
  let rest = rank;
  for (let index = value.length - 1; index >= 0; index--) {
    const code = value.charCodeAt(index);
    const found = CLASS_OF[code]!;
    if (found < 0) codes[index] = code;
    else {
      const { codes: letters } = LETTER_CLASSES[found]!;
      const shorter = Math.floor(rest / letters.length);
      codes[index] = letters[rest - shorter * letters.length]!;
      rest = shorter;
    }
  }
  return textOf(codes);
}

/** As `rankOf`, as many letters at a time as small numbers hold. */

function bigRankOf(value: string): bigint {
  let rank = 0n;
  let part = 0;
  let factor = 1;
  for (let index = 0; index < value.length; index++) {
    const code = value.charCodeAt(index);
    const found = CLASS_OF[code]!;
    if (found < 0) continue;
    const size = LETTER_CLASSES[found]!.codes.length;
    if (factor * size > MAX_SIZE) {
      rank = rank * BigInt(factor) + BigInt(part);
      part = 0;
      factor = 1;
    }
    part = part * size + PLACE_OF[code]!;
    factor *= size;
  }
  return rank * BigInt(factor) + BigInt(part);
}

function bigUnrank(value: string, rank: bigint): string {
  const codes = Array.from({ length: value.length }, (_, index) => value.charCodeAt(index));
  const places = [...codes.keys()].filter((index) => CLASS_OF[codes[index]!]! >= 0);
  let rest = rank;
  const lettersAt = (place: number) => LETTER_CLASSES[CLASS_OF[codes[place]!]!]!.codes;
  for (let end = places.length; end > 0; ) {
    let start = end;
    let factor = 1;
    while (start > 0 && factor * lettersAt(places[start - 1]!).length <= MAX_SIZE) factor *= lettersAt(places[--start]!).length;
    let part = Number(rest % BigInt(factor));
    rest /= BigInt(factor);
    for (let slot = end - 1; slot >= start; slot--) {
      const place = places[slot]!;
      const letters = lettersAt(place);
      const shorter = Math.floor(part / letters.length);
      codes[place] = letters[part - shorter * letters.length]!;
      part = shorter;
    }
    end = start;
  }
  return textOf(codes);
}
