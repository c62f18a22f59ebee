import type { BoundsBuilder } from "../row-collector.ts";
import type { DumpPlace } from "./mysql-dump-place.ts";

const TAB = 0x09;
const NEWLINE = 0x0a;
const RETURN = 0x0d;
const SPACE = 0x20;
const DOUBLE_QUOTE = 0x22;
const QUOTE = 0x27;
const OPEN = 0x28;
const CLOSE = 0x29;
const COMMA = 0x2c;
const ZERO = 0x30;
const SEMICOLON = 0x3b;
const BACKSLASH = 0x5c;
const UNDERSCORE = 0x5f;

/** What a byte is to a literal: 1 begins a number, 2 goes on with one, 4 is a hexadecimal digit, 8 is a letter of a word, 16 is a space. */
const IS = new Uint8Array(256);
const mark = (bytes: string, bit: number) => {
  for (const byte of Buffer.from(bytes)) IS[byte]! |= bit;
};
mark("0123456789-+.", 1);
mark("0123456789-+.eE", 2);
mark("0123456789abcdefABCDEF", 4);
mark("0123456789_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", 8);
mark(" \t\r\n", 16);

/** The bytes that a text between single quotes is looked through for. */
const STOPS = new Uint8Array(256);
for (const byte of [QUOTE, BACKSLASH, NEWLINE]) STOPS[byte] = 1;
const DOUBLE_STOPS = new Uint8Array(256);
for (const byte of [DOUBLE_QUOTE, BACKSLASH, NEWLINE]) DOUBLE_STOPS[byte] = 1;

export interface TupleRules {
  readonly columnCount: number;
  readonly backslashes: boolean;
  readonly ansiQuotes: boolean;
  /** The statement up to VALUES: where the next one begins with the same bytes, its rows go on with these. */
  readonly head: Buffer;
}

/** The rows of INSERT statements, found in one pass. */
export class TupleScanner {
  rowCount = 0;
  /** Behind the last whole row, and the comma or semicolon that follows it. */
  end = 0;
  /** Lines up to there. */
  lines = 0;
  /** Where the statement of the last row begins; -1 where it is the one that the scan began in. */
  statement = -1;
  /** Whether the statement ends there. */
  isDone = false;
  readonly #place: DumpPlace;
  readonly #bounds: BoundsBuilder;
  #lines = 0;

  constructor(bounds: BoundsBuilder, place: DumpPlace) {
    this.#bounds = bounds;
    this.#place = place;
  }

  /** Scans `bytes[from, to)`, which begins behind VALUES or behind a row's comma. */
  scan(bytes: Buffer, from: number, to: number, rules: TupleRules): void {
    this.rowCount = 0;
    this.end = from;
    this.statement = -1;
    this.#lines = 0;
    for (let at = from; ; ) {
      at = this.#skipSpaces(bytes, at, to);
      if (at >= to) return;
      if (bytes[at] !== OPEN) throw this.#place.invalid(bytes, at, NOT_VALUES);
      at = this.#row(bytes, at + 1, to, rules);
      if (at < 0) return;
      at = this.#skipSpaces(bytes, at, to);
      if (at >= to) return;
      const byte = bytes[at]!;
      if (byte !== COMMA && byte !== SEMICOLON) throw this.#place.invalid(bytes, at, NOT_VALUES);
      at++;
      this.rowCount++;
      this.end = at;
      this.lines = this.#lines;
      this.isDone = byte === SEMICOLON;
      if (this.isDone) {
        at = this.#nextRows(bytes, at, to, rules.head);
        if (at < 0) return;
      }
    }
  }

