import { isTellingNumber, unitOf, wordsOf } from "../../src/verify/text-units.ts";

/** What may be found in a text, written out the plain way: the whole of it, its runs of one to four words, and its numbers however they are grouped. */
export function writtenUnits(text: string): readonly string[] {
  const words = wordsOf(text);
  const whole = words.length > 4 ? unitOf(text) : null;
  const units = whole === null ? [] : [whole];
  for (let first = 0; first < words.length; first++) {
    for (let count = 1; count <= 7 && first + count <= words.length; count++) {
      const some = words.slice(first, first + count);
      const squeezed = some.join("");
      if (count <= 4) units.push(some.join(" "));
      if (isTellingNumber(squeezed)) units.push(`#${squeezed.replace(/[^a-z0-9]/g, "")}`);
      else if (count >= 4 && !/\d/.test(squeezed)) break;
    }
  }
  return units;
}

/** The words of a text by expressions, as `wordsOf` finds them. */
export function writtenWords(text: string): readonly string[] {
  const found = text.normalize("NFC").match(/[\p{L}\p{M}\p{N}@._+'’%#~-]+/gu) ?? [];
  return found.map((one) => one.replace(/^[._+'’%#~-]+|[._+'’%#~-]+$/g, "").toLowerCase()).filter((word) => word !== "");
}
