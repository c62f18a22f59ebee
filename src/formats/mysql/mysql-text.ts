import { backslashText, escapeLetters } from "../backslash-text.ts";

const LETTERS = { "\0": "0", "\t": "t", "\n": "n", "\\": "\\", "'": "'" };
const CHARACTERS: Readonly<Record<string, string>> = { "0": "\0", t: "\t", n: "\n" };

/** For those who write cells from bytes. */
export const MYSQL_ESCAPE_LETTERS = escapeLetters(LETTERS);

/**
 * MySQL's file format of LOAD DATA with its default terminators. With the quote among what is escaped, a cell's bytes can stand in such a file as well
 * as between the quotes of an SQL text.
 */
export const mysqlText = backslashText({
  id: "mysql-text",
  letters: LETTERS,
  pattern: /\\([\s\S])/g,
  meaning: (code) => CHARACTERS[code] ?? code,
});
