import { describe, expect, it } from "vitest";
import { createTweakedWalk } from "../../src/keys/tweaked-walk.ts";

const KEY = Buffer.alloc(32, 7);

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

  it("gives numbers and their parts one mapping, and takes back what it gave", () => {
    const tweaks = ["", "x", "y"];
    for (const forms of [
      [1000, 10 ** 5, 10],
      [5, 7, 11],
    ]) {
      const walk = createTweakedWalk(KEY, BigInt(forms.reduce((product, some) => product * some)));
      const partsOf = (ranks: ArrayLike<number>) => [
        Float64Array.from(ranks, (rank) => Math.floor(rank / (forms[1]! * forms[2]!))),
        Float64Array.from(ranks, (rank) => Math.floor(rank / forms[2]!) % forms[1]!),
        Float64Array.from(ranks, (rank) => rank % forms[2]!),
      ];
      const numbers = walk.numbers(Float64Array.of(1, 2, 3), tweaks);
      expect(walk.parts(partsOf([1, 2, 3]), forms, tweaks)).toEqual(partsOf(numbers));
    }
    const forms = Array.from({ length: 10 }, () => 36 ** 3);
    const ranks = forms.map((some, part) => Float64Array.of(0, part === 9 ? 5 : 0, some - 1));
    const wide = createTweakedWalk(KEY, 36n ** 30n);
    const masked = wide.parts(ranks, forms, tweaks);
    for (const [part, some] of masked.entries()) expect(some.every((rank) => rank >= 0 && rank < forms[part]!)).toBe(true);
    expect(masked).not.toEqual(ranks);
    expect(wide.parts(masked, forms, tweaks, true)).toEqual(ranks);
  });
});
