/*
 * Finds where psql sees the end of a statement (psqlscan.l of PostgreSQL 18). Whatever psql would read otherwise than we do could smuggle a command past
 * us, so that everything psql knows is known here: quotes, dollar quotes, nested comments, parentheses, and bodies in BEGIN ATOMIC … END.
 */

const NUL = 0x00;
const NEWLINE = 0x0a;
const RETURN = 0x0d;
const QUOTE = 0x27;
const DOUBLE = 0x22;
const DOLLAR = 0x24;
const OPEN = 0x28;
const CLOSE = 0x29;
const STAR = 0x2a;
const DASH = 0x2d;
const SLASH = 0x2f;
const SEMICOLON = 0x3b;
const BACKSLASH = 0x5c;

/** More bytes are needed to tell. */
export const INCOMPLETE = -1;

/** Something that psql would act upon, at a place where no dump has it. */
export class ForeignByte extends Error {
  readonly at: number;
  readonly what: "command" | "zero" | "escape" | "end";

  constructor(at: number, what: ForeignByte["what"]) {
    super(what);
    this.at = at;
    this.what = what;
  }
}

const isSpace = (byte: number) => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);
/** Letters, the underscore, and all that is not ASCII. */
const isLetter = (byte: number) =>
  (byte >= 0x61 && byte <= 0x7a) || (byte >= 0x41 && byte <= 0x5a) || byte === 0x5f || byte >= 0x80;
const isDigit = (byte: number) => byte >= 0x30 && byte <= 0x39;

/** The first byte from `at` on that is neither space nor comment, `to` where there is none, INCOMPLETE within a comment. */
export function skipBlank(bytes: Uint8Array, at: number, to: number): number {
  while (at < to) {
    const byte = bytes[at]!;
    if (isSpace(byte)) at++;
    else if (byte === DASH || byte === SLASH) {
      const end = skipComment(bytes, at, to);
      if (end === at) return at;
      if (end === INCOMPLETE) return INCOMPLETE;
      at = end;
    } else return at;
  }
  return to;
}

/** Behind the comment that begins here; `at` where none does. A line's comment ends before its newline, of either kind. */
function skipComment(bytes: Uint8Array, at: number, to: number): number {
  if (at + 1 >= to) return INCOMPLETE;
  if (bytes[at] === DASH && bytes[at + 1] === DASH) {
    for (let index = at + 2; index < to; index++) {
      const byte = bytes[index]!;
      if (byte === NUL) throw new ForeignByte(index, "zero");
      if (byte === NEWLINE || byte === RETURN) return index;
    }
    return INCOMPLETE;
  }
  if (bytes[at] !== SLASH || bytes[at + 1] !== STAR) return at;
  let depth = 1;
  for (let index = at + 2; index + 1 < to; index++) {
    const byte = bytes[index]!;
    if (byte === NUL) throw new ForeignByte(index, "zero");
    if (byte === SLASH && bytes[index + 1] === STAR) {
      depth++;
      index++;
    } else if (byte === STAR && bytes[index + 1] === SLASH) {
      depth--;
      index++;
      if (depth === 0) return index + 1;
    }
  }
  return INCOMPLETE;
}

/** Behind the closing quote of a text or name that opens at `at`. With `escapes`, a backslash takes the next byte with it. */
export function skipQuoted(bytes: Uint8Array, at: number, to: number, escapes: boolean, isStandard: boolean): number {
  const quote = bytes[at]!;
  for (let index = at + 1; index < to; index++) {
    const byte = bytes[index]!;
    if (byte === quote) {
      if (index + 1 >= to) return INCOMPLETE;
      if (bytes[index + 1] !== quote) return index + 1;
      index++;
    } else if (byte === BACKSLASH && quote === QUOTE) {
      if (escapes) index++;
      // What it means hangs on a setting that nobody made.
      else if (!isStandard) throw new ForeignByte(index, "escape");
    } else if (byte === NUL) throw new ForeignByte(index, "zero");
  }
  return INCOMPLETE;
}

/** Behind a text `E'…'`, by its quote. A second text on the next line would go on with it, escapes included: no dump has that. */
export function skipEscaped(bytes: Uint8Array, at: number, to: number): number {
  const end = skipQuoted(bytes, at, to, true, true);
  const next = end === INCOMPLETE ? INCOMPLETE : skipBlank(bytes, end, to);
  if (next === INCOMPLETE || next === to) return INCOMPLETE;
  if (bytes[next] === QUOTE) throw new ForeignByte(next, "escape");
  return end;
}

