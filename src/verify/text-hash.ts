import { randomBytes } from "node:crypto";
import { AsciiBytes } from "./ascii-bytes.ts";

/** Odd factors with mixed bits; those of the two lanes are different, so that texts which meet in one do not meet in the other. */
const HIGH_FACTOR = 0x9e3779b1;
const LOW_FACTOR = 0x85ebca77;
const HIGH_WORD_FACTOR = 0xcc9e2d51;
const LOW_WORD_FACTOR = 0x1b873593;

/**
 * A hash of 64 bits of texts, in two lanes, for counting and finding them again within one process: under a seed of its own, which goes with it, so that nobody can make
 * texts that meet. It is bookkeeping and protects nothing, so no hash of it is told to anybody. AES-CMAC took five times as long, and most of a verified run.
 */
export class TextHash {
  readonly #bytes = new AsciiBytes();
  readonly highSeed: number;
  readonly lowSeed: number;
  /** The last hash. */
  high = 0;
  low = 0;

  constructor(seed: Uint8Array = randomBytes(8)) {
    const words = new DataView(seed.buffer, seed.byteOffset, 8);
    this.highSeed = words.getInt32(0);
    this.lowSeed = words.getInt32(4);
  }

  /** Hashes a text, or a part of it. */
  take(text: string, from = 0, to = text.length): void {
    let high = this.highSeed;
    let low = this.lowSeed;
    for (let index = from; index < to; index++) {
      const code = text.charCodeAt(index);
      high = highStep(high, code);
      low = lowStep(low, code);
    }
    this.high = mixed(high);
    this.low = mixed(low);
  }

  /** Hashes a cell as a whole, four bytes in one go where it is ASCII: another hash than `take` gives. */
  takeCell(text: string): void {
    if (!this.#bytes.fill(text)) {
      this.take(text);
      return;
    }
    const { length } = text;
    const { bytes } = this.#bytes;
    let high = this.highSeed ^ length;
    let low = this.lowSeed ^ length;
    let index = 0;
    for (; index + 3 < length; index += 4) {
      const four = bytes[index]! | (bytes[index + 1]! << 8) | (bytes[index + 2]! << 16) | (bytes[index + 3]! << 24);
      high = highStep(high, four);
      low = lowStep(low, four);
    }
    for (; index < length; index++) {
      high = highStep(high, bytes[index]!);
      low = lowStep(low, bytes[index]!);
    }
    this.high = mixed(high);
    this.low = mixed(low);
  }

  /** Hashes several texts as one, `["a", "bc"]` otherwise than `["ab", "c"]`. */
  takeAll(texts: readonly string[]): void {
    let high = this.highSeed;
    let low = this.lowSeed;
    for (const text of texts) {
      this.take(text);
      high = highJoined(high, this.high);
      low = lowJoined(low, this.low);
    }
    this.high = high;
    this.low = low;
  }
}

/** A lane one character further. */
export function highStep(lane: number, code: number): number {
  const product = Math.imul(lane ^ code, HIGH_FACTOR);
  return (product << 13) | (product >>> 19);
}

export function lowStep(lane: number, code: number): number {
  const product = Math.imul(lane ^ code, LOW_FACTOR);
  return (product << 17) | (product >>> 15);
}

/** Ends a lane: every bit depends on all before (MurmurHash3's last step). */
export function mixed(lane: number): number {
  let bits = lane ^ (lane >>> 16);
  bits = Math.imul(bits, 0x85ebca6b);
  bits ^= bits >>> 13;
  bits = Math.imul(bits, 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}

/** The lane of a run of words with one more. */
export function highJoined(run: number, word: number): number {
  const product = Math.imul(run ^ word, HIGH_WORD_FACTOR);
  return product ^ (product >>> 15);
}

export function lowJoined(run: number, word: number): number {
  const product = Math.imul(run ^ word, LOW_WORD_FACTOR);
  return product ^ (product >>> 15);
}
