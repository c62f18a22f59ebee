import type { Preview } from "../pipeline/preview-rows.ts";
import { fittedText } from "./fitted-text.ts";
import { type Paint, paintFor } from "./paint.ts";

const WIDEST = 60;

/** Rows before and after, column by column, with the changed part of each value marked. */
export function previewLines({ table, columns, originals, masked }: Preview, output: NodeJS.WriteStream): readonly string[] {
  const paint = paintFor(output);
  const nameWidth = Math.min(28, Math.max(...columns.map(({ name }) => name.length), 6));
  const width = Math.min(WIDEST, Math.max(20, Math.floor(((output.columns || 100) - nameWidth - 4) / 2)));
  const rows = masked[0]?.length ?? 0;
  if (rows === 0) return [`${table} has no rows.`];
  const lines = [`${paint("bold", table)}  ${paint("dim", "original, then as a run writes it")}`];
  for (let row = 0; row < rows; row++) {
    lines.push("", paint("dim", `row ${row + 1}`));
    for (const [index, { name, decision }] of columns.entries()) {
      const [before, after] = [visible(originals[index]![row]!), visible(masked[index]![row]!)];
      const shown =
        decision === "keep"
          ? paint("dim", fittedText(after, width).trimEnd())
          : marked(before, fittedText(after, width).trimEnd(), paint);
      lines.push(`  ${paint("dim", fittedText(name, nameWidth))} ${fittedText(before, width)} ${shown}`);
    }
  }
  return lines;
}

/** What the two begin and end with alike stays plain, the rest is coloured. */
function marked(before: string, after: string, paint: Paint): string {
  let start = 0;
  while (start < Math.min(before.length, after.length) && before[start] === after[start]) start++;
  if (start === before.length && start === after.length) return `${after} ${paint("yellow", "(as it was)")}`;
  let end = 0;
  while (end < Math.min(before.length, after.length) - start && before.at(-1 - end) === after.at(-1 - end)) end++;
  const until = after.length - end;
  return after.slice(0, start) + paint("green", after.slice(start, until)) + after.slice(until);
}

/** A value may hold what a terminal takes for a command. */
function visible(value: string | null): string {
  if (value === null) return "NULL";
  return value.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, (sign) => {
    const short: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };
    return short[sign] ?? `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}
