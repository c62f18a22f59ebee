import { endianness } from "node:os";

/** The keyed bits of a whole column in one text form; a value's text is the slice of `size` characters at `size * row`. */
export interface KeyedText {
  readonly size: number;
  readonly text: string;
}

const isBigEndian = endianness() === "BE";
const ALPHABET = Buffer.from("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", "latin1");
const FIVE = 62 ** 5;

/** Characters of a base62 text, and how many bits the first 1 … 22 of them hold: 64 bits make 11 characters, the last of which has 22 forms. */
export const BASE62_LENGTH = 22;
export function base62Bits(length: number): number {
  const bits = (count: number) => Math.min(64, count * Math.log2(62));
  return bits(Math.min(length, 11)) + bits(Math.max(length - 11, 0));
}

/** 128 bits a value as 22 characters of 0-9, A-Z, a-z, by 64 bits at a time: digits of base 62, the lowest first. */
export function base62Of(words: Uint32Array, count: number): KeyedText {
  const bytes = Buffer.allocUnsafe(count * BASE62_LENGTH);
  for (let half = 0; half < count * 2; half++) {
    const low = words[half * 2]!;
    const high = words[half * 2 + 1]!;
    // Division by 62^5 in limbs of 16 bits, so that nothing passes 2^53.
    let rest = high;
    const top = Math.floor(rest / FIVE);
    rest = (rest - top * FIVE) * 65536 + (low >>> 16);
    const middle = Math.floor(rest / FIVE);
    rest = (rest - middle * FIVE) * 65536 + (low & 0xffff);
    const bottom = Math.floor(rest / FIVE);
    rest -= bottom * FIVE;
    const quotient = (top * 65536 + middle) * 65536 + bottom;
    const last = Math.floor(quotient / FIVE);
    const at = half * 11;
    writeFive(bytes, at, rest | 0);
    writeFive(bytes, at + 5, (quotient - last * FIVE) | 0);
    bytes[at + 10] = ALPHABET[last]!;
  }
  return { size: BASE62_LENGTH, text: bytes.toString("latin1") };
}

function writeFive(bytes: Buffer, at: number, number: number): void {
  let rest = number;
  for (let index = at; index < at + 5; index++) {
    const shorter = (rest / 62) | 0;
    bytes[index] = ALPHABET[rest - shorter * 62]!;
    rest = shorter;
  }
}

/** 128 bits a value as 32 hexadecimal digits. */
export function hexOf(words: Uint32Array, count: number): KeyedText {
  return { size: 32, text: bytesOf(words, count).toString("hex") };
}

/** 128 bits a value as 22 characters of base64url. */
export function base64urlOf(words: Uint32Array, count: number): KeyedText {
  const bytes = bytesOf(words, count);
  let text = "";
  for (let row = 0; row < count; row++) text += bytes.toString("base64url", row * 16, row * 16 + 16);
  return { size: 22, text };
}

/** 122 bits a value as a UUID of version 4 (RFC 9562 §5.4): the other six say the version and the variant. Uses up the words. */
export function uuidOf(words: Uint32Array, count: number): KeyedText {
  const bits = bytesOf(words, count);
  const bytes = Buffer.allocUnsafe(count * 36);
  for (let row = 0; row < count; row++) {
    const at = row * 16;
    const to = row * 36;
    bits[at + 6] = 0x40 | (bits[at + 6]! & 0x0f);
    bits[at + 8] = 0x80 | (bits[at + 8]! & 0x3f);
    writeHex(bytes, to, bits, at, 4);
    bytes[to + 8] = HYPHEN;
    writeHex(bytes, to + 9, bits, at + 4, 2);
    bytes[to + 13] = HYPHEN;
    writeHex(bytes, to + 14, bits, at + 6, 2);
    bytes[to + 18] = HYPHEN;
    writeHex(bytes, to + 19, bits, at + 8, 2);
    bytes[to + 23] = HYPHEN;
    writeHex(bytes, to + 24, bits, at + 10, 6);
  }
  return { size: 36, text: bytes.toString("latin1") };
}

function writeHex(bytes: Buffer, to: number, bits: Buffer, from: number, count: number): void {
  for (let index = 0; index < count; index++) {
    const pair = PAIRS[bits[from + index]!]!;
    bytes[to + index * 2] = pair >> 8;
    bytes[to + index * 2 + 1] = pair & 0xff;
  }
}

/** The two hexadecimal digits of each byte. */
const PAIRS = Uint16Array.from({ length: 256 }, (_, byte) => Buffer.from(Buffer.of(byte).toString("hex")).readUInt16BE());
const HYPHEN = 0x2d;

/** The bytes as the MAC has them, on any machine. */
function bytesOf(words: Uint32Array, count: number): Buffer {
  const bytes = Buffer.from(words.buffer as ArrayBuffer, words.byteOffset, count * 16);
  return isBigEndian ? Buffer.from(bytes).swap32() : bytes;
}
