import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createFf1 } from "../../src/keys/ff1.ts";
import { bigintsOf, createLimbPermutation, limbsOf } from "../../src/keys/limb-permutation.ts";
import { createBigPermutation, createPermutation } from "../../src/keys/permutation.ts";

const key = Buffer.from("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4", "hex");
const otherKey = Uint8Array.from(key, (byte) => byte ^ 1);
const upTo = (size: number) => Float64Array.from({ length: size }, (_, index) => index);

describe("createPermutation", () => {
  it("is a bijection without fixed points on every small size", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 3_000 }), (size) => {
        const permutation = createPermutation(key, size);
        const mapped = permutation.forward(upTo(size));
        expect(permutation.isSmall).toBe(true);
        expect([...mapped].sort((a, b) => a - b)).toEqual([...upTo(size)]);
        expect(mapped.every((value, index) => value !== index)).toBe(true);
        expect(permutation.backward(mapped)).toEqual(upTo(size));
      }),
      { numRuns: 30 },
    );
  });

  it.each([999_999, 1_000_000])("is a bijection on all of %i values", (size) => {
    const permutation = createPermutation(key, size);
    const mapped = permutation.forward(upTo(size));
    expect(permutation.isSmall).toBe(size < 1_000_000);
    const seen = new Uint8Array(size);
    for (const value of mapped) seen[value] = 1;
    expect(seen.includes(0)).toBe(false);
    expect(permutation.backward(mapped).every((value, index) => value === index)).toBe(true);
  });

  it("stays inside and comes back at any large size", () => {
    const sizes = fc.oneof(
      fc.integer({ min: 1_000_000, max: 2 ** 52 }),
      fc.integer({ min: 20, max: 52 }).map((bits) => 2 ** bits),
    );
    const cases = sizes.chain((size) => fc.tuple(fc.constant(size), fc.array(fc.maxSafeNat().map((value) => value % size))));
    fc.assert(
      fc.property(cases, ([size, ranks]) => {
        const permutation = createPermutation(key, size);
        const mapped = permutation.forward(Float64Array.from(ranks));
        expect(mapped.every((value) => Number.isInteger(value) && value >= 0 && value < size)).toBe(true);
        expect([...permutation.backward(mapped)]).toEqual(ranks);
        expect([...mapped]).toEqual(ranks.map((rank) => permutation.forward(Float64Array.of(rank))[0]));
      }),
    );
  });

  it.each([2_000, 3_000_000])("leaves the caller's ranks of %i as they are", (size) => {
    const ranks = Float64Array.of(1, 2, 3);
    createPermutation(key, size).forward(ranks);
    expect(ranks).toEqual(Float64Array.of(1, 2, 3));
  });

  it("draws small tables without a visible preference", () => {
    const counts = new Map<string, number>();
    for (let round = 0; round < 3_000; round++) {
      const secret = Uint8Array.from(key);
      new DataView(secret.buffer).setUint32(0, round);
      const cycle = createPermutation(secret, 4).forward(upTo(4)).join();
      counts.set(cycle, (counts.get(cycle) ?? 0) + 1);
    }
    // Four values have six cycles; 500 of each are expected, with a standard deviation of 20.
    expect(counts.size).toBe(6);
    for (const count of counts.values()) expect(Math.abs(count - 500)).toBeLessThan(120);
  });

  it.each([1_000, 5_000_000])("separates keys and sizes near %i", (size) => {
    const ranks = upTo(200);
    const same = createPermutation(key, size).forward(ranks);
    expect(createPermutation(key, size).forward(ranks)).toEqual(same);
    const agreeing = (other: Float64Array) => other.filter((value, index) => value === same[index]).length;
    expect(agreeing(createPermutation(otherKey, size).forward(ranks))).toBeLessThan(10);
    expect(agreeing(createPermutation(key, size + 1).forward(ranks))).toBeLessThan(10);
  });

  it("keeps its mapping: it is public API", () => {
    expect([...createPermutation(key, 10).forward(upTo(10))]).toEqual([9, 6, 8, 4, 0, 2, 3, 5, 1, 7]);
    expect([...createPermutation(key, 3_000_000).forward(upTo(4))]).toEqual([980651, 271891, 71196, 1546981]);
    expect(createBigPermutation(key, 2n ** 63n).forward(5n)).toBe(3044470980279020762n);
  });

  it("has nothing but the identity for one value", () => {
    expect(createPermutation(key, 1).forward(Float64Array.of(0))).toEqual(Float64Array.of(0));
  });

  it.each([0, -1, 1.5, Number.NaN, 2 ** 52 + 1, 0n, 2n ** 52n + 1n])("refuses the size %s", (size) => {
    expect(() => createPermutation(key, size)).toThrow(expect.objectContaining({ code: "OPTION_INVALID" }));
  });

  it.each([100, 2_000_000])("refuses what is no rank below %i", (size) => {
    const { forward, backward } = createPermutation(key, size);
    for (const rank of [-1, size, 0.5, Number.NaN]) {
      expect(() => forward(Float64Array.of(rank))).toThrow(RangeError);
      expect(() => backward(Float64Array.of(rank))).toThrow(RangeError);
    }
  });
});

