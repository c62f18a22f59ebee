/** Whether a text has more than `maxLength` characters (code points). */
export function isLonger(text: string, maxLength: number): boolean {
  if (text.length <= maxLength) return false;
  let count = 0;
  for (const _ of text) count++;
  return count > maxLength;
}

/** The first characters of a text, without a space at their end. What is read as one character (`é` as two, a family of emoji) is not cut in two. */
export function cutText(text: string, maxLength: number): string {
  const cut = [...text].slice(0, Math.max(0, maxLength)).join("");
  return wholeCharacters(cut, text).trimEnd();
}

let graphemes: Intl.Segmenter | null = null;

/**
 * Marks, joiners, variation selectors, tags, modifiers, regional letters, Hangul's, the vowel of Thai and Lao, and the letters of some Indic scripts that go with
 * the next one (Prepend, UAX #29): what a cut may part.
 */
const JOINING =
  /\r|\p{M}|\p{Cf}|[\u0e33\u0eb3\u1100-\u11ff\ua960-\ua97c\ud7b0-\ud7fb\uff9e\uff9f]|[\u{1f3fb}-\u{1f3ff}]|[\u{1f1e6}-\u{1f1ff}]|[\u0d4e\u{111c2}\u{111c3}\u{113d1}\u{1193f}\u{11941}\u{11a3a}\u{11a84}-\u{11a89}\u{11d46}\u{11f02}]/u;

function wholeCharacters(cut: string, text: string): string {
  if (cut.length === text.length || !JOINING.test(text)) return cut;
  let end = 0;
  graphemes ??= new Intl.Segmenter("und", { granularity: "grapheme" });
  for (const { index, segment } of graphemes.segment(text)) {
    if (index + segment.length > cut.length) break;
    end = index + segment.length;
  }
  return text.slice(0, end);
}
