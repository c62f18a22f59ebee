/** Cuts or pads to the width of a terminal's columns; an East Asian character takes two. */
export function fittedText(text: string, limit: number): string {
  let width = 0;
  let cut = "";
  for (const character of text) {
    const columns = /[\u1100-\u115f\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uff60]/.test(character) ? 2 : 1;
    if (width + columns > limit - 1) {
      cut = `${cut}…`;
      width++;
      break;
    }
    cut += character;
    width += columns;
  }
  return cut + " ".repeat(Math.max(0, limit - width));
}
