import { createBlockCipher } from "./aes.ts";
import { cmac } from "./cmac.ts";
import { createColumnPrf } from "./column-prf.ts";
import { createFf1Bits, fitsBits, type WideNumbers, wordsOfHalf } from "./ff1-bits.ts";
import { bitLength, type Ff1Shape, ff1Shape } from "./ff1-shape.ts";
import { createTweakedPermutation } from "./tweaked-permutation.ts";

/** Keyed bijections of 0 … size - 1, an own one for each tweak, over whole columns. */
export interface TweakedWalk {
  /** Up to 2^53. */
  numbers(ranks: Float64Array, tweaks: readonly string[], isBackward?: boolean): Float64Array;
  bigints(ranks: readonly bigint[], tweaks: readonly string[], isBackward?: boolean): bigint[];
}

/** Below this FF1 is too weak (SP 800-38G Rev. 1). */
const SMALL = 1_000_000n;

/** The largest size, 2^192. */
export const MAX_WALK_BITS = 192;

/**
 * Makes them for any size from 2 to 2^192. Below 10^6 by tables, where no value maps to itself; from there on by FF1 over the bits that hold the
 * size, which repeats while the result is outside: fewer than two rounds on average.
 *
 * FF1's tweak is the PRF of the text: two words, so that tweaks of any length go side by side. That two texts in 2^64 share a permutation gives nothing away.
 */
export function createTweakedWalk(key: Uint8Array, size: bigint): TweakedWalk {
  if (size < 2n) throw new RangeError("A walk needs a size from 2.");
  return size < SMALL ? overTables(key, Number(size)) : overBits(key, size);
}

function overTables(key: Uint8Array, size: number): TweakedWalk {
  const permutation = createTweakedPermutation(key, size);
  const numbers = (ranks: Float64Array, tweaks: readonly string[], isBackward = false) =>
    isBackward ? permutation.backward(ranks, tweaks) : permutation.forward(ranks, tweaks);
  return {
    numbers,
    bigints: (ranks, tweaks, isBackward) => Array.from(numbers(Float64Array.from(ranks, Number), tweaks, isBackward), BigInt),
  };
}

function overBits(key: Uint8Array, size: bigint): TweakedWalk {
  const shape = ff1Shape(2, bitLength(size - 1n));
  if (!fitsBits(shape)) throw new RangeError("A walk ends at 2^192.");
  const crypt = createFf1Bits(createBlockCipher(subkey(key, `FF1 ${size}`)));
  const prf = createColumnPrf(subkey(key, `tweaks ${size}`));

  function step<Rank>(ranks: ArrayLike<Rank>, tweaks: readonly string[], isBackward: boolean, form: NumberForm<Rank>): Rank[] {
    const [left, right] = form.split(ranks, shape);
    crypt(shape, tweakWords(tweaks), left, right, isBackward);
    return form.join(left, right, shape);
  }
  function walk<Rank extends number | bigint>(
    ranks: ArrayLike<Rank>,
    tweaks: readonly string[],
    isBackward: boolean,
    form: NumberForm<Rank>,
  ): Rank[] {
    const mapped = step(ranks, tweaks, isBackward, form);
    let rows = [...mapped.keys()].filter((row) => mapped[row]! >= form.size);
    while (rows.length > 0) {
      const again = step(
        rows.map((row) => mapped[row]!),
        rows.map((row) => tweaks[row]!),
        isBackward,
        form,
      );
      for (const [slot, row] of rows.entries()) mapped[row] = again[slot]!;
      rows = rows.filter((row) => mapped[row]! >= form.size);
    }
    return mapped;
  }
  /** Where nothing is kept, every tweak is the empty text, and FF1 needs none. */
  function tweakWords(tweaks: readonly string[]): Uint32Array | null {
    if (tweaks.every((tweak) => tweak === "")) return null;
    const words = prf.words(tweaks);
    const own = new Uint32Array(tweaks.length * 2);
    for (let row = 0; row < tweaks.length; row++) {
      own[row * 2] = words[row * 4]!;
      own[row * 2 + 1] = words[row * 4 + 1]!;
    }
    return own;
  }
  const asNumbers: NumberForm<number> = { size: Number(size), split: splitNumbers, join: joinNumbers };
  const asBigints: NumberForm<bigint> = { size, split: splitBigints, join: joinBigints };
  return {
    numbers: (ranks, tweaks, isBackward = false) => Float64Array.from(walk(ranks, tweaks, isBackward, asNumbers)),
    bigints: (ranks, tweaks, isBackward = false) => walk(ranks, tweaks, isBackward, asBigints),
  };
}

/** How ranks come apart into halves, and back. */
interface NumberForm<Rank> {
  readonly size: Rank;
  split(ranks: ArrayLike<Rank>, shape: Ff1Shape): [left: WideNumbers, right: WideNumbers];
  join(left: WideNumbers, right: WideNumbers, shape: Ff1Shape): Rank[];
}

/** A half of a number below 2^53 is one word. */
function splitNumbers(ranks: ArrayLike<number>, { v }: Ff1Shape): [WideNumbers, WideNumbers] {
  const left = new Uint32Array(ranks.length);
  const right = new Uint32Array(ranks.length);
  const rightSize = 2 ** v;
  for (let row = 0; row < ranks.length; row++) {
    left[row] = Math.floor(ranks[row]! / rightSize);
    right[row] = ranks[row]! % rightSize;
  }
  return [[left], [right]];
}

function joinNumbers([left]: WideNumbers, [right]: WideNumbers, { v }: Ff1Shape): number[] {
  const rightSize = 2 ** v;
  return Array.from(left!, (high, row) => high * rightSize + right![row]!);
}

function splitBigints(ranks: ArrayLike<bigint>, shape: Ff1Shape): [WideNumbers, WideNumbers] {
  const words = Array.from({ length: wordsOfHalf(shape) }, (_, word) => BigInt(32 * word));
  const half = (shift: bigint, bits: number) =>
    words.map((below) =>
      Uint32Array.from(ranks, (rank) => Number(BigInt.asUintN(32, BigInt.asUintN(bits, rank >> shift) >> below))),
    );
  return [half(BigInt(shape.v), shape.u), half(0n, shape.v)];
}

function joinBigints(left: WideNumbers, right: WideNumbers, { v }: Ff1Shape): bigint[] {
  const shift = BigInt(v);
  const numberAt = (words: WideNumbers, row: number) =>
    words.reduceRight((number, word) => (number << 32n) | BigInt(word[row]!), 0n);
  return Array.from(left[0]!, (_, row) => (numberAt(left, row) << shift) | numberAt(right, row));
}

/** A key for each use. */
function subkey(key: Uint8Array, use: string): Uint8Array {
  return Buffer.concat([cmac(key, Buffer.from(`1 ${use}`)), cmac(key, Buffer.from(`2 ${use}`))]);
}
