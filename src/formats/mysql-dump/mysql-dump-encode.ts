import type { ByteWriter } from "../../batch/byte-writer.ts";
import type { DumpCellKind } from "./mysql-dump-cells.ts";

const QUOTE = 0x27;
const BACKSLASH = 0x5c;
const UNDERSCORE = 0x5f;
const NOT_ASCII = 0x80;
const NULL = Buffer.from("NULL");

/** A number as a dump writes it. */
export const NUMBER = /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i;
const HEX = /^\\x(?:[0-9a-f]{2})*$/i;
const ASTRAL = /[\u{10000}-\u{10ffff}]/u;

/** The letter behind the backslash for each character that is written with one, as the clients' own escaping does (mysql_real_escape_string). */
const LETTERS = new Uint8Array(NOT_ASCII);
for (const [character, letter] of Object.entries({ "\0": "0", "\n": "n", "\r": "r", "\x1a": "Z", "\\": "\\" })) {
  LETTERS[character.charCodeAt(0)] = letter.charCodeAt(0);
}
// Doubled, a quote is one in every sql_mode: whatever the session's, no text ends before its end.
LETTERS[QUOTE] = QUOTE;

export interface TextStyle {
  readonly backslashes: boolean;
  readonly isWide: boolean;
}

/** Bytes as a session of the live database gives them. */
export const hexText = (bytes: Buffer): string => `\\x${bytes.toString("hex")}`;

/** A BIT as the number that it is. */
export const bitText = (bytes: Buffer): string => (bytes.length === 0 ? "0" : BigInt(`0x${bytes.toString("hex")}`).toString());

/** A FLOAT's six digits in all digits of the equal DOUBLE, as a session of the live database gives them. */
export function fullFloat(text: string): string {
  const value = Math.fround(Number(text));
  if (!Number.isFinite(value)) return text;
  if (Object.is(value, -0)) return "-0";
  const [, sign, digits, exponent] = /^(-?)(\d(?:\.\d+)?)e([+-]\d+)$/.exec(value.toExponential())!;
  const power = Number(exponent);
  // From there on the server writes powers of ten.
  return power > 14 || power < -15 ? `${sign}${digits}e${power}` : plainNumber(value);
}

/** All digits of a number without a power of ten. */
function plainNumber(value: number): string {
  const text = String(value);
  const small = /^(-?)(\d)(?:\.(\d+))?e-(\d+)$/.exec(text);
  if (small === null) return text;
  const [, sign, first, rest = "", zeros] = small;
  return `${sign}0.${"0".repeat(Number(zeros) - 1)}${first}${rest}`;
}

/** Writes a value in the place of the literal that begins at `original[start]`, in its style where that can hold it. False where the value is none of the kind. */
export function writeLiteral(
  writer: ByteWriter,
  value: string | null,
  kind: DumpCellKind,
  original: Buffer,
  start: number,
  style: TextStyle,
): boolean {
  if (value === null) writer.copy(NULL, 0, NULL.length);
  else if (kind === "bytes") return writeBytes(writer, value, original, start, style);
  else if (kind === "bits") return writeBits(writer, value);
  else if (kind !== "text" && NUMBER.test(value)) writer.text(value);
  else writeText(writer, value, style);
  return true;
}

/** Writes `'…'` so that it ends where it does, however the server and its client read it. */
function writeText(writer: ByteWriter, value: string, style: TextStyle): void {
  if (!style.isWide && ASTRAL.test(value)) writer.text("_utf8mb4 ");
  if (!style.backslashes) {
    writeUnescaped(writer, value);
    return;
  }
  writer.reserve(value.length * 3 + 2);
  const { bytes } = writer;
  const from = writer.position;
  let position = from;
  bytes[position++] = QUOTE;
  for (let index = 0; index < value.length; index++) {
    const code = value.charCodeAt(index);
    if (code >= NOT_ASCII) {
      writer.position = from;
      writeEscaped(writer, value);
      return;
    }
    const letter = LETTERS[code]!;
    if (letter === 0) bytes[position++] = code;
    else {
      bytes[position++] = letter === QUOTE ? QUOTE : BACKSLASH;
      bytes[position++] = letter;
    }
  }
  bytes[position++] = QUOTE;
  writer.position = position;
}

function writeEscaped(writer: ByteWriter, value: string): void {
  const escaped = value.replace(/[\0\n\r\x1a\\']/g, (character) => {
    const letter = LETTERS[character.charCodeAt(0)]!;
    return (letter === QUOTE ? "'" : "\\") + String.fromCharCode(letter);
  });
  writer.text(`'${escaped}'`);
}

/** Without escapes, what a client might change or stumble over is written in digits. */
function writeUnescaped(writer: ByteWriter, value: string): void {
  if (/[\0\r\x1a\\]/.test(value)) writer.text(`_utf8mb4 X'${Buffer.from(value).toString("hex")}'`);
  else writer.text(`'${value.replaceAll("'", "''")}'`);
}

/** Text without `\x` stands for its own bytes, as in PostgreSQL. */
function writeBytes(writer: ByteWriter, value: string, original: Buffer, start: number, { backslashes }: TextStyle): boolean {
  const isHex = value.startsWith("\\x");
  if (isHex && !HEX.test(value)) return false;
  const bytes = isHex ? Buffer.from(value.slice(2), "hex") : Buffer.from(value);
  if (bytes.length === 0) writer.text("''");
  else if (original[start] === UNDERSCORE && backslashes) {
    writer.text("_binary '");
    for (const byte of bytes) {
      const letter = byte < NOT_ASCII ? LETTERS[byte]! : 0;
      if (letter !== 0) writer.byte(letter === QUOTE ? QUOTE : BACKSLASH);
      writer.byte(letter === 0 ? byte : letter);
    }
    writer.byte(QUOTE);
  } else if (original[start] === 0x78 || original[start] === 0x58) writer.text(`X'${bytes.toString("hex")}'`);
  else writer.text(`0x${bytes.toString("hex").toUpperCase()}`);
  return true;
}

function writeBits(writer: ByteWriter, value: string): boolean {
  if (!/^\d+$/.test(value)) return false;
  writer.text(`b'${BigInt(value).toString(2)}'`);
  return true;
}
