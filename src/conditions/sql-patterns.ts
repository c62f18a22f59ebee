import { longestText } from "../pattern-cost.ts";

const CLASSES: Readonly<Record<string, string>> = {
  alpha: "\\p{L}",
  digit: "0-9",
  alnum: "\\p{L}\\p{N}",
  upper: "\\p{Lu}",
  lower: "\\p{Ll}",
  space: "\\s",
  punct: "!-\\/:-@\\[-`{-~",
  xdigit: "0-9A-Fa-f",
  word: "\\w",
};

/** A pattern, ready to be asked about texts: undefined about one that is too long for it to be asked in good time. */
export interface SqlPattern {
  test(text: string): boolean | undefined;
}

/** A pattern of POSIX, PostgreSQL or PCRE as JavaScript's. Undefined where that does not read it, or would read it otherwise. */
export function regexpPattern(pattern: string, ignoresCase: boolean): SqlPattern | undefined {
  return remembered(`~${ignoresCase}${pattern}`, () => readRegexp(pattern, ignoresCase));
}

function readRegexp(pattern: string, ignoresCase: boolean): SqlPattern | undefined {
  // Directors (***:), word edges of PostgreSQL and back references are beyond us.
  if (/^\*\*\*|\\[mMyYAZ1-9]|\(\?[^:=!]/.test(pattern)) return undefined;
  const translated = pattern.replace(/\[:(\w+):\]/g, (whole, name: string) => CLASSES[name] ?? whole);
  for (const flags of translated === pattern ? ["u", ""] : ["u"]) {
    try {
      const made = new RegExp(translated, flags + (ignoresCase ? "i" : ""));
      const longest = longestText(translated);
      return { test: (text) => (text.length > longest ? undefined : made.test(text)) };
    } catch {}
  }
  return undefined;
}

/** A LIKE pattern, whose escape is the backslash. */
export function likePattern(pattern: string, ignoresCase: boolean): SqlPattern {
  return remembered(`%${ignoresCase}${pattern}`, () => readLike(pattern, ignoresCase))!;
}

/** Conditions are asked row by row, and their patterns are few; some are made from cells, so not all are kept. */
const MOST_REMEMBERED = 200;
const REMEMBERED = new Map<string, SqlPattern | undefined>();

function remembered(key: string, make: () => SqlPattern | undefined): SqlPattern | undefined {
  if (REMEMBERED.has(key)) return REMEMBERED.get(key);
  const made = make();
  if (REMEMBERED.size >= MOST_REMEMBERED) REMEMBERED.clear();
  REMEMBERED.set(key, made);
  return made;
}

/** What stands between two `%` is looked for from the left, the last from the end: one expression for all of it would try every way to share the text out. */
function readLike(pattern: string, ignoresCase: boolean): SqlPattern {
  const flags = `u${ignoresCase ? "i" : ""}`;
  const pieces = (pattern.match(/%|(?:\\[\s\S]|[^%])+/g) ?? []).map((piece) => (piece === "%" ? null : literalPiece(piece)));
  const isWhole = !pieces.includes(null);
  const start = new RegExp(`^${pieces[0] ?? ""}${isWhole ? "$" : ""}`, flags);
  if (isWhole) return start;
  const end = new RegExp(`${pieces.at(-1) ?? ""}$`, flags);
  const searches = pieces.slice(1, -1).flatMap((piece) => (piece === null ? [] : [new RegExp(piece, `g${flags}`)]));
  return {
    test(text) {
      let at = start.exec(text)?.[0].length;
      for (const search of searches) {
        if (at === undefined) return false;
        search.lastIndex = at;
        at = search.test(text) ? search.lastIndex : undefined;
      }
      const found = end.exec(text);
      return at !== undefined && found !== null && text.length - found[0].length >= at;
    },
  };
}

function literalPiece(piece: string): string {
  return piece.replace(/\\([\s\S])|_|[.*+?^${}()|[\]\\/]/g, (found, escaped?: string) =>
    escaped !== undefined ? escapeSign(escaped) : found === "_" ? "[\\s\\S]" : escapeSign(found),
  );
}

const escapeSign = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
