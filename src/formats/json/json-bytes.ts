/** Objects and lists within each other. */
const DEEPEST = 1000;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** What is wrong with a text, in words that quote nothing. Thrown: a value is left from deep within. */
export class JsonFault {
  readonly what: string;
  readonly at: number;

  constructor(what: string, at: number) {
    this.what = what;
    this.at = at;
  }
}

/** Behind the white space from `at` on (RFC 8259 §2), but for LF: that ends a line of JSON Lines. */
export function skipSpace(bytes: Uint8Array, at: number): number {
  for (;;) {
    const byte = bytes[at];
    if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0d) return at;
    at++;
  }
}

/**
 * Behind the JSON value that starts at `at` and lies in `bytes[at, end)`. Strict (RFC 8259): whatever another reader might take for something else is a
 * fault. Nothing is decoded or converted.
 */
export function skipValue(bytes: Uint8Array, at: number, end: number, depth = 0): number {
  if (at >= end) throw new JsonFault("a value is missing", at);
  switch (bytes[at]) {
    case QUOTE:
      return skipString(bytes, at, end);
    case 0x7b:
    case 0x5b:
      if (depth >= DEEPEST) throw new JsonFault(`more than ${DEEPEST} objects and lists lie within each other`, at);
      return bytes[at] === 0x7b ? skipObject(bytes, at, end, depth + 1) : skipList(bytes, at, end, depth + 1);
    case 0x74:
      return skipWord(bytes, at, end, TRUE);
    case 0x66:
      return skipWord(bytes, at, end, FALSE);
    case 0x6e:
      return skipWord(bytes, at, end, NULL);
    default:
      return skipNumber(bytes, at, end);
  }
}

const TRUE = Buffer.from("true");
const FALSE = Buffer.from("false");
const NULL = Buffer.from("null");

/** Bytes that a string is not simply made of: one look-up tells them from all others. */
const IS_SPECIAL = new Uint8Array(256).fill(1, 0, 0x20);
IS_SPECIAL[QUOTE] = 1;
IS_SPECIAL[BACKSLASH] = 1;

/** Behind the string whose first quote is at `at`. */
export function skipString(bytes: Uint8Array, at: number, end: number): number {
  for (let index = at + 1; index < end; index++) {
    const byte = bytes[index]!;
    if (IS_SPECIAL[byte] === 0) continue;
    if (byte === QUOTE) return index + 1;
    if (byte < 0x20) throw new JsonFault("a control character stands in a string", index);
    if (byte === BACKSLASH) index = skipEscape(bytes, index + 1, end);
  }
  throw new JsonFault("a string is never closed", at);
}

/** The last byte of the escape whose letter is at `at`. */
function skipEscape(bytes: Uint8Array, at: number, end: number): number {
  const letter = at < end ? String.fromCharCode(bytes[at]!) : "";
  if (letter !== "" && '"\\/bfnrt'.includes(letter)) return at;
  if (letter !== "u" || at + 4 >= end) throw new JsonFault("a backslash begins no escape", at - 1);
  for (let index = at + 1; index <= at + 4; index++)
    if (!isHex(bytes[index]!)) throw new JsonFault("a backslash begins no escape", at - 1);
  return at + 4;
}

const isHex = (byte: number): boolean => isDigit(byte) || (byte >= 0x41 && byte <= 0x46) || (byte >= 0x61 && byte <= 0x66);
const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x30 && byte <= 0x39;

function skipWord(bytes: Uint8Array, at: number, end: number, word: Uint8Array): number {
  if (at + word.length > end) throw new JsonFault("a value is none of JSON", at);
  for (let index = 0; index < word.length; index++)
    if (bytes[at + index] !== word[index]) throw new JsonFault("a value is none of JSON", at);
  return at + word.length;
}

function skipNumber(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  if (bytes[at] === 0x2d) at++;
  if (at >= end || !isDigit(bytes[at])) throw new JsonFault("a value is none of JSON", from);
  const isZero = bytes[at] === 0x30;
  at++;
  if (!isZero) at = skipDigits(bytes, at, end);
  else if (at < end && isDigit(bytes[at])) throw new JsonFault("a number begins with a zero", from);
  if (at < end && bytes[at] === 0x2e) at = skipSomeDigits(bytes, at + 1, end);
  if (at < end && (bytes[at] === 0x65 || bytes[at] === 0x45)) {
    at++;
    if (at < end && (bytes[at] === 0x2b || bytes[at] === 0x2d)) at++;
    at = skipSomeDigits(bytes, at, end);
  }
  return at;
}

function skipDigits(bytes: Uint8Array, at: number, end: number): number {
  while (at < end && isDigit(bytes[at])) at++;
  return at;
}

function skipSomeDigits(bytes: Uint8Array, at: number, end: number): number {
  const to = skipDigits(bytes, at, end);
  if (to === at) throw new JsonFault("a number lacks digits", at);
  return to;
}

function skipObject(bytes: Uint8Array, from: number, end: number, depth: number): number {
  let at = skipSpace(bytes, from + 1);
  if (bytes[at] === 0x7d && at < end) return at + 1;
  for (;;) {
    if (at >= end || bytes[at] !== QUOTE) throw new JsonFault("a name is missing in an object", at);
    at = skipSpace(bytes, skipString(bytes, at, end));
    if (at >= end || bytes[at] !== 0x3a) throw new JsonFault("a colon is missing in an object", at);
    at = skipSpace(bytes, skipValue(bytes, skipSpace(bytes, at + 1), end, depth));
    if (at < end && bytes[at] === 0x7d) return at + 1;
    if (at >= end || bytes[at] !== 0x2c) throw new JsonFault("an object is never closed", at);
    at = skipSpace(bytes, at + 1);
  }
}

function skipList(bytes: Uint8Array, from: number, end: number, depth: number): number {
  let at = skipSpace(bytes, from + 1);
  if (bytes[at] === 0x5d && at < end) return at + 1;
  for (;;) {
    at = skipSpace(bytes, skipValue(bytes, at, end, depth));
    if (at < end && bytes[at] === 0x5d) return at + 1;
    if (at >= end || bytes[at] !== 0x2c) throw new JsonFault("a list is never closed", at);
    at = skipSpace(bytes, at + 1);
  }
}
