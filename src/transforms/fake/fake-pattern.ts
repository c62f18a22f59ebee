import { type Draw, joined, oneDrawOf, oneOf } from "./fake-draw.ts";

/** The draw for what stands between the braces of `{{person.firstName}}`, null where the locale has nothing for it. */
export type ResolveToken = (token: string) => Draw | null;

export interface PatternStyle {
  /** Whether `#`, `!`, `?` and `*` stand for a digit, a digit from 2, a letter, a letter or digit. @default false */
  readonly hasSymbols?: boolean;
  /** Whether a run of `#` may start with 0: yes in a postcode, no in a house number. @default true */
  readonly hasLeadingZeros?: boolean;
}

const DIGITS = [..."0123456789"];
const LETTERS = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];
const SYMBOLS: Readonly<Record<string, Draw>> = {
  "!": oneOf([..."23456789"]),
  "?": oneOf(LETTERS),
  "*": oneDrawOf([oneOf(DIGITS), oneOf(LETTERS)]),
};

/** Makes a draw of one of faker's patterns, `{{location.city_prefix}} {{person.firstName}}` or `!##-###`. Null where a token has no data. */
export function compilePattern(pattern: string, resolve: ResolveToken, style: PatternStyle = {}): Draw | null {
  const literals = [""];
  const draws: Draw[] = [];
  for (const [piece, token] of pattern.matchAll(
    style.hasSymbols ? /\{\{(.*?)\}\}|#+|[!?*]|[^{#!?*]+|\{/g : /\{\{(.*?)\}\}|[^{]+|\{/g,
  )) {
    let draw: Draw | null | undefined;
    if (token !== undefined) draw = resolve(token.trim());
    else if (style.hasSymbols && piece.startsWith("#")) draw = digits(piece.length, style.hasLeadingZeros ?? true);
    else if (style.hasSymbols) draw = SYMBOLS[piece];
    if (draw === null) return null;
    if (draw === undefined) literals.push(literals.pop()! + piece);
    else {
      draws.push(draw);
      literals.push("");
    }
  }
  return joined(literals, draws);
}

/** "0".."9", "00".."99", "000".."999", by width. */
const NUMBERS = [1, 2, 3].map((width) => Array.from({ length: 10 ** width }, (_, number) => String(number).padStart(width, "0")));

/** A run of digits, drawn up to three at a time. */
function digits(count: number, hasLeadingZeros: boolean): Draw {
  const draws: Draw[] = [];
  for (let left = count; left > 0; left -= 3) {
    const numbers = NUMBERS[Math.min(left, 3) - 1]!;
    draws.push(oneOf(draws.length > 0 || hasLeadingZeros ? numbers : numbers.filter((text) => !text.startsWith("0"))));
  }
  return joined(["", ...draws.map(() => "")], draws);
}
