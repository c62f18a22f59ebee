/** Cuts or pads to the width of a terminal's columns; an East Asian character and an emoji take two, a mark on the character before it none. */
export function fittedText(text: string, limit: number): string {
  const width = widthOf(text);
  if (width <= limit) return text + " ".repeat(limit - width);
  let cut = "";
  let room = limit - 1;
  for (const character of text) {
    room -= widthOf(character);
    if (room < 0) break;
    cut += character;
  }
  cut += "…";
  return cut + " ".repeat(Math.max(0, limit - widthOf(cut)));
}

const WIDE =
  /[\u1100-\u115f\u2e80-\u9fff\ua960-\ua97f\uac00-\ud7af\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;
const WITHOUT_WIDTH = /[\p{Mn}\p{Me}\u1160-\u11ff]/u;

export function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += WITHOUT_WIDTH.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
  return width;
}
