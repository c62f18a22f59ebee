import { createBlockCipher, type EncryptBlocks } from "./aes.ts";
import { type BitForm, type BitGroup, type BitLimbs, bitForm, cryptBits, HALF_LIMBS, MOST_BITS } from "./ff1-bits.ts";
import { bitLength } from "./ff1-shape.ts";

/** Numbers of one size and tweak among others: those from one slot to another. */
export interface SizedGroup extends BitGroup {
  readonly form: SizedForm;
}

/** A size and a tweak, made ready. */
export interface SizedForm extends BitForm {
  /** The words of the size, which no number reaches: as the numbers, the right half first. */
  readonly end: Float64Array;
}

/** Keyed bijections of 0 … size - 1, an own one for each size and tweak, over numbers of all of them side by side, in place. */
export interface SizedPermutations {
  /** Makes ready a size from 10^6 to 2^192 and a tweak of 16 bytes. */
  form(size: bigint, tweak: Uint8Array): SizedForm;
  /** The groups stand one after the other, without a gap. */
  permute(groups: readonly SizedGroup[], limbs: BitLimbs, isBackward: boolean): void;
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
      return { ...form, end: endOf(size, form) };
    },
    permute: (groups, limbs, isBackward) => walk(encrypt, groups, limbs, isBackward),
  };
}

/** What is beyond the highest word of the left half stays in it: a power of two ends where no number comes. */
function endOf(size: bigint, { u, v }: BitForm): Float64Array {
  const halves = [BigInt.asUintN(v, size), size >> BigInt(v)] as const;
  const wordOf = (half: bigint, word: number, isHighest: boolean) =>
    Number(isHighest ? half >> BigInt(word * 32) : BigInt.asUintN(32, half >> BigInt(word * 32)));
  return Float64Array.from({ length: HALF_LIMBS * 2 }, (_, limb) =>
    limb < HALF_LIMBS ? wordOf(halves[0], limb, false) : wordOf(halves[1], limb - HALF_LIMBS, limb === highestLimb(u)),
  );
}

/** The limb with the highest bits of numbers whose left half has `u` of them. */
function highestLimb(u: number): number {
  return HALF_LIMBS + Math.ceil(u / 32) - 1;
}

/** What falls outside is enciphered again: its cycle leads back to where it began, which is inside. */
function walk(encrypt: EncryptBlocks, groups: readonly SizedGroup[], limbs: BitLimbs, isBackward: boolean): void {
  cryptBits(encrypt, groups, limbs, isBackward);
  const { outside, slots } = outsideOf(groups, limbs);
  if (outside.length === 0) return;
  const again = limbs.map((limb) => Uint32Array.from(slots, (slot) => limb[slot]!));
  walk(encrypt, outside, again, isBackward);
  for (const [index, limb] of limbs.entries()) {
    const own = again[index]!;
    for (const [place, slot] of slots.entries()) limb[slot] = own[place]!;
  }
}

/** The numbers that are not below the end of their group: where they stand, and their groups once they stand alone. */
function outsideOf(groups: readonly SizedGroup[], limbs: BitLimbs): { outside: SizedGroup[]; slots: number[] } {
  const slots: number[] = [];
  const outside: SizedGroup[] = [];
  for (const { form, from, to } of groups) {
    const first = slots.length;
    const top = highestLimb(form.u);
    const [highest, end] = [limbs[top]!, form.end[top]!];
    for (let slot = from; slot < to; slot++)
      if (highest[slot]! >= end && (highest[slot]! > end || isFrom(limbs, slot, form.end, top - 1))) slots.push(slot);
    if (slots.length > first) outside.push({ form, from: first, to: slots.length });
  }
  return { outside, slots };
}

function isFrom(limbs: BitLimbs, slot: number, end: Float64Array, highest: number): boolean {
  for (let limb = highest; limb >= 0; limb--) {
    const own = limbs[limb]![slot]!;
    if (own !== end[limb]) return own > end[limb]!;
  }
  return true;
}
