import { StandinError } from "../errors.ts";

/** SP 800-38G Rev. 1: below this many values of one length FF1 is too weak, and a permutation of the whole domain takes its place. */
const MIN_DOMAIN = 1_000_000n;

/** What FF1 fixes for one radix and length (SP 800-38G, Algorithm 7, steps 1 to 5). */
export interface Ff1Shape {
  readonly radix: number;
  readonly length: number;
  /** Numerals in the left and the right half. */
  readonly u: number;
  readonly v: number;
  /** Bytes that hold a right half. */
  readonly b: number;
  /** Bytes drawn from the PRF in each round. */
  readonly d: number;
}

/** Says whether FF1 takes texts of this length. */
export function isFf1Length(radix: number, length: number): boolean {
  if (!Number.isInteger(length) || length < 2 || length >= 2 ** 32) return false;
  // Two to the 20th is above the bound, so longer texts need no power.
  return length >= 20 || BigInt(radix) ** BigInt(length) >= MIN_DOMAIN;
}

/** Throws OPTION_INVALID for a length that FF1 does not take. */
export function ff1Shape(radix: number, length: number): Ff1Shape {
  if (!isFf1Length(radix, length)) {
    throw new StandinError("OPTION_INVALID", `FF1: the domain of ${length} numerals of radix ${radix} is below 10^6.`, {
      hint: "Use a permutation of the whole domain.",
    });
  }
  const u = Math.floor(length / 2);
  const v = length - u;
  // ⌈v · log2(radix)⌉ is the bit length of radix^v - 1. A floating-point logarithm is off by one where radix^v is next to a power of two.
  const b = Math.ceil(bitLength(BigInt(radix) ** BigInt(v) - 1n) / 8);
  return { radix, length, u, v, b, d: 4 * Math.ceil(b / 4) + 4 };
}

/** Block P: what is fixed by shape and tweak length. */
export function ff1Header({ radix, length, u }: Ff1Shape, tweakLength: number): Buffer {
  const header = Buffer.from([1, 2, 1, 0, 0, 0, 10, u % 256, 0, 0, 0, 0, 0, 0, 0, 0]);
  header.writeUIntBE(radix, 3, 3);
  header.writeUInt32BE(length, 8);
  header.writeUInt32BE(tweakLength, 12);
  return header;
}

/** Bytes of Q: the tweak, zeros, the round and a half, in whole blocks. */
export function ff1TailBytes({ b }: Ff1Shape, tweakLength: number): number {
  return Math.ceil((tweakLength + 1 + b) / 16) * 16;
}

/** Bits of a number above 0. */
export function bitLength(value: bigint): number {
  const hex = value.toString(16);
  return hex.length * 4 - Math.clz32(Number.parseInt(hex[0]!, 16)) + 28;
}
