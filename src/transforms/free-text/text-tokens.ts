/** A word of a text, folded: lower case, without accents, of the usual width. */
export interface TextToken {
  readonly start: number;
  readonly end: number;
  readonly folded: string;
}

/** Words are runs of letters and digits; of scripts that put no space between words each character is one. */
const UNSPACED = "[\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Hangul}\\p{Script=Thai}]";
/** They show nothing within a word: where it may be hyphenated, and how its letters join. */
const UNSEEN = "\\u00ad\\u200c\\u200d\\u2060";
const WORD = new RegExp(`${UNSPACED}|(?!${UNSPACED})[\\p{L}\\p{M}\\p{N}](?:(?!${UNSPACED})[\\p{L}\\p{M}\\p{N}${UNSEEN}])*`, "gu");
const EVERY_UNSEEN = new RegExp(`[${UNSEEN}]`, "g");

const ASCII_WORD = /[A-Za-z0-9]+/g;

export function tokensOf(text: string): TextToken[] {
  const tokens: TextToken[] = [];
  // Most texts: the properties of Unicode cost more than a look at a range.
  if (!NOT_ASCII.test(text)) {
    for (const { 0: word, index } of text.matchAll(ASCII_WORD))
      tokens.push({ start: index, end: index + word.length, folded: word.toLowerCase() });
    return tokens;
  }
  for (const { 0: word, index } of text.matchAll(WORD))
    tokens.push({ start: index, end: index + word.length, folded: foldWord(word) });
  return tokens;
}

const NOT_ASCII = /[^\0-\x7f]/;

/** Accents of Latin, Greek and Cyrillic, points of Hebrew and Arabic. In other scripts a mark is a vowel, and tells names apart. */
const ACCENTS = /[\u0300-\u036f\u0591-\u05c7\u064b-\u065f]/g;

/** Letters that do not decompose. */
const PLAIN: Readonly<Record<string, string>> = { ß: "ss", ø: "o", ł: "l", đ: "d", æ: "ae", œ: "oe", ı: "i", ς: "σ" };

export function foldWord(word: string): string {
  const lower = word.toLowerCase();
  if (!NOT_ASCII.test(lower)) return lower;
  return lower
    .replace(EVERY_UNSEEN, "")
    .normalize("NFKD")
    .replace(ACCENTS, "")
    .replace(/[ßøłđæœıς]/g, (letter) => PLAIN[letter]!)
    .normalize("NFC");
}