/** Behind a number, with its letters. Versions of psql differ in where one ends that has a quote behind its letters. */
function skipNumber(bytes: Uint8Array, at: number, to: number): number {
  let end = at;
  while (end < to && isDigit(bytes[end]!)) end++;
  const digits = end;
  while (end < to && (isLetter(bytes[end]!) || isDigit(bytes[end]!))) end++;
  if (end >= to) return INCOMPLETE;
  if (end > digits && (bytes[end] === QUOTE || bytes[end] === DOLLAR)) throw new ForeignByte(end, "escape");
  return end;
}

/** Behind a text in dollar quotes; `at` where the dollar begins none. */
function skipDollarQuoted(bytes: Buffer, at: number, to: number): number {
  let index = at + 1;
  while (index < to && (isLetter(bytes[index]!) || (index > at + 1 && isDigit(bytes[index]!)))) index++;
  if (index >= to) return INCOMPLETE;
  if (bytes[index] !== DOLLAR) return at;
  const end = bytes.subarray(0, to).indexOf(bytes.subarray(at, index + 1), index + 1);
  const zero = bytes.subarray(at, end < 0 ? to : end).indexOf(NUL);
  if (zero >= 0) throw new ForeignByte(at + zero, "zero");
  return end < 0 ? INCOMPLETE : end + index + 1 - at;
}

/** Behind the word that begins here. */
export function skipWord(bytes: Uint8Array, at: number, to: number): number {
  while (at < to && (isLetter(bytes[at]!) || isDigit(bytes[at]!) || bytes[at] === DOLLAR)) at++;
  return at;
}

/** Behind the semicolon of the statement that begins at `at`, as psql sees it. */
export function skipStatement(bytes: Buffer, at: number, to: number, isStandard: boolean): number {
  let parentheses = 0;
  let bodies = 0;
  /** First letters of the first words: a function's body has semicolons of its own. */
  let words = "";
  while (at < to) {
    const byte = bytes[at]!;
    let end = at + 1;
    if (byte === SEMICOLON) {
      if (parentheses === 0 && bodies === 0) return end;
    } else if (byte === OPEN) parentheses++;
    else if (byte === CLOSE) parentheses = Math.max(0, parentheses - 1);
    else if (byte === QUOTE || byte === DOUBLE) end = skipQuoted(bytes, at, to, false, isStandard);
    else if (byte === DASH || byte === SLASH) {
      end = skipComment(bytes, at, to);
      if (end === at) end = at + 1;
    } else if (byte === DOLLAR) {
      end = skipDollarQuoted(bytes, at, to);
      if (end === at) end = at + 1;
    } else if (isDigit(byte)) end = skipNumber(bytes, at, to);
    else if (isLetter(byte)) {
      end = skipWord(bytes, at, to);
      if (end >= to) return INCOMPLETE;
      // E'…' alone gives backslashes a meaning; the other prefixes are words before a text.
      if (bytes[end] === QUOTE && end === at + 1 && (byte | 0x20) === 0x65) end = skipEscaped(bytes, end, to);
      else {
        const word = end - at <= 9 ? bytes.toString("latin1", at, end).toLowerCase() : "";
        if (words.length < 4) words += initialOf(word);
        if (parentheses === 0 && /^c(f|p|or[fp])/.test(words)) bodies = countBodies(bodies, word);
      }
    } else if (byte === BACKSLASH) throw new ForeignByte(at, "command");
    else if (byte === NUL) throw new ForeignByte(at, "zero");
    if (end === INCOMPLETE) return INCOMPLETE;
    at = end;
  }
  return INCOMPLETE;
}

/** What psql remembers of the first words of a statement. */
function initialOf(word: string): string {
  return ["create", "function", "procedure", "or", "replace"].includes(word) ? word[0]! : "-";
}

function countBodies(bodies: number, word: string): number {
  if (word === "begin") return bodies + 1;
  if (word === "case") return bodies > 0 ? bodies + 1 : bodies;
  if (word === "end") return Math.max(0, bodies - 1);
  return bodies;
}
