import { createHash } from "node:crypto";
import { StandinError } from "../errors.ts";
import { createBlockCipher } from "./aes.ts";
import { createDerangement, inverseOf } from "./derangement.ts";
import { createFf1 } from "./ff1.ts";
import { createFf1Column, fitsColumn } from "./ff1-column.ts";
import { cryptHalves } from "./ff1-numerals.ts";
import { bitLength, ff1Shape } from "./ff1-shape.ts";
import { hkdf } from "./hkdf.ts";

/** A keyed bijection of 0 … size - 1. */
export interface Permutation {
  readonly size: number;
  /** Below 10^6: few enough for someone with the output and outside knowledge to guess by. The plan says so. */
  readonly isSmall: boolean;
  /** Maps a column. Throws RangeError for what is not an integer below `size`. */
  forward(values: Float64Array): Float64Array;
  backward(values: Float64Array): Float64Array;
}

/** The same for sizes beyond 2^52. */
export interface BigPermutation {
  readonly size: bigint;
  readonly isSmall: boolean;
  forward(value: bigint): bigint;
  backward(value: bigint): bigint;
  /** A column at a time: 20 times faster than one by one. */
  forwardAll(values: readonly bigint[]): bigint[];
  backwardAll(values: readonly bigint[]): bigint[];
}

const SMALL = 1_000_000;
const MAX_SIZE = 2 ** 52;
const MAX_NAME = 900;

/**
 * Makes the permutation of one key and size; another size gives an unrelated one.
 *
 * Below 10^6 it is a table, one random cycle: no value maps to itself, but a size of 1 has only itself. From 10^6 on it is FF1 over bits,
 * where a value maps to itself as often as in a random permutation, and repeats while the result is outside (cycle walking).
 */
export function createPermutation(key: Uint8Array, size: number | bigint): Permutation {
  const count = Number(size);
  if (!(Number.isInteger(count) && count >= 1 && size <= MAX_SIZE)) {
    throw new StandinError("OPTION_INVALID", "A permutation needs a size from 1 to 2^52.");
  }
  const subkey = permutationKey(key, BigInt(count));
  return count < SMALL ? createTablePermutation(subkey, count) : createWalkingPermutation(subkey, count);
}

/** Makes a permutation of any size from 1; up to 2^52 it is the one that `createPermutation` makes. */
export function createBigPermutation(key: Uint8Array, size: bigint): BigPermutation {
  if (size < 1n) throw new StandinError("OPTION_INVALID", "A permutation needs a size from 1.");
  const { forward, backward } =
    size <= MAX_SIZE ? overNumbers(createPermutation(key, size)) : createBigWalk(permutationKey(key, size), size);
  return {
    size,
    isSmall: size < SMALL,
    forward: (value) => forward([value])[0]!,
    backward: (value) => backward([value])[0]!,
    forwardAll: forward,
    backwardAll: backward,
  };
}

/** A key stream and FF1 must not share a key, nor two sizes a permutation. */
export function permutationKey(key: Uint8Array, size: bigint): Uint8Array {
  const digits = String(size);
  // HKDF's info has room for a thousand digits.
  const name = digits.length <= MAX_NAME ? digits : `SHA-256 ${createHash("sha256").update(digits).digest("hex")}`;
  return hkdf(key, Buffer.from(`standin/v1 permutation of ${name}`));
}

function createTablePermutation(key: Uint8Array, size: number): Permutation {
  const table = createDerangement(key, size);
  let inverse: Uint32Array | undefined;
  const lookUp = (values: Float64Array, from: Uint32Array): Float64Array => {
    const mapped = new Float64Array(values.length);
    for (let row = 0; row < values.length; row++) {
      const value = from[values[row]!];
      if (value === undefined) throw outside(size);
      mapped[row] = value;
    }
    return mapped;
  };
  return {
    size,
    isSmall: true,
    forward: (values) => lookUp(values, table),
    backward(values) {
      inverse ??= inverseOf(table);
      return lookUp(values, inverse);
    },
  };
}

