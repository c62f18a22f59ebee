/** Whether a text has more than `maxLength` characters (code points). */
export function isLonger(text: string, maxLength: number): boolean {
  if (text.length <= maxLength) return false;
  let count = 0;
  for (const _ of text) count++;
  return count > maxLength;
}

/** The first characters of a text, without a space at their end. */
export function cutText(text: string, maxLength: number): string {
  return [...text].slice(0, Math.max(0, maxLength)).join("").trimEnd();
}
