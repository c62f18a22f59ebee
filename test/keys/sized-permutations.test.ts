import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createBlockCipher } from "../../src/keys/aes.ts";
import { createFf1 } from "../../src/keys/ff1.ts";
import { bitForm, cryptBits, HALF_WORDS, MOST_BITS, NUMBER_WORDS } from "../../src/keys/ff1-bits.ts";
import { createSizedPermutations } from "../../src/keys/sized-permutations.ts";

const KEY = Buffer.from("2b7e151628aed2a6abf7158809cf4f3c2b7e151628aed2a6abf7158809cf4f3c", "hex");

const noNumbers = (count: number): Uint32Array => new Uint32Array(count * NUMBER_WORDS);

/** Writes numbers whose right half has `v` bits from one slot on. */
function put(words: Uint32Array, from: number, numbers: readonly bigint[], v: number): void {
  for (const [index, number] of numbers.entries()) {
    for (let word = 0; word < NUMBER_WORDS; word++) {
      const half = word < HALF_WORDS ? BigInt.asUintN(v, number) : number >> BigInt(v);
      words[(from + index) * NUMBER_WORDS + word] = Number(BigInt.asUintN(32, half >> BigInt((word % HALF_WORDS) * 32)));
    }
  }
}

function got(words: Uint32Array, slot: number, v: number): bigint {
  const half = (first: number) =>
    [2, 1, 0].reduce((sum, word) => (sum << 32n) | BigInt(words[slot * NUMBER_WORDS + first + word]!), 0n);
  return (half(HALF_WORDS) << BigInt(v)) | half(0);
}

const bitsOf = (number: bigint, length: number): number[] => [...number.toString(2).padStart(length, "0")].map(Number);

const fromBits = (bits: readonly number[]): bigint => BigInt(`0b${bits.join("")}`);

describe("cryptBits", () => {
  const encrypt = createBlockCipher(KEY);
  const ff1 = createFf1({ key: KEY, radix: 2 });

  it("gives what FF1 of radix 2 gives for each number, whatever lengths and tweaks stand side by side", () => {
    const lengths = Array.from({ length: MOST_BITS - 19 }, (_, index) => index + 20);
    const cases = lengths.map((bits, index) => {
      const tweak = Buffer.alloc(16, index);
      const numbers = [
        0n,
        2n ** BigInt(bits) - 1n,
        (0x9e3779b97f4a7c15f39cc0605cedc8341082276bf3a27251n * BigInt(index + 1)) % 2n ** BigInt(bits),
      ];
      return { bits, tweak, numbers, form: bitForm(encrypt, bits, tweak) };
    });
    const words = noNumbers(cases.length * 3);
    for (const [index, { numbers, form }] of cases.entries()) put(words, index * 3, numbers, form.v);
    const groups = cases.map(({ form }, index) => ({ form, from: index * 3, to: index * 3 + 3 }));
    cryptBits(encrypt, groups, words, false);
    for (const [index, { bits, tweak, numbers, form }] of cases.entries()) {
      const expected = numbers.map((number) => fromBits(ff1.encrypt(bitsOf(number, bits), tweak)));
      expect(
        numbers.map((_, slot) => got(words, index * 3 + slot, form.v)),
        `${bits} bits`,
      ).toEqual(expected);
    }
    cryptBits(encrypt, groups, words, true);
    for (const [index, { numbers, form }] of cases.entries())
      expect(numbers.map((_, slot) => got(words, index * 3 + slot, form.v))).toEqual(numbers);
  });

  it("gives the same in a group that is longer than what goes through a round together", () => {
    const form = bitForm(encrypt, 70, Buffer.alloc(16, 5));
    const other = bitForm(encrypt, 33, Buffer.alloc(16, 6));
    const numbers = Array.from({ length: 5_000 }, (_, index) => BigInt(index));
    const words = noNumbers(10_000);
    put(words, 0, numbers, form.v);
    put(words, 5_000, numbers, other.v);
    cryptBits(
      encrypt,
      [
        { form, from: 0, to: 5_000 },
        { form: other, from: 5_000, to: 10_000 },
      ],
      words,
      false,
    );
    for (const slot of [0, 1, 4_095, 4_096, 4_999]) {
      expect(got(words, slot, form.v)).toBe(fromBits(ff1.encrypt(bitsOf(BigInt(slot), 70), Buffer.alloc(16, 5))));
      expect(got(words, 5_000 + slot, other.v)).toBe(fromBits(ff1.encrypt(bitsOf(BigInt(slot), 33), Buffer.alloc(16, 6))));
    }
  });
});

describe("createSizedPermutations", () => {
  const permutations = createSizedPermutations(KEY);

  function permuted(sizes: readonly bigint[], numbers: readonly bigint[], isBackward = false): bigint[] {
    const words = noNumbers(numbers.length);
    const groups = sizes.map((size, index) => {
      const form = permutations.form(size, Buffer.alloc(16, Number(size % 251n)));
      put(words, index, [numbers[index]!], form.v);
      return { form, from: index, to: index + 1 };
    });
    permutations.permute(groups, words, isBackward);
    return groups.map(({ form, from }) => got(words, from, form.v));
  }

  it("stays below each size, and leads back", () => {
    const size = fc.bigInt({ min: 1_000_000n, max: 2n ** 192n });
    const sized = fc.tuple(size, fc.bigInt({ min: 0n, max: 2n ** 192n })).map(([end, number]) => [end, number % end] as const);
    fc.assert(
      fc.property(fc.array(sized, { minLength: 1, maxLength: 50 }), (pairs) => {
        const sizes = pairs.map(([end]) => end);
        const numbers = pairs.map(([, number]) => number);
        const forward = permuted(sizes, numbers);
        expect(forward.every((number, index) => number < sizes[index]!)).toBe(true);
        expect(permuted(sizes, forward, true)).toEqual(numbers);
        expect(sizes.map((end, index) => permuted([end], [numbers[index]!])[0])).toEqual(forward);
      }),
      { numRuns: 60 },
    );
  });

  it.each([2n ** 20n, 2n ** 32n, 2n ** 64n, 2n ** 128n, 2n ** 192n])("takes a size that is a power of two: %d", (size) => {
    const [got] = permuted([size], [size - 1n]);
    expect(permuted([size], [got!], true)).toEqual([size - 1n]);
  });

  it("maps all of a size to all of it", () => {
    const size = 1_000_003n;
    const form = permutations.form(size, Buffer.alloc(16, 9));
    const words = noNumbers(Number(size));
    put(
      words,
      0,
      Array.from({ length: Number(size) }, (_, index) => BigInt(index)),
      form.v,
    );
    permutations.permute([{ form, from: 0, to: Number(size) }], words, false);
    const seen = new Uint8Array(Number(size));
    for (let slot = 0; slot < Number(size); slot++) seen[Number(got(words, slot, form.v))]!++;
    expect(seen.every((count) => count === 1)).toBe(true);
  });
});