/**
 * FF1 permutes 2^bits values, of which more than half are inside, so a value takes fewer than two rounds on average. It cannot walk for
 * ever: its cycle leads back to where it began, which is inside.
 */
function createWalkingPermutation(key: Uint8Array, size: number): Permutation {
  const ff1 = createFf1({ key, radix: 2 });
  const bits = bitLength(BigInt(size - 1));
  const walk = (values: Float64Array, step: (values: Float64Array, bits: number) => Float64Array): Float64Array => {
    for (const value of values) if (!(value >= 0 && value < size && Number.isInteger(value))) throw outside(size);
    const mapped = step(values, bits);
    let rows: number[] = [];
    for (let row = 0; row < mapped.length; row++) if (mapped[row]! >= size) rows.push(row);
    while (rows.length > 0) {
      const again = step(
        Float64Array.from(rows, (row) => mapped[row]!),
        bits,
      );
      for (let slot = 0; slot < again.length; slot++) mapped[rows[slot]!] = again[slot]!;
      rows = rows.filter((row) => mapped[row]! >= size);
    }
    return mapped;
  };
  return {
    size,
    isSmall: false,
    forward: (values) => walk(values, ff1.encryptIntegers),
    backward: (values) => walk(values, ff1.decryptIntegers),
  };
}

interface BigColumns {
  readonly forward: (values: readonly bigint[]) => bigint[];
  readonly backward: (values: readonly bigint[]) => bigint[];
}

function overNumbers(permutation: Permutation): BigColumns {
  const { size } = permutation;
  const numbersOf = (values: readonly bigint[]): Float64Array => {
    // A bigint beyond 2^53 would lose its last digits, and could land inside.
    for (const value of values) if (value < 0n || value >= size) throw outside(size);
    return Float64Array.from(values, Number);
  };
  return {
    forward: (values) => Array.from(permutation.forward(numbersOf(values)), BigInt),
    backward: (values) => Array.from(permutation.backward(numbersOf(values)), BigInt),
  };
}

/** As `createWalkingPermutation`: up to 70 bits side by side, above value by value. */
function createBigWalk(key: Uint8Array, size: bigint): BigColumns {
  const encrypt = createBlockCipher(key);
  const column = createFf1Column(encrypt);
  const noTweak = new Uint8Array(0);
  const shape = ff1Shape(2, bitLength(size - 1n));
  const rightBits = BigInt(shape.v);
  const mask = (1n << rightBits) - 1n;

  const step = (values: readonly bigint[], isDecrypt: boolean): bigint[] => {
    if (!fitsColumn(shape)) {
      return values.map((value) => {
        const [left, right] = cryptHalves(encrypt, shape, noTweak, [value >> rightBits, value & mask], isDecrypt);
        return (left << rightBits) | right;
      });
    }
    const left = Float64Array.from(values, (value) => Number(value >> rightBits));
    const right = Float64Array.from(values, (value) => Number(value & mask));
    column.crypt(shape, noTweak, left, right, isDecrypt);
    return values.map((_, row) => (BigInt(left[row]!) << rightBits) | BigInt(right[row]!));
  };
  const walk = (values: readonly bigint[], isDecrypt: boolean): bigint[] => {
    for (const value of values) if (value < 0n || value >= size) throw outside(size);
    const mapped = step(values, isDecrypt);
    let rows = [...mapped.keys()].filter((row) => mapped[row]! >= size);
    while (rows.length > 0) {
      const again = step(
        rows.map((row) => mapped[row]!),
        isDecrypt,
      );
      for (const [slot, row] of rows.entries()) mapped[row] = again[slot]!;
      rows = rows.filter((row) => mapped[row]! >= size);
    }
    return mapped;
  };
  return { forward: (values) => walk(values, false), backward: (values) => walk(values, true) };
}

function outside(size: number | bigint): RangeError {
  return new RangeError(`A permutation of ${size} maps the integers from 0 to ${BigInt(size) - 1n} alone.`);
}