  /** Behind the next statement's VALUES, where it begins as this one did; else -1. */
  #nextRows(bytes: Buffer, from: number, to: number, head: Buffer): number {
    const at = this.#skipSpaces(bytes, from, to);
    if (at + head.length > to || !startsWith(bytes, at, head)) return -1;
    this.statement = at;
    return at + head.length;
  }

  /** Reads the cells of a row and its closing parenthesis. -1 where it goes on behind what is there. */
  #row(bytes: Buffer, from: number, to: number, { columnCount, backslashes, ansiQuotes }: TupleRules): number {
    const first = this.rowCount * columnCount;
    if (first + columnCount > this.#bounds.capacity) this.#bounds.reserve(first + columnCount);
    const { starts, ends } = this.#bounds;
    const last = columnCount - 1;
    let at = from;
    for (let column = 0; column <= last; column++) {
      // Not one byte is looked at behind the last: an undefined among them would cost every look its speed.
      if (at >= to) return -1;
      let byte = bytes[at]!;
      if ((IS[byte]! & 16) !== 0) {
        at = this.#skipSpaces(bytes, at, to);
        if (at >= to) return -1;
        byte = bytes[at]!;
      }
      starts[first + column] = at;
      if (byte === QUOTE) {
        at++;
        for (;;) {
          while (at < to && STOPS[bytes[at]!] === 0) at++;
          if (at + 1 >= to) return -1;
          const stop = bytes[at]!;
          if (stop === QUOTE) {
            if (bytes[at + 1] !== QUOTE) break;
            at += 2;
          } else if (stop === NEWLINE) {
            this.#lines++;
            at++;
          } else if (backslashes) {
            if (bytes[at + 1] === NEWLINE) this.#lines++;
            at += 2;
          } else at++;
        }
        at++;
      } else if ((IS[byte]! & 1) !== 0 && !(byte === ZERO && at + 1 < to && isHexStart(bytes[at + 1]!))) {
        at++;
        while (at < to && (IS[bytes[at]!]! & 2) !== 0) at++;
      } else {
        at = this.#literal(bytes, at, to, backslashes, ansiQuotes);
        if (at < 0) return -1;
      }
      if (at >= to) return -1;
      ends[first + column] = at;
      byte = bytes[at]!;
      if ((IS[byte]! & 16) !== 0) {
        at = this.#skipSpaces(bytes, at, to);
        if (at >= to) return -1;
        byte = bytes[at]!;
      }
      if (byte !== (column === last ? CLOSE : COMMA)) {
        throw this.#place.invalid(
          bytes,
          at,
          byte === COMMA || byte === CLOSE ? "has a row with another number of values" : NOT_VALUES,
        );
      }
      at++;
    }
    return at;
  }

  /** Reads what is rarer: NULL, DEFAULT, `0x1F`, `X'1F'`, `b'01'`, `_binary '…'`, `"…"`. Returns where it ends. */
  #literal(bytes: Buffer, from: number, to: number, backslashes: boolean, ansiQuotes: boolean): number {
    let at = from;
    if (bytes[at] === DOUBLE_QUOTE) {
      if (ansiQuotes) throw this.#place.invalid(bytes, at, NOT_VALUES);
      return this.#text(bytes, at, to, backslashes);
    }
    while (at < to && (IS[bytes[at]!]! & 8) !== 0) at++;
    if (at >= to) return -1;
    const word = bytes.toString("latin1", from, at);
    if (/^(?:NULL|DEFAULT|0x[0-9a-f]+|0b[01]+)$/i.test(word)) return at;
    const isBits = /^[bx]$/i.test(word);
    if (!isBits && bytes[from] !== UNDERSCORE) throw this.#place.invalid(bytes, from, NOT_VALUES);
    if (!isBits) at = this.#skipSpaces(bytes, at, to);
    if (at + 1 >= to) return -1;
    if (bytes[at] === QUOTE) return this.#text(bytes, at, to, backslashes);
    if (isBits || bytes[at] !== ZERO || !isHexStart(bytes[at + 1]!)) throw this.#place.invalid(bytes, from, NOT_VALUES);
    at += 2;
    while (at < to && (IS[bytes[at]!]! & 4) !== 0) at++;
    return at >= to ? -1 : at;
  }

  #text(bytes: Buffer, from: number, to: number, backslashes: boolean): number {
    const quote = bytes[from]!;
    const stops = quote === QUOTE ? STOPS : DOUBLE_STOPS;
    let at = from + 1;
    for (;;) {
      while (at < to && stops[bytes[at]!] === 0) at++;
      if (at + 1 >= to) return -1;
      const stop = bytes[at]!;
      if (stop === quote) {
        if (bytes[at + 1] !== quote) return at + 1;
        at += 2;
      } else if (stop === NEWLINE) {
        this.#lines++;
        at++;
      } else if (backslashes) {
        if (bytes[at + 1] === NEWLINE) this.#lines++;
        at += 2;
      } else at++;
    }
  }

  #skipSpaces(bytes: Buffer, from: number, to: number): number {
    let at = from;
    for (; at < to; at++) {
      const byte = bytes[at]!;
      if (byte === NEWLINE) this.#lines++;
      else if (byte !== SPACE && byte !== RETURN && byte !== TAB) break;
    }
    return at;
  }
}

const NOT_VALUES = "has something else than values in its rows";

const isHexStart = (byte: number): boolean => byte === 0x78 || byte === 0x58 || byte === 0x62 || byte === 0x42;

function startsWith(bytes: Buffer, at: number, text: Buffer): boolean {
  for (let index = 0; index < text.length; index++) if (bytes[at + index] !== text[index]) return false;
  return true;
}
