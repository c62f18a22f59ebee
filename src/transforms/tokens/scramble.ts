import type { MaskColumn } from "../../contracts.ts";
import { defineTransform } from "../define-transform.ts";
import type { DeriveScrambleKey, Direction } from "./own-permutations.ts";
import { createShapeCipher } from "./scramble-cipher.ts";
import { changeLetters, LETTER } from "./scramble-column.ts";
import { ShapeIndex } from "./scramble-shapes.ts";
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

function createMask(deriveKey: DeriveScrambleKey, direction: Direction): MaskColumn {
  const shapes = new ShapeIndex();
  const encipher = createShapeCipher(deriveKey, direction);
  return (values) => changeLetters(values, shapes, (column) => encipher(column, shapes.used));
}
