import { createBlockCipher } from "./aes.ts";
import { createFf1Column, fitsColumn } from "./ff1-column.ts";
import { bitLength, ff1Shape } from "./ff1-shape.ts";
import { permutationKey } from "./permutation.ts";

/**
 * The permutation of `createBigPermutation` for sizes from 2^52 to 2^70, over numbers in two limbs, `high * 2^bits + low`, in place: without the
 * arithmetic of bigints, which takes longer than the encryption.
 */
export interface LimbPermutation {
  readonly bits: number;
  forward(high: Float64Array, low: Float64Array): void;
  backward(high: Float64Array, low: Float64Array): void;
}

/** Null for sizes whose halves are no small numbers. */
export function createLimbPermutation(key: Uint8Array, size: bigint): LimbPermutation | null {
  const shape = ff1Shape(2, bitLength(size - 1n));
  if (!fitsColumn(shape)) return null;
  const column = createFf1Column(createBlockCipher(permutationKey(key, size)));
  const noTweak = new Uint8Array(0);
  const bits = shape.v;
  const sizeHigh = Number(size >> BigInt(bits));
  const sizeLow = Number(size & ((1n << BigInt(bits)) - 1n));

  /** What falls outside is enciphered again: its cycle leads back to where it began, which is inside. */
  const walk = (high: Float64Array, low: Float64Array, isBackward: boolean): void => {
    column.crypt(shape, noTweak, high, low, isBackward);
    const outside: number[] = [];
    for (let row = 0; row < high.length; row++) {
      if (high[row]! > sizeHigh || (high[row] === sizeHigh && low[row]! >= sizeLow)) outside.push(row);
    }
    if (outside.length === 0) return;
    const againHigh = Float64Array.from(outside, (row) => high[row]!);
    const againLow = Float64Array.from(outside, (row) => low[row]!);
    walk(againHigh, againLow, isBackward);
    for (let slot = 0; slot < outside.length; slot++) {
      high[outside[slot]!] = againHigh[slot]!;
      low[outside[slot]!] = againLow[slot]!;
    }
  };
  return { bits, forward: (high, low) => walk(high, low, false), backward: (high, low) => walk(high, low, true) };
}
