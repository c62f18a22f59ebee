import { AsciiBytes } from "./ascii-bytes.ts";
import { AT, BETWEEN, DIGIT, EDGE, KINDS, LETTER } from "./character-kinds.ts";
import { highStep, lowStep, mixed, type TextHash } from "./text-hash.ts";
import { wordsOf } from "./text-units.ts";

/** Places of a word's numbers. */
export const STRIDE = 8;
export const HIGH = 0;
export const LOW = 1;
export const FROM = 2;
export const TO = 3;
export const DIGITS = 4;
export const LETTERS = 5;
/** 0 for a word that is no part of a number whatever digits it has. */
export const IS_NUMERIC = 6;

/** The bit that a lower-case letter has beyond the upper-case one. */
export const LOWER = 0x20;

/** The words of a text: their hashes, where they stand, and what they consist of. Each character is hashed once. */
export class UnitWords {
  /** `STRIDE` numbers for each of the `count` words. */
  list = new Int32Array(64 * STRIDE);
  count = 0;
  /** The text that the words stand in. */
  text = "";
  readonly #hash: TextHash;
  readonly #bytes = new AsciiBytes();

  constructor(hash: TextHash) {
    this.#hash = hash;
  }

  /** Finds the words of a text. */
  take(text: string): void {
    if (!this.#splitAscii(text)) this.#splitWords(wordsOf(text));
  }

  /** Digits of the first words. */
  digits(end: number): number {
    const { list } = this;
    let sum = 0;
    for (let word = 0; word < end; word++) sum += list[word * STRIDE + DIGITS]!;
    return sum;
  }

  /** Words without what stands between them. */
  squeezed(first: number, end: number): string {
    let text = "";
    for (let word = first; word < end; word++)
      text += this.text.slice(this.list[word * STRIDE + FROM], this.list[word * STRIDE + TO]);
    return text;
  }

  /** Finds and hashes the words of a text in one go. False for a text with other than ASCII characters. */
  #splitAscii(text: string): boolean {
    if (!this.#bytes.fill(text)) return false;
    this.text = text;
    const { length } = text;
    const { bytes } = this.#bytes;
    const words = this.#wordsFor((length + 1) >> 1);
    const highSeed = this.#hash.highSeed;
    const lowSeed = this.#hash.lowSeed;
    let place = 0;
    for (let index = 0; index < length; ) {
      let code = bytes[index]!;
      let kind = KINDS[code]!;
      if (kind <= EDGE) {
        index++;
        continue;
      }
      const from = index;
      let high = highSeed;
      let low = lowSeed;
      let digits = 0;
      let letters = 0;
      let isNumeric = 1;
      // Signs count once a character of a word follows them.
      let to = index;
      for (;;) {
        if (kind > EDGE) {
          for (; to < index; to++) {
            high = highStep(high, bytes[to]!);
            low = lowStep(low, bytes[to]!);
          }
          if (kind === LETTER) {
            letters++;
            code |= LOWER;
          } else if (kind === DIGIT) digits++;
          else isNumeric = 0;
          high = highStep(high, code);
          low = lowStep(low, code);
          to++;
        }
        if (++index === length) break;
        code = bytes[index]!;
        kind = KINDS[code]!;
        if (kind === BETWEEN) break;
      }
      words[place + HIGH] = mixed(high);
      words[place + LOW] = mixed(low);
      words[place + FROM] = from;
      words[place + TO] = to;
      words[place + DIGITS] = digits;
      words[place + LETTERS] = letters;
      words[place + IS_NUMERIC] = isNumeric;
      place += STRIDE;
    }
    this.count = place / STRIDE;
    return true;
  }

  /** Hashes words that were found otherwise. */
  #splitWords(found: readonly string[]): void {
    this.text = found.join(" ");
    this.count = found.length;
    const words = this.#wordsFor(found.length);
    let from = 0;
    for (const [index, word] of found.entries()) {
      this.#hash.take(word);
      let digits = 0;
      let letters = 0;
      let isNumeric = 1;
      for (let at = 0; at < word.length; at++) {
        const code = word.charCodeAt(at);
        if (code > 0x7f || KINDS[code] === AT) isNumeric = 0;
        else if (KINDS[code] === DIGIT) digits++;
        else if (KINDS[code] === LETTER) letters++;
      }
      const to = from + word.length;
      words.set([this.#hash.high, this.#hash.low, from, to, digits, letters, isNumeric], index * STRIDE);
      from = to + 1;
    }
  }

  #wordsFor(count: number): Int32Array {
    if (this.list.length < count * STRIDE) this.list = new Int32Array(count * 2 * STRIDE);
    return this.list;
  }
}
