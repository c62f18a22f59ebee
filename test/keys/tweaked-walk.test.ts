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
