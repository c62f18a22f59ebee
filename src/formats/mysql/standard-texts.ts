const MEANINGS: Readonly<Record<string, string>> = { "0": "\0", b: "\b", n: "\n", r: "\r", t: "\t", Z: "\x1a" };
const TEXT_OR_NAME = /`(?:[^`]|``)*`|'((?:[^'\\]|\\[\s\S]|'')*)'/g;

/**
 * An expression as a server or a dump writes it, with its texts as standard SQL has them: `'it\'s'` becomes `'it''s'`. What is escaped for LIKE alone stays so.
 */
export function standardTexts(expression: string): string {
  return expression.replace(TEXT_OR_NAME, (whole, text?: string) =>
    text === undefined ? whole : `'${text.replace(/\\([\s\S])/g, (escaped, letter: string) => meaningOf(letter) ?? escaped)}'`,
  );
}

function meaningOf(letter: string): string | undefined {
  if (letter === "'") return "''";
  return letter === "%" || letter === "_" ? undefined : (MEANINGS[letter] ?? letter);
}

/** An expression of MySQL's catalog as SHOW CREATE TABLE writes it: the catalog escapes quotes and backslashes once more. */
export const unescaped = (expression: string): string => expression.replace(/\\([\\'])/g, "$1");
