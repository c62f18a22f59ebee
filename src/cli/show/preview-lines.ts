import type { ColumnValues } from "../../contracts.ts";
import type { Preview } from "../../pipeline/preview-rows.ts";
import { inertText } from "../../policy/parse/written-name.ts";
import { fittedText, widthOf } from "./fitted-text.ts";
import { type Paint, paintFor } from "./paint.ts";

const WIDEST = 60;
const NARROWEST = 8;
const WIDEST_NAME = 28;

/** Rows before and after, column by column: `~` where a value changed, with the changed part in colour, and `=` where a mask left it as it was. */
export function previewLines({ table, columns, originals, masked }: Preview, output: NodeJS.WriteStream): readonly string[] {
  const paint = paintFor(output);
  const room = output.columns || 100;
  const names = columns.map(({ name }) => inertText(name));
  const nameWidth = Math.min(WIDEST_NAME, Math.floor(room / 4), Math.max(...names.map(widthOf), 6));
  // Two of indent, the sign and the spaces between.
  const width = Math.min(WIDEST, Math.max(NARROWEST, Math.floor((room - nameWidth - 6) / 2)));
  const rows = masked[0]?.length ?? 0;
  if (rows === 0) return [`${inertText(table)} has no rows.`];
  const lines = [
    paint("bold", fittedText(inertText(table), room).trimEnd()),
    paint("dim", fittedText("original, then as a run writes it", room).trimEnd()),
    paint("dim", fittedText("~ changed, = left as it was", room).trimEnd()),
  ];
  for (let row = 0; row < rows; row++) {
    lines.push("", paint("dim", `row ${row + 1}`));
    for (const [index, { decision }] of columns.entries()) {
      const [before, after] = [originals[index]![row]!, masked[index]![row]!];
      const [original, written] = [shownIn(width, before), shownIn(width, after)];
      const isSame = before === after;
      const sign = decision === "keep" ? " " : isSame ? paint("yellow", "=") : paint("green", "~");
      const shown = decision === "keep" ? paint("dim", written) : isSame ? written : marked(original, written, paint);
      lines.push(`  ${paint("dim", fittedText(names[index]!, nameWidth))} ${fittedText(original, width)} ${sign} ${shown}`);
    }
  }
  return lines;
}

/** What the two begin and end with alike stays plain, the rest is coloured; by whole characters, or a half of one would be printed. */
function marked(original: string, written: string, paint: Paint): string {
  const [before, after] = [[...original], [...written]];
  let start = 0;
  while (start < Math.min(before.length, after.length) && before[start] === after[start]) start++;
  let end = 0;
  while (end < Math.min(before.length, after.length) - start && before.at(-1 - end) === after.at(-1 - end)) end++;
  const until = after.length - end;
  const changed = after.slice(start, until).join("");
  return after.slice(0, start).join("") + (changed === "" ? "" : paint("green", changed)) + after.slice(until).join("");
}

/** A cell as text that commands no terminal. NULL stands alone: texts that could be taken for it, or not be seen, stand in quotes. */
function shownIn(width: number, value: ColumnValues[number]): string {
  if (value === null) return "NULL";
  // No more is shown, and a cell may hold a hundred megabytes; a mark without width may follow each character.
  const start = value.slice(0, width * 8);
  const needsQuotes = value === "" || value === "NULL" || start.trim() !== start;
  const short = start.replace(/[\n\r\t]/g, (sign) => ({ "\n": "\\n", "\r": "\\r" })[sign] ?? "\\t");
  const shown = inertText(short);
  return fittedText(needsQuotes ? `"${shown}"` : shown, width).trimEnd();
}
