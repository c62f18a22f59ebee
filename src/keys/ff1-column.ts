import type { EncryptBlocks } from "./aes.ts";
import { type Ff1Shape, ff1Header, ff1TailBytes } from "./ff1-shape.ts";

/** Writes the tweak of one value of a group to the place where it belongs. All tweaks of a group have one length. */
export type WriteTweak = (slot: number, target: Uint8Array, offset: number) => void;

/** The tweaks of a group: one for all values, or one each. */
export type GroupTweak = Uint8Array | { readonly length: number; readonly write: WriteTweak };

/** FF1 over many values of one length, their halves as numbers, in place. */
export interface Ff1Column {
  crypt(shape: Ff1Shape, tweak: GroupTweak, left: Float64Array, right: Float64Array, isDecrypt: boolean): void;
}

/** Halves up to this stay exact in the double arithmetic of a round: a remainder below 2 · 2^35, shifted by 16 bits, is below 2^53. */
const MAX_HALF = 2 ** 35;

/** Values that go through a round together: enough to make a call of AES cheap, few enough to stay in the nearest cache. */
const SIDE_BY_SIDE = 512;

/** Says whether the column form takes this shape: halves up to 10 digits or 35 bits. */
export function fitsColumn({ radix, v }: Ff1Shape): boolean {
  return radix ** v <= MAX_HALF;
}

/**
 * The rounds of FF1 side by side: one AES call a round for a whole group, so a 16-digit value costs ten blocks at 3 ns and not ten calls at
 * 1 µs. Everything before the last block of Q is enciphered once.
 */
export function createFf1Column(encrypt: EncryptBlocks): Ff1Column {
  let blocks = Buffer.alloc(0);
  let view = new DataView(blocks.buffer);
  /** The last eight bytes of each value's block before a round and a half are added. */
  let baseHigh = new Int32Array(0);
  let baseLow = new Int32Array(0);

  return {
    crypt(shape, tweak, left, right, isDecrypt) {
      for (let from = 0; from < left.length; from += SIDE_BY_SIDE) {
        const to = Math.min(from + SIDE_BY_SIDE, left.length);
        const own: GroupTweak =
          tweak instanceof Uint8Array
            ? tweak
            : { length: tweak.length, write: (slot, target, offset) => tweak.write(from + slot, target, offset) };
        cryptSome(shape, own, left.subarray(from, to), right.subarray(from, to), isDecrypt);
      }
    },
  };

  function cryptSome(shape: Ff1Shape, tweak: GroupTweak, left: Float64Array, right: Float64Array, isDecrypt: boolean): void {
    const count = left.length;
    if (count > baseHigh.length) grow(count);
    startBlocks(shape, tweak, count);
    const moduli = [shape.radix ** shape.u, shape.radix ** shape.v] as const;
    for (let step = 0; step < 10; step++) {
      const round = isDecrypt ? 9 - step : step;
      // Even rounds change the left half, odd ones the right: the same as swapping the halves after each round.
      const [changed, other] = round % 2 === 0 ? [left, right] : [right, left];
      writeRound(round, shape.b, other);
      const drawn = encrypt(blocks.subarray(0, count * 16));
      addDrawn(drawn, shape.d, moduli[(round % 2) as 0 | 1], isDecrypt ? -1 : 1, changed);
    }
  }

  function grow(count: number): void {
    const rows = Math.max(count, baseHigh.length * 2);
    blocks = Buffer.alloc(rows * 16);
    view = new DataView(blocks.buffer, blocks.byteOffset, blocks.length);
    baseHigh = new Int32Array(rows);
    baseLow = new Int32Array(rows);
  }

  /** Fills `blocks` with what each value's last block of Q meets AES as, round and half still 0. */
  function startBlocks(shape: Ff1Shape, tweak: GroupTweak, count: number): void {
    if (tweak instanceof Uint8Array) {
      chainTweaks(shape, { length: tweak.length, write: (_, target, offset) => target.set(tweak, offset) }, 1);
      blocks.fill(blocks.subarray(0, 16), 16, count * 16);
    } else {
      chainTweaks(shape, tweak, count);
    }
    const [bytes, high, low] = [view, baseHigh, baseLow];
    for (let slot = 0; slot < count; slot++) {
      high[slot] = bytes.getInt32(slot * 16 + 8);
      low[slot] = bytes.getInt32(slot * 16 + 12);
    }
  }

  /** CBC-MAC over P and Q, up to the last call of AES, which the rounds make. */
  function chainTweaks(shape: Ff1Shape, { length, write }: Exclude<GroupTweak, Uint8Array>, count: number): void {
    const size = ff1TailBytes(shape, length);
    const tails = new Uint8Array(count * size);
    for (let slot = 0; slot < count; slot++) write(slot, tails, slot * size);
    const header = encrypt(ff1Header(shape, length));
    const used = blocks.subarray(0, count * 16);
    for (let index = 0; index < used.length; index++) used[index] = header[index & 15]!;
    for (let position = 0; position < size; position += 16) {
      if (position > 0) used.set(encrypt(used));
      for (let slot = 0; slot < count; slot++) {
        const from = slot * size + position;
        for (let index = 0; index < 16; index++) used[slot * 16 + index]! ^= tails[from + index]!;
      }
    }
  }

  /** Step 6.i: the round's number and the other half, at the end of each block. */
  function writeRound(round: number, b: number, other: Float64Array): void {
    const roundHigh = b < 4 ? 0 : round << (8 * (b - 4));
    const roundLow = b < 4 ? round << (8 * b) : 0;
    // Local names: in the loop a variable of the closure is read again at every use.
    const [bytes, high, low] = [view, baseHigh, baseLow];
    for (let slot = 0; slot < other.length; slot++) {
      const half = other[slot]!;
      bytes.setInt32(slot * 16 + 8, high[slot]! ^ roundHigh ^ (half / 4294967296));
      bytes.setInt32(slot * 16 + 12, low[slot]! ^ roundLow ^ half);
    }
  }
}

/** Steps 6.iii to 6.vi: adds the first `d` bytes of each drawn block, as a number, to a half. */
function addDrawn(drawn: Uint8Array, d: number, modulus: number, sign: 1 | -1, half: Float64Array): void {
  const view = new DataView(drawn.buffer, drawn.byteOffset, drawn.length);
  const inverse = 1 / modulus;
  for (let slot = 0; slot < half.length; slot++) {
    // The remainder in steps that a double holds exactly. It may stray from [0, modulus) by a little in between, which the next step absorbs.
    const second = view.getUint32(slot * 16 + 4);
    let rest = view.getUint32(slot * 16) * 0x100000 + (second >>> 12);
    rest -= Math.floor(rest * inverse) * modulus;
    rest = rest * 0x1000 + (second & 0xfff);
    for (let offset = 8; offset < d; offset += 4) {
      const word = view.getUint32(slot * 16 + offset);
      rest -= Math.floor(rest * inverse) * modulus;
      rest = rest * 0x10000 + (word >>> 16);
      rest -= Math.floor(rest * inverse) * modulus;
      rest = rest * 0x10000 + (word & 0xffff);
    }
    // The last step comes after the sum: a comparison there would go either way, which the processor cannot foresee.
    let sum = half[slot]! + sign * rest;
    sum -= Math.floor(sum * inverse) * modulus;
    if (sum < 0) sum += modulus;
    else if (sum >= modulus) sum -= modulus;
    half[slot] = sum;
  }
}
