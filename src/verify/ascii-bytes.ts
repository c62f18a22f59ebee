/** Shorter texts are copied character by character: a native call takes as long as so many. */
const SHORT = 16;

/** Bytes that a character may take. */
const MOST_BYTES = 3;

/**
 * The bytes of a text of ASCII characters. A cell is often a slice of a long string, of which each character is reached by way of that string: to go over its bytes takes a third
 * of the time.
 */
export class AsciiBytes {
  /** Of the text that was taken last, from the start. */
  bytes: Buffer = Buffer.allocUnsafeSlow(4_096);

  /** Takes a text. False for one with other characters. */
  fill(text: string): boolean {
    const { length } = text;
    if (this.bytes.length < length * MOST_BYTES) this.bytes = Buffer.allocUnsafeSlow(length * MOST_BYTES * 2);
    // Any other character takes more bytes than it counts.
    if (length >= SHORT) return this.bytes.write(text, 0, "utf8") === length;
    for (let index = 0; index < length; index++) {
      const code = text.charCodeAt(index);
      if (code > 0x7f) return false;
      this.bytes[index] = code;
    }
    return true;
  }
}
