import type { EncryptBlocks } from "./aes.ts";
import { ff1Header, ff1Shape } from "./ff1-shape.ts";

/** Bits of the longest number: both halves in three words. */
export const MOST_BITS = 192;

/** Words of each half in an array of limbs: the right half first, the lowest word first. */
export const HALF_LIMBS = 3;

/** Numbers side by side, an array for each word: three of the right half and three of the left one, which is the higher. */
export type BitLimbs = readonly Uint32Array[];

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
  /** Words that a half fills. */
  readonly words: number;
  /** What the last block of Q meets AES as, before a round and a half are in it. */
  readonly start: Int32Array;
  /** The word of the block, from its end, that holds the number of the round, and the shift in it. */
  readonly roundWord: number;
  readonly roundShift: number;
  /** The bits of each word of a half that are in use. */
  readonly rightMasks: Int32Array;
  readonly leftMasks: Int32Array;
}

/** Bytes of a tweak: one block, so that every form has one more after it. */
export const TWEAK_BYTES = 16;

/** What all numbers of so many bits, from 20 to 192, and one tweak share. */
export function bitForm(encrypt: EncryptBlocks, bits: number, tweak: Uint8Array): BitForm {
  const shape = ff1Shape(2, bits);
  const state = encrypt(ff1Header(shape, TWEAK_BYTES)).map((byte, index) => byte ^ tweak[index]!);
  const start = Buffer.from(encrypt(state));
  return {
    v: shape.v,
    u: shape.u,
    words: Math.ceil(shape.v / 32),
    start: Int32Array.from([0, 4, 8, 12], (at) => start.readInt32BE(at)),
    roundWord: shape.b >> 2,
    roundShift: 8 * (shape.b & 3),
    rightMasks: masksOf(shape.v),
    leftMasks: masksOf(shape.u),
  };
}

function masksOf(bits: number): Int32Array {
  return Int32Array.from({ length: HALF_LIMBS }, (_, word) => {
    const own = Math.max(0, Math.min(32, bits - word * 32));
    return 2 ** own - 1;
  });
}

/** Numbers that go through a round together: a call of AES costs as much as 200 blocks, and these stay in the second cache. */
const SIDE_BY_SIDE = 4096;

/** The blocks before and after AES, shared by all. */
const BLOCKS = new Uint8Array(SIDE_BY_SIDE * 16);
const DRAWN = new Uint8Array(SIDE_BY_SIDE * 16);
const BLOCK_WORDS = new DataView(BLOCKS.buffer);
const DRAWN_WORDS = new DataView(DRAWN.buffer);
const CARRIES = new Int8Array(SIDE_BY_SIDE);

/**
 * FF1 of radix 2 (SP 800-38G, Algorithms 7 and 8) over numbers of many lengths and tweaks side by side, in place: one call of AES a round for all
 * of them. Values of one length and tweak alone would be few, and a call costs as much for one block as for 200.
 */
export function cryptBits(encrypt: EncryptBlocks, groups: readonly BitGroup[], limbs: BitLimbs, isDecrypt: boolean): void {
  const right = limbs.slice(0, HALF_LIMBS);
  const left = limbs.slice(HALF_LIMBS);
  for (const { base, count, parts } of chunksOf(groups)) {
    const blocks = BLOCKS.subarray(0, count * 16);
    let round = isDecrypt ? 9 : 0;
    for (const part of parts) {
      fillBlocks(part, base);
      writeHalf(part, base, round, isDecrypt ? left : right);
    }
    for (let step = 0; step < 10; step++) {
      // Even rounds change the left half, odd ones the right: the same as swapping the halves after each round.
      const isLeft = round % 2 === 0;
      DRAWN.set(encrypt(blocks));
      round += isDecrypt ? -1 : 1;
      for (const part of parts) changeHalf(part, base, round, isLeft ? left : right, isLeft, isDecrypt ? -1 : 1);
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

/** The words that no half reaches: the same in every round, but for the one that may hold its number. */
function fillBlocks({ form: { start, words }, from, to }: BitGroup, base: number): void {
  for (let word = words; word < 4; word++) fillWord(start[3 - word]!, word, from - base, to - base);
}

function fillWord(bits: number, word: number, from: number, to: number): void {
  for (let at = from * 16 + 12 - word * 4; at < to * 16; at += 16) BLOCK_WORDS.setInt32(at, bits);
}

/** Step 6.i: the round's number and a half, at the end of each block. */
function writeHalf({ form, from, to }: BitGroup, base: number, round: number, half: BitLimbs): void {
  for (let word = 0; word < form.words; word++) {
    const bits = wordOf(form, word, round);
    const limb = half[word]!;
    for (let slot = from, at = (from - base) * 16 + 12 - word * 4; slot < to; slot++, at += 16)
      BLOCK_WORDS.setInt32(at, bits ^ limb[slot]!);
  }
  writeRound(form, from - base, to - base, round);
}

/** The number of a round where it has a word for itself. */
function writeRound(form: BitForm, from: number, to: number, round: number): void {
  if (form.roundWord === form.words) fillWord(wordOf(form, form.words, round), form.words, from, to);
}

function wordOf({ start, roundWord, roundShift }: BitForm, word: number, round: number): number {
  return word === roundWord ? start[3 - word]! ^ (round << roundShift) : start[3 - word]!;
}

/** Steps 6.iii to 6.vi: adds what AES drew to a half, whose length takes the remainder, and writes the half for the round that follows. */
function changeHalf(
  { form, from, to }: BitGroup,
  base: number,
  round: number,
  half: BitLimbs,
  isLeft: boolean,
  sign: 1 | -1,
): void {
  const masks = isLeft ? form.leftMasks : form.rightMasks;
  const { words } = form;
  if (words === 1) addOnly(half[0]!, from, to, (from - base) * 16, masks[0]!, wordOf(form, 0, round), sign);
  else {
    CARRIES.fill(0, from - base, to - base);
    for (let word = 0; word < words; word++)
      addWord(half[word]!, from, to, base, word, words, masks[word]!, wordOf(form, word, round), sign);
  }
  writeRound(form, from - base, to - base, round);
}

/** A half of one word: no carry leaves it. */
function addOnly(limb: Uint32Array, from: number, to: number, first: number, mask: number, bits: number, sign: 1 | -1): void {
  for (let slot = from, at = first; slot < to; slot++, at += 16) {
    const sum = (limb[slot]! + Math.imul(sign, DRAWN_WORDS.getInt32(at + 4))) & mask;
    limb[slot] = sum;
    BLOCK_WORDS.setInt32(at + 12, bits ^ sum);
  }
}

function addWord(
  limb: Uint32Array,
  from: number,
  to: number,
  base: number,
  word: number,
  words: number,
  mask: number,
  bits: number,
  sign: 1 | -1,
): void {
  const drawnAt = (words - word) * 4;
  const blockAt = 12 - word * 4;
  for (let slot = from, at = (from - base) * 16; slot < to; slot++, at += 16) {
    const sum = limb[slot]! + sign * DRAWN_WORDS.getUint32(at + drawnAt) + CARRIES[slot - base]!;
    // No comparison: it would go either way, which the processor cannot foresee.
    CARRIES[slot - base] = Math.floor(sum * WORD_INVERSE);
    const kept = sum & mask;
    limb[slot] = kept;
    BLOCK_WORDS.setInt32(at + blockAt, bits ^ kept);
  }
}

const WORD_INVERSE = 2 ** -32;
