/** Characters that a scramble exchanges for one another, by code unit: all in the Basic Multilingual Plane. */
export interface LetterClass {
  /** One character that names the class in a shape. */
  readonly name: string;
  readonly codes: readonly number[];
}

function range(first: number, last: number): number[] {
  const codes: number[] = [];
  for (let code = first; code <= last; code++) codes.push(code);
  return codes;
}

/** The letters of one case in a range where small and capital letters take turns. */
const cased = (first: number, last: number, isOfCase: RegExp): number[] =>
  range(first, last).filter((code) => isOfCase.test(String.fromCharCode(code)));

const SMALL = /\p{Ll}/u;
const CAPITAL = /\p{Lu}/u;

/** Digits, and letters by script and case. A class never changes: what it holds is part of the mapping. */
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
  // Latin Extended-A and -B (ł, ő, ş), and Vietnamese.
  { name: "x", codes: cased(0x100, 0x24f, SMALL) },
  { name: "X", codes: cased(0x100, 0x24f, CAPITAL) },
  { name: "v", codes: cased(0x1e00, 0x1eff, SMALL) },
  { name: "V", codes: cased(0x1e00, 0x1eff, CAPITAL) },
  // Cyrillic of other languages than Russian: ґ, ұ, ә.
  { name: "y", codes: cased(0x48a, 0x4ff, SMALL) },
  { name: "Y", codes: cased(0x48a, 0x4ff, CAPITAL) },
  // Armenian, Georgian.
  { name: "m", codes: range(0x561, 0x586) },
  { name: "M", codes: range(0x531, 0x556) },
  { name: "o", codes: range(0x10d0, 0x10f0) },
  // Hebrew: a form that ends a word stays one. Arabic, with the letters of Persian, Urdu and others apart.
  { name: "h", codes: range(0x5d0, 0x5ea).filter((code) => ![0x5da, 0x5dd, 0x5df, 0x5e3, 0x5e5].includes(code)) },
  { name: "f", codes: [0x5da, 0x5dd, 0x5df, 0x5e3, 0x5e5] },
  { name: "r", codes: [...range(0x621, 0x63a), ...range(0x641, 0x64a)] },
  { name: "R", codes: range(0x671, 0x6d3) },
  { name: "1", codes: range(0x660, 0x669) },
  { name: "2", codes: range(0x6f0, 0x6f9) },
  // Devanagari: a vowel sign stands on a consonant, so consonants stay consonants.
  { name: "d", codes: [...range(0x915, 0x939), ...range(0x958, 0x95f)] },
  { name: "D", codes: range(0x904, 0x914) },
  { name: "3", codes: range(0x966, 0x96f) },
  // Thai consonants, and its vowels behind and before them; ำ, which forms one character with the letter before it, stays.
  { name: "t", codes: range(0xe01, 0xe2e) },
  { name: "T", codes: [0xe30, 0xe32] },
  { name: "u", codes: range(0xe40, 0xe44) },
  // Hiragana, Katakana, the unified ideographs of Chinese and Japanese, Hangul syllables.
  { name: "i", codes: range(0x3041, 0x3096) },
  { name: "I", codes: range(0x30a1, 0x30fa) },
  { name: "k", codes: range(0x4e00, 0x9fa5) },
  { name: "H", codes: range(0xac00, 0xd7a3) },
];

/** The code units of all classes, one class after the other: a class begins at `FIRST_OF` and has `SIZE_OF` of them. */
export const SIZE_OF = Uint16Array.from(LETTER_CLASSES, ({ codes }) => codes.length);
export const FIRST_OF = new Int32Array(LETTER_CLASSES.length);
export const CODES = new Uint16Array(LETTER_CLASSES.reduce((sum, { codes }) => sum + codes.length, 0));

/** What a code unit is, in one number: its class, shifted by `CLASS_SHIFT`, and its place in the class; -1 for what is in none. */
export const LETTER_OF = new Int32Array(0x10000).fill(-1);
export const CLASS_SHIFT = 16;

// Plain loops over whole arrays: this is done whenever the library is loaded.
for (let index = 0, first = 0; index < LETTER_CLASSES.length; index++) {
  const { codes } = LETTER_CLASSES[index]!;
  FIRST_OF[index] = first;
  CODES.set(codes, first);
  for (let place = 0; place < codes.length; place++) LETTER_OF[codes[place]!] = (index << CLASS_SHIFT) | place;
  first += codes.length;
}