describe("createBigPermutation", () => {
  it("comes back at any size, one by one and as a column", () => {
    const cases = fc
      .bigInt({ min: 1n, max: 2n ** 130n })
      .chain((size) => fc.tuple(fc.constant(size), fc.array(fc.bigInt({ min: 0n, max: size - 1n }), { maxLength: 10 })));
    fc.assert(
      fc.property(cases, ([size, ranks]) => {
        fc.pre(size > 1_000_000n);
        const permutation = createBigPermutation(key, size);
        const mapped = permutation.forwardAll(ranks);
        expect(mapped.every((value) => value >= 0n && value < size)).toBe(true);
        expect(permutation.backwardAll(mapped)).toEqual(ranks);
        expect(mapped).toEqual(ranks.map(permutation.forward));
        expect(mapped.map(permutation.backward)).toEqual(ranks);
      }),
    );
  });

  it.each([50, 1_500_000, 2 ** 52])("is the permutation of numbers at the size %i", (size) => {
    const ranks = [0, 1, 7, 49];
    const mapped = createPermutation(key, size).forward(Float64Array.from(ranks));
    expect(createBigPermutation(key, BigInt(size)).forwardAll(ranks.map(BigInt))).toEqual(Array.from(mapped, BigInt));
  });

  it("walks until the rank is inside", () => {
    const size = 2n ** 63n + 1n;
    const ranks = Array.from({ length: 64 }, (_, index) => BigInt(index));
    const mapped = createBigPermutation(key, size).forwardAll(ranks);
    expect(new Set(mapped).size).toBe(64);
    expect(mapped.every((value) => value < size)).toBe(true);
  });

  it.each([100n, 2n ** 40n, 2n ** 63n, 2n ** 100n])("refuses what is no rank below %d", (size) => {
    const { forward, backward } = createBigPermutation(key, size);
    expect(() => forward(-1n)).toThrow(RangeError);
    expect(() => forward(size)).toThrow(RangeError);
    expect(() => backward(size)).toThrow(RangeError);
  });

  it("refuses the size 0", () => {
    expect(() => createBigPermutation(key, 0n)).toThrow(expect.objectContaining({ code: "OPTION_INVALID" }));
  });
});

describe("createLimbPermutation", () => {
  it("is FF1 over the bits of a size, repeated while the result is outside", () => {
    for (const size of [
      1_000_001n,
      2n ** 31n - 1n,
      2n ** 52n + 1n,
      26n ** 12n,
      2n ** 70n,
      2n ** 71n + 1n,
      62n ** 22n,
      26n ** 100n,
    ]) {
      const permutation = createLimbPermutation(key, size);
      const values = Array.from({ length: 12 }, (_, index) => size - 1n - (size * BigInt(index)) / 12n);
      const bits = (size - 1n).toString(2).length;
      const ff1 = createFf1({ key, radix: 2 });
      const expected = values.map((value) => {
        let numerals = [...value.toString(2).padStart(bits, "0")].map(Number);
        do numerals = ff1.encrypt(numerals);
        while (BigInt(`0b${numerals.join("")}`) >= size);
        return BigInt(`0b${numerals.join("")}`);
      });
      const limbs = limbsOf(values, permutation.widths);
      permutation.forward(limbs);
      expect(bigintsOf(limbs, permutation.widths)).toEqual(expected);
      permutation.backward(limbs);
      expect(bigintsOf(limbs, permutation.widths)).toEqual(values);
    }
  });
});
