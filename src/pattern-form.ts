/** A capturing group of a regular expression. */
export interface PatternGroup {
  /** From 1, by its opening bracket. */
  readonly number: number;
  readonly name: string | null;
  /** It may hold several pieces of a text one after the other, of which only the last can be seen. */
  readonly isRepeated: boolean;
  /** The capturing groups that it stands in. */
  readonly within: readonly number[];
}

/** What a look at a regular expression shows. */
export interface PatternForm {
  readonly groups: readonly PatternGroup[];
  /** Why it may take time without end on some text, null where nothing says so. */
  readonly danger: string | null;
}

interface Frame {
  readonly capture: number | null;
  readonly name: string | null;
  readonly repeatsFrom: number;
  hasUnbounded: boolean;
  hasRange: boolean;
  /** The first sign of each alternative: a literal, or null for what may be several. */
  starts: (string | null)[];
  isAtStart: boolean;
}

interface Quantifier {
  readonly min: number;
  readonly max: number;
  readonly isRange: boolean;
  readonly length: number;
}

/** As often as this, a piece of bounded length may be repeated: an address of four numbers is one. */
const FEW_TIMES = 10;

/**
 * Reads a regular expression that JavaScript takes: its groups, and whether matching it may take time that doubles with each character, as a repetition within a
 * repetition may (`(a+)+`), alternatives in one that begin alike (`(a|ab)*`), and a reference back to a group.
 */
export function readPattern(source: string): PatternForm {
  const groups: PatternGroup[] = [];
  const stack: Frame[] = [newFrame(null, null, 0)];
  const closed: { readonly capture: number; readonly parents: readonly number[]; readonly name: string | null }[] = [];
  const repeated = new Set<number>();
  let captures = 0;
  let danger: string | null = null;
  const top = () => stack[stack.length - 1]!;
  const begin = (sign: string | null) => {
    if (top().isAtStart) top().starts.push(sign);
    top().isAtStart = false;
  };
  const repeat = (inner: Frame | null, at: number): number => {
    const quantifier = quantifierAt(source, at);
    if (quantifier === null) return at;
    const { max, isRange, length } = quantifier;
    if (inner !== null && max > 1) {
      if (inner.hasUnbounded) danger ??= "repeats what is a repetition itself";
      if (inner.hasRange && max > FEW_TIMES) danger ??= "repeats what is a repetition itself";
      if (max > FEW_TIMES && beginAlike(inner.starts)) danger ??= "repeats alternatives that may begin alike";
      for (let group = inner.repeatsFrom + 1; group <= captures; group++) repeated.add(group);
    }
    if (max === Number.POSITIVE_INFINITY) top().hasUnbounded = true;
    if (isRange) top().hasRange = true;
    return at + length;
  };
  for (let at = 0; at < source.length; ) {
    const sign = source[at]!;
    if (sign === "\\") {
      if (/^\\(?:[1-9]|k<)/.test(source.slice(at, at + 3))) danger ??= "refers back to a group";
      begin(/^\\[^dDwWsSpPbB]/.test(source.slice(at, at + 2)) ? source.slice(at, at + 2) : null);
      at = repeat(null, at + escapeLength(source, at));
    } else if (sign === "[") {
      begin(null);
      at = repeat(null, classEnd(source, at));
    } else if (sign === "(") {
      begin(null);
      const [head, name] = /^\((?:\?(?:[:=!]|<[=!]|<([^>]*)>|[a-z-]*:))?/.exec(source.slice(at)) ?? ["("];
      const isCapture = head === "(" || name !== undefined;
      stack.push(newFrame(isCapture ? captures + 1 : null, name ?? null, captures));
      if (isCapture) captures++;
      at += head.length;
    } else if (sign === ")" && stack.length > 1) {
      const inner = stack.pop()!;
      if (inner.capture !== null) {
        const parents = stack.flatMap(({ capture }) => (capture === null ? [] : [capture]));
        closed.push({ capture: inner.capture, parents, name: inner.name });
      }
      at = repeat(inner, at + 1);
      top().hasUnbounded ||= inner.hasUnbounded;
      top().hasRange ||= inner.hasRange;
    } else if (sign === "|") {
      if (top().isAtStart) top().starts.push(null);
      top().isAtStart = true;
      at++;
    } else {
      begin(sign === "." || sign === "^" || sign === "$" ? null : sign);
      at = repeat(null, at + 1);
    }
  }
  for (const { capture, parents, name } of closed.sort((one, other) => one.capture - other.capture))
    groups.push({ number: capture, name, isRepeated: repeated.has(capture), within: parents });
  return { groups, danger };
}

/** What is wrong with a regular expression of the user's, null where nothing is. */
export function patternProblem(source: unknown): string | null {
  if (typeof source !== "string" || source === "") return "must be a regular expression, as text";
  try {
    new RegExp(source, "u");
  } catch {
    return "is no regular expression (of JavaScript, with the flag u)";
  }
  const { danger } = readPattern(source);
  return danger === null ? null : `${danger}, which may take time without end`;
}

function newFrame(capture: number | null, name: string | null, repeatsFrom: number): Frame {
  return { capture, name, repeatsFrom, hasUnbounded: false, hasRange: false, starts: [], isAtStart: true };
}

function beginAlike(starts: readonly (string | null)[]): boolean {
  return starts.length > 1 && (starts.includes(null) || new Set(starts).size < starts.length);
}

export function escapeLength(source: string, at: number): number {
  const [whole] = /^\\(?:[pP]\{[^}]*\}|u\{[^}]*\}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|k<[^>]*>|c[A-Za-z]|[\s\S])/.exec(
    source.slice(at),
  ) ?? ["\\"];
  return whole.length;
}

export function classEnd(source: string, from: number): number {
  for (let at = from + 1; at < source.length; at++) {
    if (source[at] === "\\") at++;
    else if (source[at] === "]") return at + 1;
  }
  return source.length;
}

export function quantifierAt(source: string, at: number): Quantifier | null {
  const found = /^(?:([*+?])|\{(\d+)(,(\d*))?\})\??/.exec(source.slice(at, at + 24));
  if (found === null) return null;
  const [{ length }, sign, low, comma, high] = found;
  if (sign !== undefined)
    return { min: sign === "+" ? 1 : 0, max: sign === "?" ? 1 : Number.POSITIVE_INFINITY, isRange: true, length };
  const max = comma === undefined ? Number(low) : high === "" ? Number.POSITIVE_INFINITY : Number(high);
  return { min: Number(low), max, isRange: comma !== undefined, length };
}
