import { describe, expect, it } from "vitest";
import { createColumnPrf } from "../../src/keys/column-prf.ts";
import { AnonymityCount } from "../../src/verify/anonymity.ts";

const prf = createColumnPrf(new Uint8Array(32).fill(7));

describe("classes of equal quasi-identifiers", () => {
  it("are counted over batches, with NULL as a text of its own", () => {
    const count = new AnonymityCount({ quasiIdentifiers: ["zip", "sex"], sensitive: ["illness"], k: 3 }, prf);
    count.add(
      [
        ["10", "10", "20", null],
        ["f", "f", "m", "m"],
      ],
      [["flu", "flu", "flu", "none"]],
    );
    count.add(
      [
        ["10", "10", null],
        ["f", "f", "m"],
      ],
      [["flu", "cold", "none"]],
    );
    expect(count.result()).toEqual({
      classes: 3,
      k: 1,
      uniqueShare: 1 / 7,
      belowShare: 3 / 7,
      l: { illness: 1 },
      every: 1,
    });
  });

  it("are told apart whatever the texts hold", () => {
    const count = new AnonymityCount({ quasiIdentifiers: ["a", "b"] }, prf);
    count.add(
      [
        ["x", "x,", '"x"', "null", null],
        [",y", "y", "y", "", ""],
      ],
      [],
    );
    expect(count.result()).toMatchObject({ classes: 5, k: 1 });
  });

  it("are sampled where there are too many, and the numbers stay near", () => {
    const count = new AnonymityCount({ quasiIdentifiers: ["a"], k: 2 }, prf, 10_000);
    for (let batch = 0; batch < 10; batch++) {
      const values = Array.from({ length: 2_400 }, (_, row) => String(batch * 1_200 + Math.floor(row / 2)));
      count.add([values], []);
    }
    const { classes, k, belowShare, every } = count.result();
    expect(every).toBe(2);
    expect(Math.abs(classes - 12_000)).toBeLessThan(600);
    expect([k, belowShare]).toEqual([2, 0]);
  });
});
