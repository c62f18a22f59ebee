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

const GRAPHEMES = new Intl.Segmenter("und", { granularity: "grapheme" });
/** Marks, joiners, variation selectors, modifiers, regional letters and Hangul's: what a cut may part. */
const JOINING = /\p{M}|\u200c|\u200d|[\u{1f3fb}-\u{1f3ff}]|[\u{1f1e6}-\u{1f1ff}]|[\u1100-\u11ff]/u;

function wholeCharacters(cut: string, text: string): string {
  if (cut.length === text.length || !JOINING.test(text)) return cut;
  let end = 0;
  for (const { index, segment } of GRAPHEMES.segment(text)) {
    if (index + segment.length > cut.length) break;
    end = index + segment.length;
  }
  return text.slice(0, end);
}
