import type { TextSpan } from "./text-spans.ts";
import { casedLike } from "./text-spans.ts";
import { type TextToken, tokensOf } from "./text-tokens.ts";

/** Words to look for, in a row, and what stands in their place. */
export interface Term {
  readonly tokens: readonly string[];
  readonly original: string;
  /** Undefined where a rule says. */
  readonly replacement: string | undefined;
  readonly rule: number;
  /** A name of one or two letters is a word of everyday too: it counts where it has a capital letter. */
  readonly needsCapital: boolean;
}

/** Terms by their first word: a text is gone through once, however many there are. */
export type Terms = Map<string, Term[]>;

/** More words than this in a value have no meaning one by one: an essay in a name column. */
const MAX_PARTS = 5;

/** Characters between two words of a term in the text: `Doe, Jane` for `Doe Jane`, `jane.doe` for `Jane Doe`. */
const MAX_GAP = 3;

const SHORT = 2;

/** Words of names that are nobody's. */
const TITLES = new Set(
  "mr mrs ms miss mx dr prof sir dame jr sr ii iii herr frau hr fr sig sra dona don de del della der den van von bin ibn al el la le du da dos das and und et y e".split(
    " ",
  ),
);

const CJK = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]$/u;

/** Between the words of a name, and within one of two: `Smith-Jones` is called `Jones` too. */
const SEPARATORS = [/[\s,]+/, /[-\u2010\u2011]/];

/** Adds a value, and where it is a name of several words, these one by one. `replacement` null: redacted. */
export function addValue(terms: Terms, original: string, replacement: string | null): void {
  if (addTerm(terms, original, replacement) && /^[\p{L}\p{M}'’.,\s\u2010\u2011-]+$/u.test(original))
    addParts(terms, original, replacement, SEPARATORS);
}

function addParts(terms: Terms, original: string, replacement: string | null, [separator, ...finer]: readonly RegExp[]): void {
  if (separator === undefined) return;
  const split = (text: string) => text.split(separator).filter((part) => part !== "");
  const parts = split(original);
  if (parts.length > MAX_PARTS) return;
  if (parts.length < 2) {
    addParts(terms, original, replacement, finer);
    return;
  }
  const stands = split(replacement ?? "");
  for (const [index, part] of parts.entries()) {
    if (TITLES.has(part.replace(/\./g, "").toLowerCase()) || part.replace(/\P{L}/gu, "").length < 2) continue;
    const place = stands.length === parts.length ? index : index === parts.length - 1 ? stands.length - 1 : 0;
    const stand = stands[place] ?? null;
    addTerm(terms, part, stand);
    addParts(terms, part, stand, finer);
  }
}

/** Adds a word or phrase that a rule masks. */
export function addWord(terms: Terms, word: string, rule: number): void {
  put(terms, word, undefined, rule);
}

function addTerm(terms: Terms, original: string, replacement: string | null): boolean {
  for (const spelling of otherSpellings(original)) put(terms, spelling, replacement ?? undefined, -1);
  return put(terms, original, replacement ?? undefined, -1);
}

const APOSTROPHES = /['’ʼ`´]/g;
const TWO_LETTERS: Readonly<Record<string, string>> = { ä: "ae", ö: "oe", ü: "ue", å: "aa", ø: "oe" };

/** `OBrien` for `O'Brien`, and `Mueller` for `Müller`, as systems without these signs write them. */
function otherSpellings(original: string): readonly string[] {
  const plain = original.replace(APOSTROPHES, "");
  const spellings = new Set([plain, plain.normalize("NFC").replace(/[äöüåø]/gi, (letter) => TWO_LETTERS[letter.toLowerCase()]!)]);
  spellings.delete(original);
  return [...spellings];
}

function put(terms: Terms, original: string, replacement: string | undefined, rule: number): boolean {
  const tokens = tokensOf(original).map(({ folded }) => folded);
  const [first] = tokens;
  // One sign of Chinese is a part of too many words.
  if (first === undefined || (tokens.length === 1 && CJK.test(first))) return false;
  const isShort = tokens.length === 1 && first.length <= SHORT && (/^\p{Lu}/u.test(original) || /^\p{Ll}$/u.test(first));
  const term: Term = { tokens, original, replacement, rule, needsCapital: isShort };
  const known = terms.get(first);
  if (known === undefined) terms.set(first, [term]);
  else known.push(term);
  return true;
}

/** Finds terms: at each word the longest, the one added first among equals. */
export function findTerms(text: string, tokens: readonly TextToken[], terms: Terms, found: TextSpan[]): void {
  if (terms.size === 0) return;
  for (let at = 0; at < tokens.length; at++) {
    const candidates = terms.get(tokens[at]!.folded);
    if (candidates === undefined) continue;
    let best: Term | null = null;
    for (const term of candidates)
      if ((best === null || term.tokens.length > best.tokens.length) && stands(text, tokens, at, term)) best = term;
    if (best === null) continue;
    const { start } = tokens[at]!;
    const { end } = tokens[at + best.tokens.length - 1]!;
    const { replacement, original, rule } = best;
    const cased = replacement === undefined ? undefined : casedLike(replacement, text.slice(start, end), original);
    found.push({ start, end, replacement: cased, rule });
    at += best.tokens.length - 1;
  }
}

function stands(text: string, tokens: readonly TextToken[], at: number, { tokens: wanted, needsCapital }: Term): boolean {
  if (needsCapital && !/^\p{Lu}/u.test(text.slice(tokens[at]!.start, tokens[at]!.start + 2))) return false;
  for (let index = 1; index < wanted.length; index++) {
    const token = tokens[at + index];
    if (token === undefined || token.folded !== wanted[index]) return false;
    if (token.start - tokens[at + index - 1]!.end > MAX_GAP) return false;
  }
  return true;
}

/** Fewest digits by which a number is one that a column holds. */
const ENOUGH_DIGITS = 7;

const NUMBERS = /\+?\d(?:[\s()./-]{0,2}\d){6,24}/g;

/** Whether a value is a number by its digits, whatever stands between them: a phone, a card, an identity number. */
export function isNumber(value: string): boolean {
  return /^[\d\s+()./-]+$/.test(value) && value.replace(/\D/g, "").length >= ENOUGH_DIGITS;
}

/** Finds numbers that a column holds, in any layout, with and without calling code. */
export function findNumbers(
  text: string,
  numbers: readonly { digits: string; replacement: string | null }[],
  found: TextSpan[],
): void {
  if (numbers.length === 0) return;
  for (const { 0: written, index } of text.matchAll(NUMBERS)) {
    const digits = withoutZeros(written.replace(/\D/g, ""));
    const known = numbers.find(
      ({ digits: own }) => digits.includes(own) || (digits.length >= ENOUGH_DIGITS && own.endsWith(digits)),
    );
    if (known !== undefined)
      found.push({ start: index, end: index + written.length, replacement: known.replacement ?? undefined, rule: -1 });
  }
}

export function withoutZeros(digits: string): string {
  return digits.replace(/^0+/, "");
}
