import { createBlockCipher, type EncryptBlocks } from "./aes.ts";
import { type BitForm, type BitGroup, bitForm, cryptBits, HALF_WORDS, MOST_BITS, NUMBER_WORDS } from "./ff1-bits.ts";
import { bitLength } from "./ff1-shape.ts";

/** Numbers of one size and tweak among others: those from one slot to another. */
export interface SizedGroup extends BitGroup {
  readonly form: SizedForm;
}

/** A size and a tweak, made ready. */
export interface SizedForm extends BitForm {
  /** The words of the size, which no number reaches: as the numbers, the right half first. */
  readonly end: Float64Array;
  /** The word with the highest bits. */
  readonly top: number;
}

/** Keyed bijections of 0 … size - 1, an own one for each size and tweak, over numbers of all of them side by side, in place. */
export interface SizedPermutations {
  /** Makes ready a size from 10^6 to 2^192 and a tweak of 16 bytes. */
  form(size: bigint, tweak: Uint8Array): SizedForm;
  /** The groups stand one after the other, without a gap. */
  permute(groups: readonly SizedGroup[], numbers: Uint32Array, isBackward: boolean): void;
}

/** Whether numbers of this size fit. */
export function fitsSized(size: bigint): boolean {
  return bitLength(size - 1n) <= MOST_BITS;
}

/** FF1 over the bits that hold each size, which repeats while the result is outside: fewer than two rounds on average. The key serves nothing else. */
export function createSizedPermutations(key: Uint8Array): SizedPermutations {
  const encrypt = createBlockCipher(key);
  return {
    form(size, tweak) {
      const form = bitForm(encrypt, bitLength(size - 1n), tweak);
      return { ...form, end: endOf(size, form), top: highestWord(form.u) };
    },
    permute: (groups, numbers, isBackward) => walk(encrypt, groups, numbers, isBackward),
  };
}

/** What is beyond the highest word of the left half stays in it: a power of two ends where no number comes. */
function endOf(size: bigint, { u, v }: BitForm): Float64Array {
  const halves = [BigInt.asUintN(v, size), size >> BigInt(v)] as const;
  const wordOf = (half: bigint, word: number, isHighest: boolean) =>
    Number(isHighest ? half >> BigInt(word * 32) : BigInt.asUintN(32, half >> BigInt(word * 32)));
  return Float64Array.from({ length: NUMBER_WORDS }, (_, word) =>
    word < HALF_WORDS ? wordOf(halves[0], word, false) : wordOf(halves[1], word - HALF_WORDS, word === highestWord(u)),
  );
}

/** The word with the highest bits of numbers whose left half has `u` of them. */
function highestWord(u: number): number {
  return HALF_WORDS + Math.ceil(u / 32) - 1;
}

/** What falls outside is enciphered again: its cycle leads back to where it began, which is inside. */
function walk(encrypt: EncryptBlocks, groups: readonly SizedGroup[], numbers: Uint32Array, isBackward: boolean): void {
  cryptBits(encrypt, groups, numbers, isBackward);
  const { outside, slots } = outsideOf(groups, numbers);
  if (outside.length === 0) return;
  const again = new Uint32Array(slots.length * NUMBER_WORDS);
  for (let place = 0; place < slots.length; place++) copyNumber(numbers, slots[place]!, again, place);
  walk(encrypt, outside, again, isBackward);
  for (let place = 0; place < slots.length; place++) copyNumber(again, place, numbers, slots[place]!);
}

function copyNumber(source: Uint32Array, from: number, target: Uint32Array, to: number): void {
  for (let word = 0; word < NUMBER_WORDS; word++) target[to * NUMBER_WORDS + word] = source[from * NUMBER_WORDS + word]!;
}

/** The numbers that are not below the end of their group: where they stand, and their groups once they stand alone. */
function outsideOf(groups: readonly SizedGroup[], numbers: Uint32Array): { outside: SizedGroup[]; slots: number[] } {
  const slots: number[] = [];
  const outside: SizedGroup[] = [];
  for (const { form, from, to } of groups) {
    const first = slots.length;
    const { top, end } = form;
    const highest = end[top]!;
    for (let slot = from; slot < to; slot++) {
      const own = numbers[slot * NUMBER_WORDS + top]!;
      if (own >= highest && (own > highest || isFrom(numbers, slot, end, top - 1))) slots.push(slot);
    }
    if (slots.length > first) outside.push({ form, from: first, to: slots.length });
  }
  return { outside, slots };
}

function isFrom(numbers: Uint32Array, slot: number, end: Float64Array, highest: number): boolean {
  for (let word = highest; word >= 0; word--) {
    const own = numbers[slot * NUMBER_WORDS + word]!;
    if (own !== end[word]) return own > end[word]!;
  }
  return true;
}
