import type { EncryptBlocks } from "./aes.ts";
import { ff1Header, ff1Shape } from "./ff1-shape.ts";

/** Bits of the longest number: both halves in three words. */
export const MOST_BITS = 192;

/** Words of a half. */
export const HALF_WORDS = 3;

/** Words of a number, one number after the other: three of the right half, the lowest first, and three of the left one, which is the higher. */
export const NUMBER_WORDS = 2 * HALF_WORDS;

/** Numbers of one length and tweak among others: those from one slot to another. */
export interface BitGroup {
  readonly form: BitForm;
  readonly from: number;
  readonly to: number;
}

/** What FF1 fixes for one length and tweak. */
export interface BitForm {
  /** Bits of the right half, and of the left one. */
  readonly v: number;
  readonly u: number;
  /** All that the rounds need, in one array: what they take from many objects would come from all over the memory. */
  readonly settings: Int32Array;
}

/** The places of the settings: words of a half, the block without a half, from its last word, and the bits in use of each word of the halves. */
const WORDS = 0;
const START = 1;
const RIGHT_MASKS = START + 4;
const LEFT_MASKS = RIGHT_MASKS + HALF_WORDS;
/** The word of the block that holds the number of the round, and the shift in it. */
const ROUND_WORD = LEFT_MASKS + HALF_WORDS;
const ROUND_SHIFT = ROUND_WORD + 1;
/** The first slot of a part of a group, and the slot after its last one. */
const FROM = ROUND_SHIFT + 1;
const TO = FROM + 1;
const SETTINGS = TO + 1;

/** Bytes of a tweak: one block, so that every form has one more after it. */
export const TWEAK_BYTES = 16;

/** What all numbers of so many bits, from 20 to 192, and one tweak share. */
export function bitForm(encrypt: EncryptBlocks, bits: number, tweak: Uint8Array): BitForm {
  const shape = ff1Shape(2, bits);
  const state = encrypt(ff1Header(shape, TWEAK_BYTES)).map((byte, index) => byte ^ tweak[index]!);
  const start = Buffer.from(encrypt(state));
  const settings = new Int32Array(SETTINGS);
  settings[WORDS] = Math.ceil(shape.v / 32);
  for (let word = 0; word < 4; word++) settings[START + word] = start.readInt32BE(12 - word * 4);
  settings.set(masksOf(shape.v), RIGHT_MASKS);
  settings.set(masksOf(shape.u), LEFT_MASKS);
  settings[ROUND_WORD] = shape.b >> 2;
  settings[ROUND_SHIFT] = 8 * (shape.b & 3);
  return { v: shape.v, u: shape.u, settings };
}

function masksOf(bits: number): number[] {
  return Array.from({ length: HALF_WORDS }, (_, word) => 2 ** Math.max(0, Math.min(32, bits - word * 32)) - 1);
}

/** Numbers that go through a round together: a call of AES costs as much as 200 blocks, and these stay in the second cache. */
const SIDE_BY_SIDE = 4096;

/** The blocks before and after AES, shared by all. */
const BLOCKS = new Uint8Array(SIDE_BY_SIDE * 16);
const DRAWN = new Uint8Array(SIDE_BY_SIDE * 16);
const BLOCK_WORDS = new DataView(BLOCKS.buffer);
const DRAWN_WORDS = new DataView(DRAWN.buffer);

/**
 * FF1 of radix 2 (SP 800-38G, Algorithms 7 and 8) over numbers of many lengths and tweaks side by side, in place: one call of AES a round for all
 * of them. Values of one length and tweak alone would be few, and a call costs as much for one block as for 200.
 */
export function cryptBits(encrypt: EncryptBlocks, groups: readonly BitGroup[], numbers: Uint32Array, isDecrypt: boolean): void {
  const words = new Int32Array(numbers.buffer, numbers.byteOffset, numbers.length);
  for (const { base, count, parts } of chunksOf(groups)) {
    const settings = settingsOf(parts);
    const blocks = BLOCKS.subarray(0, count * 16);
    const first = isDecrypt ? 9 : 0;
    writeBlocks(settings, base, first, numbers, isDecrypt ? HALF_WORDS : 0);
    for (let step = 0; step < 10; step++) {
      const round = isDecrypt ? first - step : step;
      // Even rounds change the left half, odd ones the right: the same as swapping the halves after each round.
      const isLeft = round % 2 === 0;
      DRAWN.set(encrypt(blocks));
      changeHalves(settings, base, isDecrypt ? round - 1 : round + 1, words, isLeft, isDecrypt ? -1 : 0);
    }
  }
}

/** Groups, or parts of them, that go through a round together. */
function* chunksOf(groups: readonly BitGroup[]): Generator<{ base: number; count: number; parts: BitGroup[] }> {
  let base = groups[0]?.from ?? 0;
  let parts: BitGroup[] = [];
  for (const { form, from, to } of groups) {
    for (let start = from; start < to; ) {
      const end = Math.min(to, base + SIDE_BY_SIDE);
      parts.push({ form, from: start, to: end });
      start = end;
      if (end - base < SIDE_BY_SIDE) continue;
      yield { base, count: SIDE_BY_SIDE, parts };
      base = end;
      parts = [];
    }
  }
  if (parts.length > 0) yield { base, count: parts.at(-1)!.to - base, parts };
}

/** The settings of all parts, one after the other, with their slots. */
function settingsOf(parts: readonly BitGroup[]): Int32Array {
  const all = new Int32Array(parts.length * SETTINGS);
  for (const [index, { form, from, to }] of parts.entries()) {
    all.set(form.settings, index * SETTINGS);
    all[index * SETTINGS + FROM] = from;
    all[index * SETTINGS + TO] = to;
  }
  return all;
}

