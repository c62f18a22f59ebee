import { type CryptLimbs, limbForms, numeralsOfLimb } from "./ff1-limbs.ts";
import type { Ff1Shape } from "./ff1-shape.ts";

/** FF1 over texts of one length, their numerals one after the other, in place. The shape must fit limbs. */
export function cryptTexts(
  crypt: CryptLimbs,
  shape: Ff1Shape,
  tweak: Uint8Array,
  numerals: Uint16Array,
  isDecrypt: boolean,
): void {
  const left = placesOfLimbs(shape, 0, shape.u);
  const right = placesOfLimbs(shape, shape.u, shape.length);
  const numbersAt = ({ from, to }: Places) => numbersOf(numerals, shape, from, to);
  const halves = [left.map(numbersAt), right.map(numbersAt)] as const;
  crypt(shape, tweak, halves[0], halves[1], isDecrypt);
  for (const [limb, { from, to }] of left.entries()) spell(halves[0][limb]!, numerals, shape, from, to);
  for (const [limb, { from, to }] of right.entries()) spell(halves[1][limb]!, numerals, shape, from, to);
}

/** The numerals that a limb stands for. */
export interface Places {
  readonly from: number;
  readonly to: number;
}

/** Where each limb of the numerals from … to - 1 stands, the lowest first. */
export function placesOfLimbs(shape: Ff1Shape, from: number, to: number): Places[] {
  const most = numeralsOfLimb(shape);
  return limbForms(shape, to - from).map((_, limb) => ({ from: Math.max(from, to - (limb + 1) * most), to: to - limb * most }));
}

/** NUM_radix of the numerals from … to - 1 of each text. */
function numbersOf(numerals: Uint16Array, { radix, length }: Ff1Shape, from: number, to: number): Float64Array {
  const numbers = new Float64Array(numerals.length / length);
  for (let row = 0; row < numbers.length; row++) {
    let number = 0;
    for (let index = row * length + from; index < row * length + to; index++) number = number * radix + numerals[index]!;
    numbers[row] = number;
  }
  return numbers;
}

/** STR_radix, in the places from … to - 1 of each text. */
function spell(numbers: Float64Array, numerals: Uint16Array, { radix, length }: Ff1Shape, from: number, to: number): void {
  for (let row = 0; row < numbers.length; row++) {
    let rest = numbers[row]!;
    for (let index = row * length + to - 1; index >= row * length + from; index--) {
      const shorter = Math.floor(rest / radix);
      numerals[index] = rest - shorter * radix;
      rest = shorter;
    }
  }
}
