import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createPrng, scale32 } from "../../src/keys/prng.ts";

/** PractRand's sfc32, written down a second time with BigInt. */
function reference(seed: readonly number[], count: number): number[] {
  let [a, b, c, counter] = seed.map((word) => BigInt(word)) as [bigint, bigint, bigint, bigint];
  const outputs: number[] = [];
  for (let round = 0; round < 8 + count; round++) {
    const out = BigInt.asUintN(32, a + b + counter);
    counter = BigInt.asUintN(32, counter + 1n);
    a = b ^ (b >> 9n);
    b = BigInt.asUintN(32, c + (c << 3n));
    c = BigInt.asUintN(32, ((c << 21n) | (c >> 11n)) + out);
    if (round >= 8) outputs.push(Number(out));
  }
  return outputs;
}

const word = fc.integer({ min: 0, max: 0xffff_ffff });

describe("createPrng", () => {
  it("is sfc32 after eight rounds", () => {
    const { seed, nextUint32 } = createPrng();
    fc.assert(
      fc.property(fc.tuple(word, word, word, word), (words) => {
        seed(...words);
        expect(Array.from({ length: 20 }, nextUint32)).toEqual(reference(words, 20));
      }),
    );
  });

  it("works with its functions taken off, as faker takes them, and stays in [0, 1)", () => {
    const { seed, next, nextUint32 } = createPrng();
    seed(1, 2, 3, 4);
    const numbers = Array.from({ length: 10_000 }, next);
    expect(numbers.every((number) => number >= 0 && number < 1)).toBe(true);
    expect(Math.abs(numbers.reduce((sum, number) => sum + number, 0) / 10_000 - 0.5)).toBeLessThan(0.02);
    seed(1, 2, 3, 4);
    expect(nextUint32() / 2 ** 32).toBe(numbers[0]);
  });

  it("keeps two generators apart", () => {
    const one = createPrng();
    const two = createPrng();
    one.seed(1, 2, 3, 4);
    two.seed(1, 2, 3, 4);
    one.next();
    one.seed(1, 2, 3, 4);
    expect(one.next()).toBe(two.next());
  });

  it("starts anew for seeds that differ in one bit", () => {
    const { seed, nextUint32 } = createPrng();
    const firsts = Array.from({ length: 128 }, (_, bit) => {
      seed(
        ...([0, 1, 2, 3].map((index) => (bit >> 5 === index ? (1 << (bit & 31)) >>> 0 : 0)) as [number, number, number, number]),
      );
      return nextUint32();
    });
    expect(new Set(firsts).size).toBe(128);
  });
});

describe("scale32", () => {
  it("stays below n, for every word and n", () => {
    fc.assert(
      fc.property(word, fc.integer({ min: 1, max: 2 ** 32 }), (bits, n) => {
        const drawn = scale32(bits, n);
        expect(Number.isInteger(drawn) && drawn >= 0 && drawn < n).toBe(true);
      }),
    );
    expect(scale32(0xffff_ffff, 2 ** 32)).toBe(0xffff_ffff);
    expect(scale32(0xffff_ffff, 3)).toBe(2);
    expect(scale32(0, 3)).toBe(0);
  });

  it("gives every result its share of the words", () => {
    const counts = new Array<number>(7).fill(0);
    for (let step = 0; step < 70_000; step++) counts[scale32(Math.floor((step / 70_000) * 2 ** 32), 7)]!++;
    expect(counts.every((count) => Math.abs(count - 10_000) <= 1)).toBe(true);
  });
});
