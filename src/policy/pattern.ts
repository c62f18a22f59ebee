/** A pattern of names: `*.email`, `audit_*`, `/_ip$/`. */
export interface Pattern {
  readonly text: string;
  matches(name: string): boolean;
  /** How narrow it is. Of two patterns that match, the one whose first differing number is larger wins. */
  readonly specificity: readonly [isGlob: number, literals: number];
}

const EXPRESSION = /^\/(.*)\/([a-z]*)$/s;

/** Whether a name in a policy is a pattern: it holds `*`, or stands between slashes. */
export function isPattern(text: string): boolean {
  return text.includes("*") || EXPRESSION.test(text);
}

/**
 * Reads a pattern. `*` stands for any run of characters; between slashes stands a regular expression, with `i` behind it where case says nothing.
 * Null where the expression is none.
 *
 * A pattern with `*` beats an expression, and of two of a kind the one with more characters that stand for themselves beats the other.
 */
export function parsePattern(text: string): Pattern | null {
  const [, source, flags] = EXPRESSION.exec(text) ?? [];
  if (source !== undefined) {
    // Other flags change nothing about whether a name matches, or make it match by turns (g, y).
    const expression = source === "" || !["", "i"].includes(flags!) ? null : compile(source, flags!);
    if (expression === null) return null;
    return { text, matches: (name) => expression.test(name), specificity: [0, literalsOf(source)] };
  }
  const parts = text.split("*");
  const expression = new RegExp(`^${parts.map((part) => part.replace(/[\\^$.|?+()[\]{}/]/g, "\\$&")).join(".*")}$`, "s");
  return { text, matches: (name) => expression.test(name), specificity: [1, parts.join("").length] };
}

/** Above 0 where `one` is the narrower. */
export function compareSpecificity(one: readonly number[], other: readonly number[]): number {
  const at = one.findIndex((number, index) => number !== other[index]);
  return at < 0 ? 0 : one[at]! - other[at]!;
}

function compile(source: string, flags: string): RegExp | null {
  try {
    return new RegExp(source, flags);
  } catch {
    return null;
  }
}

/** Characters of an expression that stand for themselves: not those of a class, a count or `\d`. */
function literalsOf(source: string): number {
  return source.replace(/\\[a-zA-Z]|\[[^\]]*\]|\{[^}]*\}/g, "").replace(/\W/g, "").length;
}
