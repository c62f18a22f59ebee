import type { WideNumbers } from "./ff1-rounds.ts";

/** Most forms that a part may have: a limb below 2^35 times as many stays exact. */
export const MOST_FORMS = 2 ** 18;

/** A part of a value: how many forms it has. */
interface Part {
  readonly forms: number;
}

/** All parts of a value as one number: Horner's rule, from the first part, over limbs that hold `widths` bits. */
export function joinParts(ranks: readonly Float64Array[], parts: readonly Part[], widths: readonly number[]): Float64Array[] {
  const limbs = widths.map(() => new Float64Array(ranks[0]!.length));
  for (const [part, { limbs: reached, forms }] of reachOf(parts, widths).entries()) {
    const carries = ranks[part]!.slice();
    for (let limb = 0; limb < reached; limb++) growLimb(limbs[limb]!, forms, 2 ** widths[limb]!, carries);
  }
  return limbs;
}

/** The parts that a number stands for. The limbs are used up. */
export function splitParts(limbs: WideNumbers, parts: readonly Part[], widths: readonly number[]): Float64Array[] {
  const count = limbs[0]!.length;
  const reach = reachOf(parts, widths);
  return parts
    .map((_, index) => parts.length - 1 - index)
    .map((part) => {
      const rest = new Float64Array(count);
      const { limbs: reached, forms } = reach[part]!;
      for (let limb = reached - 1; limb >= 0; limb--) divideLimb(limbs[limb]!, forms, 2 ** widths[limb]!, rest);
      return rest;
    })
    .reverse();
}

/** How many limbs the number of the parts up to each one fills. */
function reachOf(parts: readonly Part[], widths: readonly number[]): { readonly limbs: number; readonly forms: number }[] {
  let bits = 0;
  let held = widths[0]!;
  let limbs = 1;
  return parts.map(({ forms }) => {
    bits += Math.log2(forms);
    // A hair early: the sum of rounded logarithms may lie under a product that is just above a power of two.
    while (bits > held - 1e-9 && limbs < widths.length) held += widths[limbs++]!;
    return { limbs, forms };
  });
}

function growLimb(limb: Float64Array, forms: number, size: number, carries: Float64Array): void {
  for (let slot = 0; slot < limb.length; slot++) {
    const grown = limb[slot]! * forms + carries[slot]!;
    const carry = Math.floor(grown / size);
    limb[slot] = grown - carry * size;
    carries[slot] = carry;
  }
}

function divideLimb(limb: Float64Array, forms: number, size: number, rest: Float64Array): void {
  for (let slot = 0; slot < limb.length; slot++) {
    const both = rest[slot]! * size + limb[slot]!;
    const quotient = Math.floor(both / forms);
    rest[slot] = both - quotient * forms;
    limb[slot] = quotient;
  }
}
