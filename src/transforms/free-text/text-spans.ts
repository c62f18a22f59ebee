import { cutText, isLonger } from "../fake/fake-text.ts";

/** What was found in a text, from `start` up to `end`. */
export interface TextSpan {
  readonly start: number;
  readonly end: number;
  /** What stands in its place; undefined where the rule `rule` says. */
  readonly replacement?: string | undefined;
  /** Position of the rule that masks it; -1 where it is redacted. */
  readonly rule: number;
}

/**
 * Spans that do not overlap: the one that starts first wins, of those the longest, of those the one found first. What a later one has beyond the end of
 * the winner is redacted: it is part of something that was found.
 */
export function resolveSpans(spans: readonly TextSpan[]): TextSpan[] {
  if (spans.length < 2) return [...spans];
  const sorted = spans
    .map((span, found) => ({ span, found }))
    .sort((one, other) => one.span.start - other.span.start || other.span.end - one.span.end || one.found - other.found);
  const resolved: TextSpan[] = [];
  let end = 0;
  for (const { span } of sorted) {
    if (span.start >= end) resolved.push(span);
    else if (span.end > end) resolved.push({ start: end, end: span.end, rule: -1 });
    end = Math.max(end, span.end);
  }
  return resolved;
}

/** The same shape without the words: letters with their marks as x and X, digits as 0; spaces and punctuation stay. */
export function redactShape(text: string): string {
  if (!NOT_ASCII.test(text)) return text.replace(/[a-z]/g, "x").replace(/[A-Z]/g, "X").replace(/[1-9]/g, "0");
  return text
    .replace(/(?!\p{Lu})\p{L}\p{M}*|(?<![\p{L}\p{M}])\p{M}+/gu, "x")
    .replace(/\p{Lu}\p{M}*/gu, "X")
    .replace(/\p{N}/gu, "0");
}

const NOT_ASCII = /[^\0-\x7f]/;

/** `MO` in the place of `JANE`, `mo` in that of `jane`, where the column writes `Jane`. */
export function casedLike(replacement: string, found: string, original: string): string {
  // In an address case says nothing.
  if (found === original || original.includes("@")) return replacement;
  const lower = found.toLowerCase();
  const upper = found.toUpperCase();
  if (lower === upper) return replacement;
  if (found === upper && [...found].length > 1 && original !== original.toUpperCase()) return replacement.toUpperCase();
  if (found === lower) return original === original.toLowerCase() ? replacement : replacement.toLowerCase();
  const [first = ""] = found;
  if (first === first.toLowerCase() || replacement !== replacement.toLowerCase()) return replacement;
  const [head = "", ...tail] = replacement;
  return head.toUpperCase() + tail.join("");
}

/** Cuts a text that outgrew its column. */
export function fitted(text: string, maxLength: number | null, maxBytes: number | null): string {
  let fitting = maxLength !== null && isLonger(text, maxLength) ? cutText(text, maxLength) : text;
  if (maxBytes === null) return fitting;
  for (let over = Buffer.byteLength(fitting) - maxBytes; over > 0; over = Buffer.byteLength(fitting) - maxBytes)
    fitting = cutText(fitting, [...fitting].length - Math.ceil(over / 4));
  return fitting;
}