/** Step 6.i: the blocks of the first round. */
function writeBlocks(settings: Int32Array, base: number, round: number, numbers: Uint32Array, side: number): void {
  for (let part = 0; part < settings.length; part += SETTINGS) {
    const words = settings[part + WORDS]!;
    const roundWord = settings[part + ROUND_WORD]!;
    const roundBits = round << settings[part + ROUND_SHIFT]!;
    const to = settings[part + TO]!;
    for (let slot = settings[part + FROM]!; slot < to; slot++) {
      for (let word = 0; word < 4; word++) {
        const half = word < words ? numbers[slot * NUMBER_WORDS + side + word]! : 0;
        const bits = word === roundWord ? settings[part + START + word]! ^ roundBits : settings[part + START + word]!;
        BLOCK_WORDS.setInt32((slot - base) * 16 + 12 - word * 4, bits ^ half);
      }
    }
  }
}

/**
 * Steps 6.iii to 6.vi: adds what AES drew to a half, whose length takes the remainder, and writes the half for the round that is next. To take away, `flip` is all
 * bits: a difference is the complement of the sum with the complement.
 */
function changeHalves(
  settings: Int32Array,
  base: number,
  next: number,
  numbers: Int32Array,
  isLeft: boolean,
  flip: 0 | -1,
): void {
  const side = isLeft ? HALF_WORDS : 0;
  for (let part = 0; part < settings.length; part += SETTINGS) {
    const words = settings[part + WORDS]!;
    const change = words === 1 ? changeOne : words === 2 ? changeTwo : changeThree;
    const round = next << settings[part + ROUND_SHIFT]!;
    settings[part + START + settings[part + ROUND_WORD]!]! ^= round;
    change(settings, part, base, part + (isLeft ? LEFT_MASKS : RIGHT_MASKS), numbers, side, flip);
    settings[part + START + settings[part + ROUND_WORD]!]! ^= round;
  }
}

type ChangeHalves = (
  settings: Int32Array,
  part: number,
  base: number,
  masks: number,
  numbers: Int32Array,
  side: number,
  flip: 0 | -1,
) => void;

/** Halves of one word. The word before a half may hold the number of the round, and is written in any case: to ask takes as long. */
const changeOne: ChangeHalves = (settings, part, base, masks, numbers, side, flip) => {
  const start0 = settings[part + START]!;
  const start1 = settings[part + START + 1]!;
  const mask = settings[masks]!;
  const to = settings[part + TO]!;
  for (let slot = settings[part + FROM]!; slot < to; slot++) {
    const at = (slot - base) * 16;
    const index = slot * NUMBER_WORDS + side;
    const kept = (((numbers[index]! ^ flip) + DRAWN_WORDS.getInt32(at + 4)) ^ flip) & mask;
    numbers[index] = kept;
    BLOCK_WORDS.setInt32(at + 12, start0 ^ kept);
    BLOCK_WORDS.setInt32(at + 8, start1);
  }
};

/** Halves of two words. */
const changeTwo: ChangeHalves = (settings, part, base, masks, numbers, side, flip) => {
  const start0 = settings[part + START]!;
  const start1 = settings[part + START + 1]!;
  const start2 = settings[part + START + 2]!;
  const mask0 = settings[masks]!;
  const mask1 = settings[masks + 1]!;
  const to = settings[part + TO]!;
  for (let slot = settings[part + FROM]!; slot < to; slot++) {
    const at = (slot - base) * 16;
    const index = slot * NUMBER_WORDS + side;
    const half = numbers[index]! ^ flip;
    const drawn = DRAWN_WORDS.getInt32(at + 8);
    const sum = (half + drawn) | 0;
    const high = (numbers[index + 1]! ^ flip) + DRAWN_WORDS.getInt32(at + 4) + carryOf(half, drawn, sum);
    const kept0 = (sum ^ flip) & mask0;
    const kept1 = (high ^ flip) & mask1;
    numbers[index] = kept0;
    numbers[index + 1] = kept1;
    BLOCK_WORDS.setInt32(at + 12, start0 ^ kept0);
    BLOCK_WORDS.setInt32(at + 8, start1 ^ kept1);
    BLOCK_WORDS.setInt32(at + 4, start2);
  }
};

/** Halves of three words. */
const changeThree: ChangeHalves = (settings, part, base, masks, numbers, side, flip) => {
  const to = settings[part + TO]!;
  for (let slot = settings[part + FROM]!; slot < to; slot++) {
    const at = (slot - base) * 16;
    const index = slot * NUMBER_WORDS + side;
    let carry = 0;
    for (let word = 0; word < HALF_WORDS; word++) {
      const half = numbers[index + word]! ^ flip;
      const drawn = DRAWN_WORDS.getInt32(at + 12 - word * 4);
      const sum = (half + drawn + carry) | 0;
      carry = carryOf(half, drawn, sum);
      const kept = (sum ^ flip) & settings[masks + word]!;
      numbers[index + word] = kept;
      BLOCK_WORDS.setInt32(at + 12 - word * 4, settings[part + START + word]! ^ kept);
    }
    BLOCK_WORDS.setInt32(at, settings[part + START + 3]!);
  }
};

/** What a sum of two words carries, by its highest bits. No comparison: it would go either way, which the processor cannot foresee. */
const carryOf = (one: number, other: number, sum: number): number => ((one & other) | ((one | other) & ~sum)) >>> 31;
