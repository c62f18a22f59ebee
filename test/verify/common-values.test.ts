import { describe, expect, it } from "vitest";
import { CommonValues } from "../../src/verify/common-values.ts";

const share = (hashes: Iterable<number>) => {
  const values = new CommonValues();
  for (const hash of hashes) values.add(hash, Math.imul(hash, 0x9e3779b1) >>> 0);
  return values.mostShare;
};

describe("the most frequent of many values", () => {
  it("is exact where there are few, and of nothing nothing", () => {
    expect(share([])).toBe(0);
    expect(share([1, 2, 2, 3, 2, 1])).toBe(0.5);
  });

  it("is told to within a share of a percent where there are many, and never too high", () => {
    // One in five is the same, wherever it stands among ten thousand others.
    const all = Array.from({ length: 50_000 }, (_, index) => (index % 5 === 0 ? 1 : 2 + (index % 10_007)));
    expect(share(all)).toBeLessThanOrEqual(0.2 + 1 / 10_007);
    expect(share(all)).toBeGreaterThan(0.2 - 1 / 256);
  });
});
