import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createBlockCipher } from "../../src/keys/aes.ts";
import { createFf1 } from "../../src/keys/ff1.ts";
import { createFf1Bits, wordsOfHalf } from "../../src/keys/ff1-bits.ts";
import { ff1Shape } from "../../src/keys/ff1-shape.ts";
import { createTweakedWalk } from "../../src/keys/tweaked-walk.ts";

const KEY = Buffer.alloc(32, 7);

describe("FF1 over bits", () => {
  it("is FF1 of radix 2, whatever the length and the tweak", () => {
    const crypt = createFf1Bits(createBlockCipher(KEY));
    fc.assert(
      fc.property(
        fc.integer({ min: 20, max: 192 }),
        fc.bigInt({ min: 0n, max: 2n ** 192n - 1n }),
        fc.option(fc.uint8Array({ minLength: 8, maxLength: 8 })),
        (bits, drawn, tweak) => {
          const value = BigInt.asUintN(bits, drawn);
          const shape = ff1Shape(2, bits);
          const words = wordsOfHalf(shape);
          const split = (half: bigint) =>
            Array.from({ length: words }, (_, word) => Uint32Array.of(Number((half >> BigInt(32 * word)) & 0xffffffffn)));
          const left = split(value >> BigInt(shape.v));
          const right = split(BigInt.asUintN(shape.v, value));
          const view = tweak === null ? null : new DataView(tweak.buffer, tweak.byteOffset);
          const tweakWords = view === null ? null : Uint32Array.of(view.getUint32(0), view.getUint32(4));
          crypt(shape, tweakWords, left, right, false);
          const whole = (half: readonly Uint32Array[]) => half.reduceRight((sum, [word]) => (sum << 32n) | BigInt(word!), 0n);
          const encrypted = (whole(left) << BigInt(shape.v)) | whole(right);
          const numerals = [...value.toString(2).padStart(bits, "0")].map(Number);
          const expected = createFf1({ key: KEY, radix: 2, tweak: tweak ?? new Uint8Array(0) }).encrypt(numerals);
          expect(encrypted.toString(2).padStart(bits, "0")).toBe(expected.join(""));
          crypt(shape, tweakWords, left, right, true);
          expect((whole(left) << BigInt(shape.v)) | whole(right)).toBe(value);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe("createTweakedWalk", () => {
  it("maps 0 … size - 1 to itself, one to one, an own way for each tweak", () => {
    for (const size of [2n, 1000n, 1_000_003n]) {
      const walk = createTweakedWalk(KEY, size);
      const all = Float64Array.from({ length: Number(size) }, (_, index) => index);
      const mapped = walk.numbers(all, Array(all.length).fill("a tweak"));
      expect(new Set(mapped).size).toBe(Number(size));
      expect(mapped.every((rank) => rank >= 0 && rank < size)).toBe(true);
      const some = mapped.slice(0, 2000);
      const other = walk.numbers(all.slice(0, 2000), Array(some.length).fill(""));
      if (size > 2n) expect(some).not.toEqual(other);
      expect(walk.numbers(some, Array(some.length).fill("a tweak"), true)).toEqual(all.slice(0, 2000));
    }
  });

  it("gives numbers and big integers one mapping, and takes back what it gave", () => {
    const tweaks = ["", "x", "y"];
    const walk = createTweakedWalk(KEY, 10n ** 15n);
    const numbers = walk.numbers(Float64Array.of(1, 2, 3), tweaks);
    expect(walk.bigints([1n, 2n, 3n], tweaks)).toEqual(Array.from(numbers, BigInt));
    const wide = createTweakedWalk(KEY, 36n ** 30n);
    const masked = wide.bigints([0n, 5n, 36n ** 30n - 1n], tweaks);
    expect(masked.every((value) => value >= 0n && value < 36n ** 30n)).toBe(true);
    expect(wide.bigints(masked, tweaks, true)).toEqual([0n, 5n, 36n ** 30n - 1n]);
  });
});
