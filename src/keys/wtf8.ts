/** Counting a text's bytes costs more than the room that it saves, until the text is long. */
const SHORT = 1_024;

/** Room that `writeWtf8` may need for a text. */
export function wtf8Bound(value: string): number {
  // A lone surrogate counts three bytes in both encodings.
  return value.length < SHORT ? value.length * 3 : Buffer.byteLength(value, "utf8");
}

/**
 * Writes a text as UTF-8 and returns where it ends. A lone surrogate takes three bytes of its own (WTF-8): with U+FFFD in its place, as
 * `Buffer.from` has it, two different texts could meet in one.
 */
export function writeWtf8(value: string, target: Uint8Array, offset: number): number {
  let end = offset;
  for (let index = 0; index < value.length; index++) {
    let code = value.charCodeAt(index);
    if (code < 0x80) {
      target[end++] = code;
      continue;
    }
    if (code < 0x800) {
      target[end++] = 0xc0 | (code >> 6);
      target[end++] = 0x80 | (code & 0x3f);
      continue;
    }
    if (code >= 0xd800 && code < 0xdc00) {
      const low = value.charCodeAt(index + 1);
      if (low >= 0xdc00 && low < 0xe000) {
        index++;
        code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        target[end++] = 0xf0 | (code >> 18);
        target[end++] = 0x80 | ((code >> 12) & 0x3f);
        target[end++] = 0x80 | ((code >> 6) & 0x3f);
        target[end++] = 0x80 | (code & 0x3f);
        continue;
      }
    }
    target[end++] = 0xe0 | (code >> 12);
    target[end++] = 0x80 | ((code >> 6) & 0x3f);
    target[end++] = 0x80 | (code & 0x3f);
  }
  return end;
}

/** A text's bytes, as `writeWtf8` writes them. */
export function wtf8Of(value: string): Uint8Array {
  const bytes = new Uint8Array(wtf8Bound(value));
  return bytes.subarray(0, writeWtf8(value, bytes, 0));
}
