/** Cuts or pads to the width of a terminal's columns; an East Asian character takes two. */
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

function widthOf(text: string): number {
  let width = 0;
  for (const character of text) {
    width += /[\u1100-\u115f\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uff60]/.test(character) ? 2 : 1;
  }
  return width;
}
