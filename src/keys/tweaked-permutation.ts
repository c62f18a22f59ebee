import { cmac } from "./cmac.ts";
import { createColumnPrf } from "./column-prf.ts";
import { createDerangement, inverseOf } from "./derangement.ts";
import { scale32 } from "./prng.ts";

/** Keyed bijections of 0 … size - 1, an own one for each tweak, none of which maps a value to itself. */
export interface TweakedPermutation {
  readonly size: number;
  /** Maps a column of integers below `size`, each under its own tweak. */
  forward(ranks: Float64Array, tweaks: readonly string[]): Float64Array;
  backward(ranks: Float64Array, tweaks: readonly string[]): Float64Array;
}

/**
 * Makes them for a domain that is too small for FF1, from 2 to 10^6 values, where nearly every row has a tweak of its own: the readable digits of a card.
 * A random table for each tweak would take a millisecond a row; this takes four look-ups and a CMAC.
 *
 * With P and Q random tables, and c ≠ 0 and d drawn by the PRF from the tweak, π(x) = Q(P(x) + d) and the result is π⁻¹(π(x) + c). Under a tweak that
 * occurs once every result but x itself is equally likely, whatever else is known; under one that occurs often, who knows many of its pairs
 * learns about the rest, as in every small domain.
 */
export function createTweakedPermutation(key: Uint8Array, size: number): TweakedPermutation {
  const first = createDerangement(subkey(key, `P ${size}`), size);
  const second = createDerangement(subkey(key, `Q ${size}`), size);
  const firstInverse = inverseOf(first);
  const secondInverse = inverseOf(second);
  const prf = createColumnPrf(subkey(key, `tweaks ${size}`));

  const map = (ranks: Float64Array, tweaks: readonly string[], isBackward: boolean): Float64Array => {
    const words = prf.words(tweaks);
    const mapped = new Float64Array(ranks.length);
    for (let row = 0; row < ranks.length; row++) {
      const shift = scale32(words[row * 4]!, size);
      const drawn = 1 + scale32(words[row * 4 + 1]!, size - 1);
      const step = isBackward ? size - drawn : drawn;
      const outer = second[sum(first[ranks[row]!]!, shift, size)]!;
      const inner = secondInverse[sum(outer, step, size)]!;
      mapped[row] = firstInverse[sum(inner, size - shift, size)]!;
    }
    return mapped;
  };
  return {
    size,
    forward: (ranks, tweaks) => map(ranks, tweaks, false),
    backward: (ranks, tweaks) => map(ranks, tweaks, true),
  };
}

function sum(one: number, other: number, size: number): number {
  const total = one + other;
  return total >= size ? total - size : total;
}

/** A key for each use: a key stream, two tables and a PRF must not share one. */
function subkey(key: Uint8Array, use: string): Uint8Array {
  return Buffer.concat([cmac(key, Buffer.from(`1 ${use}`)), cmac(key, Buffer.from(`2 ${use}`))]);
}
