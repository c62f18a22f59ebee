import { backslashText } from "../backslash-text.ts";

const LETTERS = { "\b": "b", "\t": "t", "\n": "n", "\v": "v", "\f": "f", "\r": "r", "\\": "\\" };
const CHARACTERS: Readonly<Record<string, string>> = { b: "\b", t: "\t", n: "\n", v: "\v", f: "\f", r: "\r" };

/** Text form of PostgreSQL's COPY: tab between cells, newline behind rows, backslash escapes, `\N` for NULL (PostgreSQL manual, COPY, "Text Format"). */
export const copyFormat = backslashText({
  id: "copy-text",
  letters: LETTERS,
  pattern: /\\([0-7]{1,3}|x[0-9a-fA-F]{1,2}|[\s\S])/g,
  meaning(code) {
    // The server itself writes letters only; octal and hexadecimal bytes are allowed in what others made.
    if (/^[0-7]/.test(code)) return String.fromCharCode(Number.parseInt(code, 8) & 0xff);
    if (/^x./.test(code)) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
    return CHARACTERS[code] ?? code;
  },
});
