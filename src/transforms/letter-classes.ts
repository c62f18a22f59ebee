/** Characters that a scramble exchanges for one another, by code unit: all in the Basic Multilingual Plane. */
export interface LetterClass {
  /** One character that names the class in a shape. */
  readonly name: string;
  readonly codes: readonly number[];
}

const range = (first: number, last: number): number[] => Array.from({ length: last - first + 1 }, (_, index) => first + index);

/** Digits, and letters by script and case. */
export const LETTER_CLASSES: readonly LetterClass[] = [
  { name: "0", codes: range(0x30, 0x39) },
  { name: "a", codes: range(0x61, 0x7a) },
  { name: "A", codes: range(0x41, 0x5a) },
  // Latin-1: ß to ÿ and À to Þ, without the signs × and ÷.
  { name: "e", codes: [...range(0xdf, 0xf6), ...range(0xf8, 0xff)] },
  { name: "E", codes: [...range(0xc0, 0xd6), ...range(0xd8, 0xde)] },
  // Greek with its accented vowels: ΐ, ά to ώ, and Ά to Ϋ.
  { name: "g", codes: [0x390, ...range(0x3ac, 0x3ce)] },
  { name: "G", codes: [0x386, ...range(0x388, 0x38a), 0x38c, 0x38e, 0x38f, ...range(0x391, 0x3a1), ...range(0x3a3, 0x3ab)] },
  // Cyrillic: а to џ and Ѐ to Я.
  { name: "c", codes: range(0x430, 0x45f) },
  { name: "C", codes: range(0x400, 0x42f) },
];

const LIMIT = 0x460;

/** The class of each code unit below 0x460, -1 for none; and its place in the class. */
export const CLASS_OF = new Int8Array(LIMIT).fill(-1);
export const PLACE_OF = new Uint8Array(LIMIT);
for (const [index, { codes }] of LETTER_CLASSES.entries()) {
  for (const [place, code] of codes.entries()) {
    CLASS_OF[code] = index;
    PLACE_OF[code] = place;
  }
}
