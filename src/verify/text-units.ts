import { BETWEEN, EDGE, KINDS } from "./character-kinds.ts";

/** Digits that make a number telling: a year, a price or a date without hyphens has fewer, or looks like one. */
export const TELLING_DIGITS = 8;

/** Longer texts are looked for as a whole alone, and by their beginning. */
export const MOST_CHARACTERS = 2_000;

const WORD = /[\p{L}\p{M}\p{N}@._+'’%#~-]+/gu;
const EDGES = /^[._+'’%#~-]+|[._+'’%#~-]+$/g;
const DATE = /^(?:1[89]|20)\d\d[-/.]?(?:0[1-9]|1[0-2])[-/.]?(?:0[1-9]|[12]\d|3[01])/;

/** Longer texts are gone through in windows, so that a cell of many megabytes takes no more memory, each with the end of the one before. */
const WINDOW = 65_536;
const OVERLAP = 1_024;

/** A text in parts in which everything short that is in the text can be found. */
export function windowsOf(text: string): Iterable<string> {
  return text.length <= WINDOW ? [text] : longWindowsOf(text);
}

function* longWindowsOf(text: string): Generator<string> {
  for (let start = 0; ; start += WINDOW - OVERLAP) {
    yield text.slice(start, start + WINDOW);
    if (start + WINDOW >= text.length) return;
  }
}

/** The words of a text in lower case, without the signs around them: `Dear Jane O'Neill, <jane@acme.com>` has four. */
export function wordsOf(text: string): string[] {
  const ascii = asciiWords(text);
  if (ascii !== null) return ascii;
  const words: string[] = [];
  for (const one of text.normalize("NFC").match(WORD) ?? []) {
    const word = one.replace(EDGES, "").toLowerCase();
    if (word !== "") words.push(word);
  }
  return words;
}

/** The same without expressions, which took three times as long. Null for a text with other characters. */
function asciiWords(text: string): string[] | null {
  const words: string[] = [];
  const lower = text.toLowerCase();
  const { length } = text;
  for (let index = 0; index < length; index++) {
    const code = text.charCodeAt(index);
    if (code > 0x7f) return null;
    if (KINDS[code]! <= EDGE) continue;
    const from = index;
    let to = index + 1;
    while (++index < length) {
      const next = text.charCodeAt(index);
      if (next > 0x7f) return null;
      const kind = KINDS[next]!;
      if (kind === BETWEEN) break;
      if (kind > EDGE) to = index + 1;
    }
    words.push(lower.slice(from, to));
  }
  return words;
}

/** How a text is written down to be found again, whatever stands between its words. Null for one without a word. */
export function unitOf(text: string): string | null {
  const words = wordsOf(text.length > MOST_CHARACTERS ? text.slice(0, MOST_CHARACTERS) : text);
  if (words.length === 0) return null;
  return joinedUnit(words);
}

/** The unit of words that are there already. */
export function joinedUnit(words: readonly string[]): string {
  let unit = words[0]!;
  let hasDigits = /[0-9]/.test(unit);
  for (let index = 1; index < words.length; index++) {
    unit += ` ${words[index]}`;
    hasDigits ||= /[0-9]/.test(words[index]!);
  }
  if (!hasDigits) return unit;
  const squeezed = words.length === 1 ? unit : words.join("");
  return isTellingNumber(squeezed) ? numberUnit(squeezed) : unit;
}

/** Whether a text is mostly one long number: a phone, a card, an IBAN; and no date. */
export function isTellingNumber(text: string): boolean {
  let digits = 0;
  let letters = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code >= 0x30 && code <= 0x39) digits++;
    else if ((code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a) letters++;
    else if (code > 0x7f || code === AT_SIGN) return false;
  }
  return digits >= TELLING_DIGITS && letters <= digits / 2 && !(digits <= TELLING_DIGITS && DATE.test(text));
}

const AT_SIGN = 0x40;

function numberUnit(text: string): string {
  return `#${text.replace(/[^a-z0-9]/gi, "").toLowerCase()}`;
}
