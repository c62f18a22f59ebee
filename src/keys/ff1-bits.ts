import type { EncryptBlocks } from "./aes.ts";
import { type Ff1Shape, ff1Header, ff1TailBytes } from "./ff1-shape.ts";

/** Many numbers side by side, 32 bits an array, the lowest first. */
export type WideNumbers = readonly Uint32Array[];

/** Halves up to this fit one block of what a round draws. */
const MAX_HALF_BITS = 96;

/** Values that go through a round together, as in the column of digits. */
const SIDE_BY_SIDE = 512;

/** Bytes of a tweak: two words. */
const TWEAK_BYTES = 8;

/** Says whether the form over bits takes this shape: up to 192 bits. */
export function fitsBits({ radix, v }: Ff1Shape): boolean {
  return radix === 2 && v <= MAX_HALF_BITS;
}

/** 32-bit words that hold a half of this shape. */
export function wordsOfHalf({ v }: Ff1Shape): number {
  return Math.ceil(v / 32);
}

/**
 * FF1 (SP 800-38G, Algorithms 7 and 8) over bits, many values side by side and in place. With radix 2 the remainders of a round are the lowest bits, and
 * the sums of 128-bit values need no big integers: 0.3 µs a value instead of 20.
 *
 * `tweaks` holds two words for each value, null stands for the empty tweak.
 */
export function createFf1Bits(encrypt: EncryptBlocks) {
  const blocks = Buffer.alloc(SIDE_BY_SIDE * 16);
  const view = new DataView(blocks.buffer, blocks.byteOffset, blocks.length);
  const base = new Int32Array(SIDE_BY_SIDE * 4);

  return (shape: Ff1Shape, tweaks: Uint32Array | null, left: WideNumbers, right: WideNumbers, isDecrypt: boolean): void => {
    const count = left[0]!.length;
    for (let from = 0; from < count; from += SIDE_BY_SIDE) {
      const to = Math.min(from + SIDE_BY_SIDE, count);
      const some = (words: WideNumbers) => words.map((word) => word.subarray(from, to));
      cryptSome(shape, tweaks?.subarray(from * 2, to * 2) ?? null, some(left), some(right), isDecrypt);
    }
  };

  function cryptSome(
    shape: Ff1Shape,
    tweaks: Uint32Array | null,
    left: WideNumbers,
    right: WideNumbers,
    isDecrypt: boolean,
  ): void {
    const count = left[0]!.length;
    startBlocks(shape, tweaks, count);
    for (let step = 0; step < 10; step++) {
      const round = isDecrypt ? 9 - step : step;
      // Even rounds change the left half, odd ones the right: the same as swapping the halves after each round.
      const isLeft = round % 2 === 0;
      writeRound(round, shape.b, isLeft ? right : left);
      const drawn = encrypt(blocks.subarray(0, count * 16));
      addDrawn(drawn, shape.d, isLeft ? shape.u : shape.v, isDecrypt, isLeft ? left : right);
    }
  }

  /** What each value's last block of Q meets AES as, round and half still 0. */
  function startBlocks(shape: Ff1Shape, tweaks: Uint32Array | null, count: number): void {
    const tweakLength = tweaks === null ? 0 : TWEAK_BYTES;
    const header = encrypt(ff1Header(shape, tweakLength));
    for (let slot = 0; slot < count; slot++) blocks.set(header, slot * 16);
    if (tweaks !== null) {
      for (let slot = 0; slot < count; slot++) {
        view.setInt32(slot * 16, view.getInt32(slot * 16) ^ tweaks[slot * 2]!);
        view.setInt32(slot * 16 + 4, view.getInt32(slot * 16 + 4) ^ tweaks[slot * 2 + 1]!);
      }
    }
    if (ff1TailBytes(shape, tweakLength) > 16) blocks.set(encrypt(blocks.subarray(0, count * 16)));
    for (let word = 0; word < count * 4; word++) base[word] = view.getInt32(word * 4);
  }

  /** Step 6.i: the round's number and the other half, at the end of each block. */
  function writeRound(round: number, b: number, other: WideNumbers): void {
    const [bytes, start] = [view, base];
    const count = other[0]!.length;
    const roundWord = 3 - (b >> 2);
    const roundBits = round << (8 * (b & 3));
    for (let word = 0; word < 4; word++) {
      const half = other[3 - word];
      const bits = word === roundWord ? roundBits : 0;
      for (let slot = 0; slot < count; slot++) {
        bytes.setInt32(slot * 16 + word * 4, start[slot * 4 + word]! ^ bits ^ (half === undefined ? 0 : half[slot]!));
      }
    }
  }
}

/** Steps 6.iii to 6.vi: adds the lowest bits of the `d` drawn bytes to a half. */
function addDrawn(drawn: Uint8Array, d: number, bits: number, isDecrypt: boolean, half: WideNumbers): void {
  const view = new DataView(drawn.buffer, drawn.byteOffset, drawn.length);
  const count = half[0]!.length;
  const carries = new Int8Array(count);
  for (const [index, word] of half.entries()) {
    const left = bits - index * 32;
    const mask = left >= 32 ? 0xffffffff : left <= 0 ? 0 : 2 ** left - 1;
    const offset = d - 4 - index * 4;
    for (let slot = 0; slot < count; slot++) {
      const own = view.getUint32(slot * 16 + offset);
      const sum = isDecrypt ? word[slot]! - own + carries[slot]! : word[slot]! + own + carries[slot]!;
      carries[slot] = sum < 0 ? -1 : sum > 0xffffffff ? 1 : 0;
      word[slot] = (sum & mask) >>> 0;
    }
  }
}
