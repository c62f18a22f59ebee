import { createHash } from "node:crypto";
import { StandinError } from "../errors.ts";
import { createDerangement, inverseOf } from "./derangement.ts";
import { hkdf } from "./hkdf.ts";
import { bigintsOf, createLimbPermutation, limbsOf } from "./limb-permutation.ts";

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

function createWalkingPermutation(key: Uint8Array, size: number): Permutation {
  const limbs = createLimbPermutation(key, BigInt(size));
  const lowForms = 2 ** limbs.widths[0]!;
  const walk = (values: Float64Array, direction: "forward" | "backward"): Float64Array => {
    const mapped = new Float64Array(values.length);
    const low = new Float64Array(values.length);
    for (let row = 0; row < values.length; row++) {
      const value = values[row]!;
      if (!(value >= 0 && value < size)) throw outside(size);
      const high = Math.floor(value / lowForms);
      mapped[row] = high;
      low[row] = value - high * lowForms;
      if (low[row] !== Math.floor(low[row]!)) throw outside(size);
    }
    limbs[direction]([low, mapped]);
    for (let row = 0; row < mapped.length; row++) mapped[row] = mapped[row]! * lowForms + low[row]!;
    return mapped;
  };
  return { size, isSmall: false, forward: (values) => walk(values, "forward"), backward: (values) => walk(values, "backward") };
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

function createBigWalk(key: Uint8Array, size: bigint): BigColumns {
  const permutation = createLimbPermutation(key, size);
  const walk = (values: readonly bigint[], direction: "forward" | "backward"): bigint[] => {
    for (const value of values) if (value < 0n || value >= size) throw outside(size);
    const limbs = limbsOf(values, permutation.widths);
    permutation[direction](limbs);
    return bigintsOf(limbs, permutation.widths);
  };
  return { forward: (values) => walk(values, "forward"), backward: (values) => walk(values, "backward") };
}

function outside(size: number | bigint): RangeError {
  return new RangeError(`A permutation of ${size} maps the integers from 0 to ${BigInt(size) - 1n} alone.`);
}
