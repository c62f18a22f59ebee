import { createBlockCipher } from "./aes.ts";
import { createFf1Limbs, limbForms } from "./ff1-limbs.ts";
import type { GroupTweak, WideNumbers } from "./ff1-rounds.ts";
import { bitLength, ff1Shape } from "./ff1-shape.ts";

/**
 * A keyed bijection of 0 … size - 1 for sizes from 10^6, over numbers in limbs, in place: without the arithmetic of big integers, which takes longer than
 * the encryption.
 */
export interface LimbPermutation {
  /** Bits of each limb, the lowest first: at most 35, and at most 32 where there are more than two. */
  readonly widths: readonly number[];
  forward(limbs: WideNumbers, tweak?: GroupTweak): void;
  backward(limbs: WideNumbers, tweak?: GroupTweak): void;
}

const NO_TWEAK = new Uint8Array(0);

/** FF1 over the bits that hold the size, which repeats while the result is outside: fewer than two rounds on average. The key serves nothing else. */
export function createLimbPermutation(key: Uint8Array, size: bigint): LimbPermutation {
  const shape = ff1Shape(2, bitLength(size - 1n));
  const crypt = createFf1Limbs(createBlockCipher(key));
  const lower = limbForms(shape, shape.v).map(Math.log2);
  const widths = [...lower, ...limbForms(shape, shape.u).map(Math.log2)];
  const end = limbsOf([size], widths).map(([limb]) => limb!);

  /** What falls outside is enciphered again: its cycle leads back to where it began, which is inside. */
  const walk = (limbs: WideNumbers, tweak: GroupTweak, isBackward: boolean): void => {
    crypt(shape, tweak, limbs.slice(lower.length), limbs.slice(0, lower.length), isBackward);
    const outside = rowsFrom(limbs, end);
    if (outside.length === 0) return;
    const again = limbs.map((limb) => picked(limb, outside));
    walk(again, tweakOf(tweak, outside), isBackward);
    for (const [index, limb] of limbs.entries()) {
      const own = again[index]!;
      for (let slot = 0; slot < outside.length; slot++) limb[outside[slot]!] = own[slot]!;
    }
  };
  return {
    widths,
    forward: (limbs, tweak = NO_TWEAK) => walk(limbs, tweak, false),
    backward: (limbs, tweak = NO_TWEAK) => walk(limbs, tweak, true),
  };
}

/** The rows of numbers that are not below `end`. */
function rowsFrom(limbs: WideNumbers, end: readonly number[]): Int32Array {
  const highest = limbs.length - 1;
  const [top, topEnd] = [limbs[highest]!, end[highest]!];
  const rows = new Int32Array(top.length);
  let count = 0;
  for (let row = 0; row < top.length; row++) {
    rows[count] = row;
    if (top[row]! >= topEnd && (top[row]! > topEnd || isFrom(limbs, row, end, highest - 1))) count++;
  }
  return rows.subarray(0, count);
}

function isFrom(limbs: WideNumbers, row: number, end: readonly number[], highest: number): boolean {
  for (let limb = highest; limb >= 0; limb--) {
    const own = limbs[limb]![row]!;
    if (own !== end[limb]) return own > end[limb]!;
  }
  return true;
}

function picked(limb: Float64Array, rows: Int32Array): Float64Array {
  const some = new Float64Array(rows.length);
  for (let slot = 0; slot < rows.length; slot++) some[slot] = limb[rows[slot]!]!;
  return some;
}

function tweakOf(tweak: GroupTweak, rows: Int32Array): GroupTweak {
  if (tweak instanceof Uint8Array) return tweak;
  return { length: tweak.length, write: (slot, target, offset) => tweak.write(rows[slot]!, target, offset) };
}

/** Big integers as limbs of these widths. What is beyond the highest limb stays in it. */
export function limbsOf(values: readonly bigint[], widths: readonly number[]): Float64Array[] {
  let shift = 0;
  return widths.map((width, index) => {
    const below = BigInt(shift);
    shift += width;
    const isLast = index === widths.length - 1;
    return Float64Array.from(values, (value) => Number(isLast ? value >> below : BigInt.asUintN(width, value >> below)));
  });
}

/** The big integers that limbs stand for. */
export function bigintsOf(limbs: WideNumbers, widths: readonly number[]): bigint[] {
  const shifts = widths.map(BigInt);
  const numberAt = (row: number) => limbs.reduceRight((sum, limb, index) => (sum << shifts[index]!) | BigInt(limb[row]!), 0n);
  return Array.from(limbs[0]!, (_, row) => numberAt(row));
}
