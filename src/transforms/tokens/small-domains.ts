import { createTweakedPermutation, type TweakedPermutation } from "../../keys/tweaked-permutation.ts";

/** Below this many values FF1 is too weak (SP 800-38G Rev. 1), and a permutation of the whole domain takes its place. */
export const SMALL_DOMAIN = 1_000_000;

/** Sizes that are held at a time: four tables each. */
const MAX_SIZES = 8;

/** Permutations of small domains by size, made on first use. */
export function createSmallDomains(key: Uint8Array): (size: number) => TweakedPermutation {
  const made = new Map<number, TweakedPermutation>();
  return (size) => {
    const found = made.get(size) ?? createTweakedPermutation(key, size);
    // Taken out and put back, the size last used stands last.
    made.delete(size);
    made.set(size, found);
    if (made.size > MAX_SIZES) made.delete(made.keys().next().value!);
    return found;
  };
}
