/** How texts and names are quoted where a statement stands, by the settings that the dump made before it. */
export interface LexRules {
  /** sql_mode ANSI_QUOTES: "…" is a name. */
  readonly ansiQuotes: boolean;
  /** False under sql_mode NO_BACKSLASH_ESCAPES. */
  readonly backslashes: boolean;
  /** What ends a statement. */
  readonly delimiter: string;
}

export interface Token {
  readonly type: "word" | "string" | "name" | "mark";
  readonly start: number;
  readonly end: number;
  /** A word or mark as it is written, a name without its quotes, a string with them. */
  readonly text: string;
  /** In a comment that some servers run and others skip: `/*!80016 … *\/`, `/*M! … *\/`. */
  readonly isConditional: boolean;
}

/** A statement without its comments, from its first token to behind the delimiter. */
export interface DumpStatement {
  readonly tokens: readonly Token[];
  readonly start: number;
  readonly end: number;
}

/** The rest of what is needed is still to come. */
export const INCOMPLETE = Symbol("incomplete");
export type Incomplete = typeof INCOMPLETE;

export const Byte = {
  tab: 0x09,
  newline: 0x0a,
  return: 0x0d,
  space: 0x20,
  bang: 0x21,
  doubleQuote: 0x22,
  hash: 0x23,
  dollar: 0x24,
  quote: 0x27,
  star: 0x2a,
  minus: 0x2d,
  slash: 0x2f,
  upperM: 0x4d,
  backslash: 0x5c,
  backtick: 0x60,
} as const;

export const isWordByte = (byte: number): boolean =>
  (byte >= 0x61 && byte <= 0x7a) ||
  (byte >= 0x41 && byte <= 0x5a) ||
  (byte >= 0x30 && byte <= 0x39) ||
  byte === 0x5f ||
  byte === Byte.dollar ||
  byte >= 0x80;

export const isSpace = (byte: number | undefined): boolean =>
  byte === Byte.space || byte === Byte.newline || byte === Byte.tab || byte === Byte.return;
