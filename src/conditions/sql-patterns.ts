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

/** A pattern of POSIX, PostgreSQL or PCRE as JavaScript's. Undefined where that does not read it, or would read it otherwise. */
export function regexpPattern(pattern: string, ignoresCase: boolean): RegExp | undefined {
  return remembered(`~${ignoresCase}${pattern}`, () => readRegexp(pattern, ignoresCase));
}

function readRegexp(pattern: string, ignoresCase: boolean): RegExp | undefined {
  // Directors (***:), word edges of PostgreSQL and back references are beyond us.
  if (/^\*\*\*|\\[mMyYAZ1-9]|\(\?[^:=!]/.test(pattern)) return undefined;
  const translated = pattern.replace(/\[:(\w+):\]/g, (whole, name: string) => CLASSES[name] ?? whole);
  for (const flags of translated === pattern ? ["u", ""] : ["u"]) {
    try {
      return new RegExp(translated, flags + (ignoresCase ? "i" : ""));
    } catch {}
  }
  return undefined;
}

/** A LIKE pattern, whose escape is the backslash. */
export function likePattern(pattern: string, ignoresCase: boolean): RegExp {
  return remembered(`%${ignoresCase}${pattern}`, () => readLike(pattern, ignoresCase))!;
}

/** Conditions are asked row by row, and their patterns are few; some are made from cells, so not all are kept. */
const MOST_REMEMBERED = 200;
const REMEMBERED = new Map<string, RegExp | undefined>();

function remembered(key: string, make: () => RegExp | undefined): RegExp | undefined {
  if (REMEMBERED.has(key)) return REMEMBERED.get(key);
  const made = make();
  if (REMEMBERED.size >= MOST_REMEMBERED) REMEMBERED.clear();
  REMEMBERED.set(key, made);
  return made;
}

function readLike(pattern: string, ignoresCase: boolean): RegExp {
  const source = pattern.replace(/\\([\s\S])|[%_]|[.*+?^${}()|[\]\\/]/g, (found, escaped?: string) => {
    if (escaped !== undefined) return escapeSign(escaped);
    if (found === "%") return "[\\s\\S]*";
    return found === "_" ? "[\\s\\S]" : escapeSign(found);
  });
  return new RegExp(`^${source}$`, `u${ignoresCase ? "i" : ""}`);
}

const escapeSign = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
