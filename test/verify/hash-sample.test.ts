import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { HashSample } from "../../src/verify/hash-sample.ts";

const word = fc.integer({ min: 0, max: 2 ** 32 - 1 });

/** Words that look random, from a number. */
function wordsOf(number: number): [high: number, low: number] {
  const mix = (value: number) => {
    let mixed = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return (mixed ^ (mixed >>> 16)) >>> 0;
  };
  return [mix(number), mix(number + 0x9e3779b9)];
}

describe("a sample of hashes", () => {
  it("is a plain set as long as there is room", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(word, word), { maxLength: 3_000 }), fc.tuple(word, word), (hashes, other) => {
        const sample = new HashSample(1 << 13);
        const known = new Set<string>();
        for (const [high, low] of hashes) {
          expect(sample.add(high, low, 7)).toBe(!known.has(`${high} ${low}`));
          known.add(`${high} ${low}`);
        }
        expect(sample.every).toBe(1);
        expect(sample.size).toBe(known.size);
        for (const [high, low] of hashes) expect(sample.tagOf(high, low)).toBe(7);
        expect(sample.tagOf(...other)).toBe(known.has(other.join(" ")) ? 7 : 0);
      }),
      { numRuns: 20 },
    );
  });

  it("keeps a share of what it has no room for, the same one as every other sample, and knows how many there were", () => {
    const [small, large] = [new HashSample(1 << 10), new HashSample(1 << 20)];
    for (let number = 0; number < 50_000; number++) {
      small.add(...wordsOf(number));
      large.add(...wordsOf(number));
    }
    expect(large.estimate).toBe(50_000);
    expect(small.every).toBeGreaterThan(16);
    expect(small.size).toBeLessThanOrEqual(1 << 10);
    expect(Math.abs(small.estimate - 50_000)).toBeLessThan(10_000);
    large.thinTo(small.every);
    expect([...large.hashes()].sort()).toEqual([...small.hashes()].sort());
  });

  it("tells how many of its hashes another sample lacks, by those that both would keep", () => {
    const [small, large] = [new HashSample(1 << 10), new HashSample(1 << 20)];
    for (let number = 0; number < 40_000; number++) small.add(...wordsOf(number));
    for (let number = 20_000; number < 60_000; number++) large.add(...wordsOf(number));
    const { missing, compared, every } = small.missingIn(large);
    expect([every, compared]).toEqual([small.every, small.size]);
    expect(missing / compared).toBeGreaterThan(0.4);
    expect(missing / compared).toBeLessThan(0.6);
    expect(large.missingIn(small).every).toBe(small.every);
  });

  it("keeps the first tag of a hash, also when it grows", () => {
    const sample = new HashSample(1 << 14);
    for (let number = 0; number < 5_000; number++) sample.add(...wordsOf(number), (number % 9) + 1);
    for (let number = 0; number < 5_000; number++) {
      expect(sample.add(...wordsOf(number), 10)).toBe(false);
      expect(sample.tagOf(...wordsOf(number))).toBe((number % 9) + 1);
    }
  });
});
