import { INCOMPLETE, type Incomplete } from "./mysql-dump-token.ts";

/** The client's own line `DELIMITER ;;`. */
const LINE = /^delimiter[ \t]+([^\s]*)[ \t\r]*$/i;
/** What ends statements in dumps: nothing that could be a part of one. */
const DELIMITERS = new Set([";", ";;", "$$", "//", "|", "||"]);
const NEWLINE = 0x0a;
const LONGEST = 256;

/** Reads the line at `at` where it is the client's word; null where it is another statement. `text` is null for one that no dump has. */
export function readDelimiter(
  bytes: Buffer,
  at: number,
  to: number,
  isLast: boolean,
): { readonly text: string | null; readonly end: number } | null | Incomplete {
  // A D alone may be cut off.
  if ((bytes[at]! | 0x20) !== 0x64) return null;
  const newline = bytes.indexOf(NEWLINE, at);
  const end = newline >= 0 && newline < to ? newline : to;
  if (end === to && !isLast && to - at < LONGEST) return INCOMPLETE;
  const line = bytes.toString("latin1", at, Math.min(end, at + LONGEST));
  if (!/^delimiter(?:\s|$)/i.test(line)) return null;
  const text = LINE.exec(line)?.[1] ?? "";
  return { text: DELIMITERS.has(text) ? text : null, end: Math.min(end + 1, to) };
}
