import { cmac } from "./cmac.ts";
import { createColumnPrf } from "./column-prf.ts";
import type { GroupTweak, WideNumbers, WriteTweak } from "./ff1-rounds.ts";
import { bitLength } from "./ff1-shape.ts";
import { createLimbPermutation } from "./limb-permutation.ts";
import { joinParts, splitParts } from "./mixed-radix.ts";
import { createTweakedPermutation } from "./tweaked-permutation.ts";

/** Keyed bijections of 0 … size - 1, an own one for each tweak, over whole columns. */
export interface TweakedWalk {
  /** Up to 2^53. */
  numbers(ranks: Float64Array, tweaks: readonly string[], isBackward?: boolean): Float64Array;
  /** Of any size, as parts in mixed radix, the first one highest: an array for each part, whose `forms` are at most `MOST_FORMS`. */
  parts(ranks: WideNumbers, forms: readonly number[], tweaks: readonly string[], isBackward?: boolean): Float64Array[];
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
    parts(ranks, forms, tweaks, isBackward) {
      const parts = forms.map((some) => ({ forms: some }));
      const [whole] = joinParts(ranks, parts, WIDTHS_OF_SMALL);
      return splitParts([numbers(whole!, tweaks, isBackward)], parts, WIDTHS_OF_SMALL);
    },
  };
}

function overBits(key: Uint8Array, size: bigint): TweakedWalk {
  if (bitLength(size - 1n) > MAX_WALK_BITS) throw new RangeError("A walk ends at 2^192.");
  const permutation = createLimbPermutation(subkey(key, `FF1 ${size}`), size);
  const prf = createColumnPrf(subkey(key, `tweaks ${size}`));
  const lowForms = 2 ** permutation.widths[0]!;
  const walk = (limbs: WideNumbers, tweaks: readonly string[], isBackward: boolean) =>
    permutation[isBackward ? "backward" : "forward"](limbs, tweakOf(tweaks));

  return {
    numbers(ranks, tweaks, isBackward = false) {
      const high = ranks.map((rank) => Math.floor(rank / lowForms));
      const low = ranks.map((rank, row) => rank - high[row]! * lowForms);
      walk([low, high], tweaks, isBackward);
      return high.map((limb, row) => limb * lowForms + low[row]!);
    },
    parts(ranks, forms, tweaks, isBackward = false) {
      const parts = forms.map((some) => ({ forms: some }));
      const limbs = joinParts(ranks, parts, permutation.widths);
      walk(limbs, tweaks, isBackward);
      return splitParts(limbs, parts, permutation.widths);
    },
  };

  /** Where nothing is kept, every tweak is the empty text, and FF1 needs none. */
  function tweakOf(tweaks: readonly string[]): GroupTweak {
    if (tweaks.every((tweak) => tweak === "")) return NO_TWEAK;
    const words = prf.words(tweaks).slice();
    const write: WriteTweak = (slot, target, offset) => {
      for (let byte = 0; byte < TWEAK_BYTES; byte++) {
        target[offset + byte] = words[slot * 4 + (byte >> 2)]! >>> (24 - 8 * (byte & 3));
      }
    };
    return { length: TWEAK_BYTES, write };
  }
}

/** Bits of a number below 10^6. */
const WIDTHS_OF_SMALL = [20];

const NO_TWEAK = new Uint8Array(0);

/** Two words of the PRF. */
const TWEAK_BYTES = 8;

/** A key for each use. */
function subkey(key: Uint8Array, use: string): Uint8Array {
  return Buffer.concat([cmac(key, Buffer.from(`1 ${use}`)), cmac(key, Buffer.from(`2 ${use}`))]);
}
