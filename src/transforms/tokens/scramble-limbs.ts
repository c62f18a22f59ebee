import { createLimbPermutation } from "../../keys/limb-permutation.ts";
import { CLASS_OF, LETTER_CLASSES, PLACE_OF } from "./letter-classes.ts";

/** Letters that are ranked together: a limb below 2^35 times their number of forms stays exact. */
const MOST_FORMS = 2 ** 18;

interface Letters {
  readonly count: number;
  readonly forms: number;
}

/**
 * Enciphers values of one shape, their letters taken for one number, where that needs no bigint: up to 70 bits, 14 letters or 21 digits. Null for longer ones.
 */
export function limbEncipher(
  key: Uint8Array,
  sizes: readonly number[],
  direction: "forward" | "backward",
): ((values: readonly string[]) => string[]) | null {
  const permutation = createLimbPermutation(
    key,
    sizes.reduce((product, own) => product * BigInt(own), 1n),
  );
  if (permutation === null) return null;
  const limb = 2 ** permutation.bits;
  const groups = groupsOf(sizes);
  const places = new Int32Array(sizes.length);

  return (values) => {
    const high = new Float64Array(values.length);
    const low = new Float64Array(values.length);
    for (let row = 0; row < values.length; row++) rank(values[row]!, high, low, row);
    permutation[direction](high, low);
    return values.map((value, row) => unrank(value, high[row]!, low[row]!));
  };

  function findLetters(value: string): void {
    let next = 0;
    for (let index = 0; index < value.length; index++) if (CLASS_OF[value.charCodeAt(index)]! >= 0) places[next++] = index;
  }

  function rank(value: string, high: Float64Array, low: Float64Array, row: number): void {
    findLetters(value);
    let [upper, lower, next] = [0, 0, 0];
    for (const { count, forms } of groups) {
      let part = 0;
      for (const end = next + count; next < end; next++) part = part * sizes[next]! + PLACE_OF[value.charCodeAt(places[next]!)]!;
      const grown = lower * forms + part;
      const carried = Math.floor(grown / limb);
      lower = grown - carried * limb;
      upper = upper * forms + carried;
    }
    high[row] = upper;
    low[row] = lower;
  }

  /** The letters of a rank from the last to the first, in the places that `value` has them. */
  function unrank(value: string, high: number, low: number): string {
    findLetters(value);
    const codes = new Array<number>(value.length);
    for (let index = 0; index < value.length; index++) codes[index] = value.charCodeAt(index);
    let [upper, lower, next] = [high, low, sizes.length];
    for (let group = groups.length - 1; group >= 0; group--) {
      const { count, forms } = groups[group]!;
      const shorter = Math.floor(upper / forms);
      const both = (upper - shorter * forms) * limb + lower;
      upper = shorter;
      lower = Math.floor(both / forms);
      let part = both - lower * forms;
      for (const start = next - count; next > start; ) {
        const place = places[--next]!;
        const size = sizes[next]!;
        const rest = Math.floor(part / size);
        codes[place] = LETTER_CLASSES[CLASS_OF[codes[place]!]!]!.codes[part - rest * size]!;
        part = rest;
      }
    }
    return textOf(codes);
  }
}

function groupsOf(sizes: readonly number[]): readonly Letters[] {
  const groups: Letters[] = [];
  let [count, forms] = [0, 1];
  for (const size of sizes) {
    if (forms * size > MOST_FORMS) {
      groups.push({ count, forms });
      [count, forms] = [0, 1];
    }
    count++;
    forms *= size;
  }
  return [...groups, { count, forms }];
}

/** Long values in pieces: a call takes a limited number of arguments. */
export function textOf(codes: readonly number[]): string {
  if (codes.length <= 1_000) return String.fromCharCode.apply(null, codes as number[]);
  let text = "";
  for (let from = 0; from < codes.length; from += 1_000) text += String.fromCharCode(...codes.slice(from, from + 1_000));
  return text;
}
