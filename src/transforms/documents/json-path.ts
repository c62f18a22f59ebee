import type { DocumentPath, PathStep, Selector } from "./path-states.ts";

/** The children of an object, and those of a list. */
export const MEMBER = 0;
export const ITEM = 1;

/** RFC 9535 §2.5.1.1: member-name-shorthand. */
const NAME = /[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*/y;
const INDEX = /0|[1-9]\d*/y;
const QUOTED = /'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"/y;

/** Reads the part of JSONPath (RFC 9535) that names places. Null for what is no such path. */
export function parseJsonPath(path: string): DocumentPath | null {
  const isName = path.endsWith("~");
  const text = isName ? path.slice(0, -1) : path;
  if (!text.startsWith("$")) return null;
  const steps: PathStep[] = [];
  let at = 1;
  const take = (pattern: RegExp): string | null => {
    pattern.lastIndex = at;
    const [found = null] = pattern.exec(text) ?? [];
    if (found !== null) at += found.length;
    return found;
  };
  const takeSign = (sign: string): boolean => {
    if (!text.startsWith(sign, at)) return false;
    at += sign.length;
    return true;
  };
  const bracketed = (): Selector | null => {
    if (takeSign("*")) return EVERY;
    const index = take(INDEX);
    if (index !== null) return { of: ITEM, name: Number(index) };
    const quoted = take(QUOTED);
    const name = quoted === null ? null : unquoted(quoted);
    return name === null ? null : { of: MEMBER, name };
  };
  while (at < text.length) {
    const isDescendant = takeSign("..");
    const selectors: Selector[] = [];
    if (takeSign("[")) {
      do {
        take(/\s*/y);
        const selector = bracketed();
        if (selector === null) return null;
        selectors.push(selector);
        take(/\s*/y);
      } while (takeSign(","));
      if (!takeSign("]")) return null;
    } else {
      if (!isDescendant && !takeSign(".")) return null;
      const name = takeSign("*") ? "" : take(NAME);
      if (name === null) return null;
      selectors.push(name === "" ? EVERY : { of: MEMBER, name });
    }
    steps.push({ isDescendant, selectors });
  }
  return isName && steps.length === 0 ? null : { steps, isName };
}

const EVERY: Selector = { of: null, name: null };

/** What is wrong with a path, null where nothing is. */
export function jsonPathProblem(path: string): string | null {
  return parseJsonPath(path) === null
    ? "is no path: write $.name, $['a name'], $.list[*].name, $.list[0], $..name or $.name~ (the name itself)"
    : null;
}

/** RFC 9535 §2.3.1.1: the escapes of JSON, and both quotes. */
function unquoted(text: string): string | null {
  const within = text.slice(1, -1);
  const inJson = within.replaceAll(/\\.|"/gs, (found) => (found === "\\'" ? "'" : found === '"' ? '\\"' : found));
  try {
    return JSON.parse(`"${inJson}"`);
  } catch {
    return null;
  }
}
