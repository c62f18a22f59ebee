const QUOTE = 0x27;
const DOUBLE_QUOTE = 0x22;
const BACKSLASH = 0x5c;
const UNDERSCORE = 0x5f;

/** What stands behind a backslash, and what it means where that is not itself (MySQL manual, "String Literals"). */
const MEANINGS: Readonly<Record<number, number>> = { 48: 0x00, 98: 0x08, 110: 0x0a, 114: 0x0d, 116: 0x09, 90: 0x1a };
/** `\%` and `\_` keep their backslash. */
const KEEPS_BACKSLASH: ReadonlySet<number> = new Set([0x25, UNDERSCORE]);

const isWordByte = (byte: number): boolean =>
  (byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x5a) || byte === UNDERSCORE || (byte >= 0x61 && byte <= 0x7a);

/** A literal as the server reads it. */
export interface Literal {
  /** `text` for `'…'`, `bits` for `0x…`, `X'…'` and `b'…'`, `word` for a number, NULL or DEFAULT. */
  readonly form: "text" | "bits" | "word";
  /** The character set before it, `binary` for `_binary '…'`. */
  readonly introducer: string | null;
  readonly bytes: Buffer;
}

/** Reads the literal at `bytes[start, end)`, of any form. */
export function readLiteral(bytes: Buffer, start: number, end: number, backslashes: boolean): Literal {
  let at = start;
  let introducer: string | null = null;
  if (bytes[at] === UNDERSCORE) {
    while (isWordByte(bytes[at]!)) at++;
    introducer = bytes.toString("latin1", start + 1, at).toLowerCase();
    while (bytes[at]! <= 0x20) at++;
  }
  const first = bytes[at]!;
  if (first === QUOTE || first === DOUBLE_QUOTE)
    return { form: "text", introducer, bytes: unescaped(bytes, at, end, backslashes) };
  const digits = /^(?:0([xb])([0-9a-f]*)|([xb])'([0-9a-f]*)')$/i.exec(bytes.toString("latin1", at, end));
  if (digits === null) return { form: "word", introducer, bytes: bytes.subarray(at, end) };
  const [, zeroForm, zeroDigits, quotedForm, quotedDigits] = digits;
  const value = (zeroForm === undefined ? quotedDigits : zeroDigits)!;
  return { form: "bits", introducer, bytes: /x/i.test((zeroForm ?? quotedForm)!) ? hexBytes(value) : bitBytes(value) };
}

/** An odd number of digits has a zero before it. */
const hexBytes = (digits: string): Buffer => Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, "hex");

function bitBytes(digits: string): Buffer {
  const padded = digits.padStart(Math.ceil(digits.length / 8) * 8, "0");
  return Buffer.from(padded.match(/.{8}/g)?.map((bits) => Number.parseInt(bits, 2)) ?? []);
}

function unescaped(bytes: Buffer, from: number, end: number, backslashes: boolean): Buffer {
  const quote = bytes[from]!;
  const text = Buffer.allocUnsafe(end - from - 2);
  let length = 0;
  for (let at = from + 1; at < end - 1; at++) {
    let byte = bytes[at]!;
    if (byte === BACKSLASH && backslashes) {
      const code = bytes[++at]!;
      if (KEEPS_BACKSLASH.has(code)) text[length++] = byte;
      byte = MEANINGS[code] ?? code;
    } else if (byte === quote) at++;
    text[length++] = byte;
  }
  return text.subarray(0, length);
}
