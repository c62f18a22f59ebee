/** Words of the longest text that is looked for inside of other texts: a name, a street with its number. */
const MOST_WORDS = 4;

/** Groups that an IBAN or a card may be written in. */
const MOST_GROUPS = 7;

/** Digits that make a number telling: a year, a price or a date without hyphens has fewer, or looks like one. */
const TELLING_DIGITS = 8;

/** Longer texts are looked for as a whole alone, and by their beginning. */
const MOST_CHARACTERS = 2_000;

const ASCII = /^[\x00-\x7f]*$/;
const ASCII_WORD = /[A-Za-z0-9@._+'%#~-]+/g;
const WORD = /[\p{L}\p{M}\p{N}@._+'’%#~-]+/gu;
const EDGES = /^[._+'’%#~-]+|[._+'’%#~-]+$/g;
const DATE = /^(?:1[89]|20)\d\d[-/.]?(?:0[1-9]|1[0-2])[-/.]?(?:0[1-9]|[12]\d|3[01])/;

/** Longer texts are gone through in windows, so that a cell of many megabytes takes no more memory, each with the end of the one before. */
const WINDOW = 65_536;
const OVERLAP = 1_024;

/** A text in parts in which everything short that is in the text can be found. */
export function* windowsOf(text: string): Generator<string> {
  for (let start = 0; ; start += WINDOW - OVERLAP) {
    yield text.slice(start, start + WINDOW);
    if (start + WINDOW >= text.length) return;
  }
}

/** The words of a text in lower case, without the signs around them: `Dear Jane O'Neill, <jane@acme.com>` has four. */
export function wordsOf(text: string): string[] {
  const isAscii = ASCII.test(text);
  const found = (isAscii ? text : text.normalize("NFC")).match(isAscii ? ASCII_WORD : WORD) ?? [];
  const words: string[] = [];
  for (const one of found) {
    const word = one.replace(EDGES, "").toLowerCase();
    if (word !== "") words.push(word);
  }
  return words;
}

/** How a text is written down to be found again, whatever stands between its words. Null for one without a word. */
export function unitOf(text: string): string | null {
  const words = wordsOf(text.length > MOST_CHARACTERS ? text.slice(0, MOST_CHARACTERS) : text);
  if (words.length === 0) return null;
  const squeezed = words.join("");
  return isTellingNumber(squeezed) ? numberUnit(squeezed) : words.join(" ");
}

/**
 * Everything that may be found in a text: the whole of it, its runs of one to four words, and its numbers however they are grouped.
 */
export function unitsIn(text: string): string[] {
  const words = wordsOf(text);
  const units: string[] = [];
  const whole = words.length > MOST_WORDS ? unitOf(text) : null;
  if (whole !== null) units.push(whole);
  for (let first = 0; first < words.length; first++) {
    let run = "";
    let squeezed = "";
    for (let count = 1; count <= MOST_GROUPS && first + count <= words.length; count++) {
      const word = words[first + count - 1]!;
      if (count <= MOST_WORDS) {
        run = count === 1 ? word : `${run} ${word}`;
        units.push(run);
      }
      squeezed += word;
      if (isTellingNumber(squeezed)) units.push(numberUnit(squeezed));
      else if (count >= MOST_WORDS && !/\d/.test(squeezed)) break;
    }
  }
  return units;
}

/** Whether a text is mostly one long number: a phone, a card, an IBAN; and no date. */
export function isTellingNumber(text: string): boolean {
  if (text.includes("@")) return false;
  let digits = 0;
  let letters = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code >= 0x30 && code <= 0x39) digits++;
    else if ((code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a) letters++;
    else if (code > 0x7f) return false;
  }
  return digits >= TELLING_DIGITS && letters <= digits / 2 && !(digits <= TELLING_DIGITS && DATE.test(text));
}

function numberUnit(text: string): string {
  return `#${text.replace(/[^a-z0-9]/gi, "").toLowerCase()}`;
}
