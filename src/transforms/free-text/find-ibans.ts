import { IBAN_STRUCTURES } from "../ids/iban-countries.ts";
import type { FindKind } from "./find-matches.ts";

const START = /(?<![A-Z\d])[A-Z]{2}\d\d(?=[ \u00a0-]?[A-Z\d])/gi;
const CHARACTER = /[ \u00a0-]?[A-Z\d]/iy;
const LONGEST = 34;

/** Finds IBANs by their country's length, printed in groups or not: the words behind one may look like more of it. */
export const findIbans: FindKind = (text, say) => {
  for (const { 0: start, index } of text.matchAll(START)) {
    const country = start.slice(0, 2).toUpperCase();
    let iban = start;
    CHARACTER.lastIndex = index + start.length;
    for (let at = CHARACTER.lastIndex; iban.length < LONGEST && CHARACTER.test(text); at = CHARACTER.lastIndex) {
      iban += text.slice(at, CHARACTER.lastIndex).at(-1);
      const end = CHARACTER.lastIndex;
      if (IBAN_STRUCTURES.has(country + iban.length) && !LETTER_OR_DIGIT.test(text[end] ?? "") && isIban(iban)) say(index, end);
    }
  }
};

const LETTER_OR_DIGIT = /[\p{L}\d]/u;

/** ISO 13616-1: the remainder of 97, letters as 10 to 35. */
function isIban(iban: string): boolean {
  let rest = 0;
  for (const character of iban.slice(4) + iban.slice(0, 4)) {
    const value = Number.parseInt(character, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
}
