/** A part of a regular expression. Enough for what describes an identifier: no look-around, no back references, no anchors but around the whole. */
export type Pattern =
  | { readonly kind: "chars"; readonly ranges: readonly Range[] }
  | { readonly kind: "all"; readonly parts: readonly Pattern[] }
  | { readonly kind: "any"; readonly parts: readonly Pattern[] }
  | { readonly kind: "repeat"; readonly part: Pattern; readonly min: number; readonly max: number };

/** Character codes, both ends included. */
export type Range = readonly [from: number, to: number];

const DIGITS: Range = [0x30, 0x39];
const SPECIAL = new Set([..."()[]{}|?*+.^$\\"]);

/** More copies than this describe no identifier. */
const MAX_REPEAT = 100;

/** Whether a pattern describes one text and no other. */
export function isOneText(pattern: Pattern): boolean {
  if (pattern.kind === "chars") return pattern.ranges.length === 1 && pattern.ranges[0]![0] === pattern.ranges[0]![1];
  if (pattern.kind === "repeat") return pattern.max === 0 || (pattern.min === pattern.max && isOneText(pattern.part));
  return (pattern.kind === "all" || pattern.parts.length === 1) && pattern.parts.every(isOneText);
}

/** Reads a regular expression, null where it says what is not understood. */
export function parseRegexp(source: string): Pattern | null {
  const text = source.replace(/^\^/, "").replace(/(?<!\\)\$$/, "");
  let at = 0;
  const pattern = alternatives();
  return pattern === null || at < text.length ? null : pattern;

  function alternatives(): Pattern | null {
    const parts: Pattern[] = [];
    do {
      const part = sequence();
      if (part === null) return null;
      parts.push(part);
    } while (take("|"));
    return parts.length === 1 ? parts[0]! : { kind: "any", parts };
  }

  function sequence(): Pattern | null {
    const parts: Pattern[] = [];
    while (at < text.length && text[at] !== "|" && text[at] !== ")") {
      const part = repeated();
      if (part === null) return null;
      parts.push(part);
    }
    return { kind: "all", parts };
  }

  function repeated(): Pattern | null {
    const part = single();
    if (part === null) return null;
    if (take("?")) return { kind: "repeat", part, min: 0, max: 1 };
    if (take("*")) return { kind: "repeat", part, min: 0, max: MAX_REPEAT };
    if (take("+")) return { kind: "repeat", part, min: 1, max: MAX_REPEAT };
    const times = /^\{(\d+)(,?)(\d*)\}/.exec(text.slice(at));
    if (times === null) return part;
    at += times[0].length;
    const min = Number(times[1]);
    const max = times[2] === "" ? min : times[3] === "" ? MAX_REPEAT : Number(times[3]);
    return min > max || max > MAX_REPEAT ? null : { kind: "repeat", part, min, max };
  }

  function single(): Pattern | null {
    if (take("(")) {
      if (text.startsWith("?", at) && !take("?:")) return null;
      const inner = alternatives();
      return inner !== null && take(")") ? inner : null;
    }
    if (take("[")) return charClass();
    const range = oneChar();
    return range === null ? null : { kind: "chars", ranges: [range] };
  }

  function charClass(): Pattern | null {
    if (text[at] === "^") return null;
    const ranges: Range[] = [];
    while (at < text.length && text[at] !== "]") {
      const first = oneChar(true);
      if (first === null) return null;
      if (text[at] === "-" && at + 1 < text.length && text[at + 1] !== "]" && first[0] === first[1]) {
        at++;
        const last = oneChar(true);
        if (last === null || last[0] !== last[1] || last[0] < first[0]) return null;
        ranges.push([first[0], last[0]]);
      } else ranges.push(first);
    }
    return take("]") && ranges.length > 0 ? { kind: "chars", ranges } : null;
  }

  function oneChar(isInClass = false): Range | null {
    const char = text[at];
    if (char === undefined || (!isInClass && SPECIAL.has(char) && char !== "\\")) return null;
    at++;
    if (char !== "\\") return [char.charCodeAt(0), char.charCodeAt(0)];
    const escaped = text[at++];
    if (escaped === "d") return DIGITS;
    if (escaped === undefined || /[A-Za-z0-9]/.test(escaped)) return null;
    return [escaped.charCodeAt(0), escaped.charCodeAt(0)];
  }

  function take(token: string): boolean {
    if (!text.startsWith(token, at)) return false;
    at += token.length;
    return true;
  }
}
