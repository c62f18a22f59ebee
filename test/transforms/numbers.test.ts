import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Rule } from "../../src/contracts.ts";
import { bucketNumber } from "../../src/transforms/numbers/bucket-number.ts";
import { clampNumber } from "../../src/transforms/numbers/clamp-number.ts";
import { drawNumber } from "../../src/transforms/numbers/draw-number.ts";
import { roundNumber } from "../../src/transforms/numbers/round-number.ts";
import { columnOf, INT4, maskInBatches, maskOne, maskValues } from "./mask-values.ts";

const MONEY = { kind: "decimal", type: "numeric(10,2)" } as const;
const problems = (rule: Rule, column: Parameters<typeof columnOf>[0]) =>
  rule.transform.checkColumn(rule.options, columnOf(column));
const numbers = (rule: Rule, values: readonly string[], column: Parameters<typeof columnOf>[0] = "text") =>
  maskValues(rule, values, { column });

describe("roundNumber", () => {
  it("rounds to a multiple and keeps the decimals", async () => {
    expect(await numbers(roundNumber({ to: 100 }), ["1234.56", "-1250.00", "49.99", "0.00", "NaN", ""], "decimal")).toEqual([
      "1200.00",
      "-1300.00",
      "0.00",
      "0.00",
      "NaN",
      "",
    ]);
    expect(await numbers(roundNumber({ to: 0.05 }), ["1.23", "1.2", "7"])).toEqual(["1.25", "1.20", "7.00"]);
    expect(await numbers(roundNumber({ to: 10, mode: "down" }), ["19", "-11"])).toEqual(["10", "-20"]);
    expect(await numbers(roundNumber({ to: 10, mode: "up" }), ["11", "-19"])).toEqual(["20", "-10"]);
  });

  it("is exact beyond 2^53, and stays within the type", async () => {
    expect(await maskOne(roundNumber({ to: 10 }), "123456789012345678901234567894")).toBe("123456789012345678901234567890");
    expect(await maskOne(roundNumber({ to: "10000000000000000000" }), "94444444444444444444.5")).toBe("90000000000000000000.0");
    expect(await maskOne(roundNumber({ to: 1000 }), "2147483647", { column: INT4 })).toBe("2147483000");
    expect(await maskOne(roundNumber({ to: 100 }), "99999999.99", { column: MONEY })).toBe("99999900.00");
    expect(problems(roundNumber({ to: 0.5 }), INT4)).toHaveLength(1);
    expect(() => roundNumber({ to: 0 })).toThrow(/above 0/);
  });

  it("gives a multiple that is at most half a step away", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.bigInt({ min: -(10n ** 25n), max: 10n ** 25n }),
        fc.bigInt({ min: 1n, max: 10n ** 12n }),
        async (value, step) => {
          const rounded = BigInt((await maskOne(roundNumber({ to: String(step) }), String(value)))!);
          expect(rounded % step).toBe(0n);
          const move = rounded < value ? value - rounded : rounded - value;
          expect(2n * move <= step).toBe(true);
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe("clampNumber", () => {
  it("cuts off the ends and leaves the rest", async () => {
    expect(
      await numbers(
        clampNumber({ min: 0, max: 250_000 }),
        ["1830000.00", "-3.50", "12.00", "Infinity", "-Infinity", "NaN", "1e9"],
        "float",
      ),
    ).toEqual(["250000.00", "0.00", "12.00", "250000", "0", "NaN", "250000"]);
    expect(await maskOne(clampNumber({ max: "9007199254740993" }), "9007199254740994")).toBe("9007199254740993");
  });

  it("refuses bounds that leave nothing, or that the column does not hold", () => {
    expect(problems(clampNumber({}), INT4)).toHaveLength(1);
    expect(problems(clampNumber({ min: 5, max: 1 }), INT4)).toHaveLength(1);
    expect(problems(clampNumber({ max: 0.5 }), INT4)).toHaveLength(1);
    expect(problems(clampNumber({ max: 2 ** 40 }), INT4)).toHaveLength(1);
  });
});

describe("bucketNumber", () => {
  it("says how its buckets are told where nobody tells them", () => {
    for (const { transform, options } of [bucketNumber(), bucketNumber({ width: 10, bounds: [18, 65] })])
      expect(transform.checkColumn(options, columnOf())).toEqual([
        expect.stringMatching(/takes one of width, bounds and samples: \{ width: 10 \}/),
      ]);
  });

  it("makes buckets of one width", async () => {
    const rule = bucketNumber({ width: 10 });
    expect(await numbers(rule, ["34", "30", "-1", "39.999", "NaN"])).toEqual(["[30,40)", "[30,40)", "[-10,0)", "[30,40)", "NaN"]);
    expect(await numbers(rule, ["34", "-1"], INT4)).toEqual(["30", "-10"]);
    expect(await numbers(bucketNumber({ width: 10, as: "middle" }), ["34.50"], MONEY)).toEqual(["35.00"]);
    expect(await numbers(bucketNumber({ width: 0.1 }), ["0.3", "0.29"])).toEqual(["[0.3,0.4)", "[0.2,0.3)"]);
    expect(await numbers(bucketNumber({ width: 10_000 }), ["-32768"], { ...INT4, range: { min: -32768n, max: 32767n } })).toEqual(
      ["-32768"],
    );
  });

  it("makes buckets between bounds, with names where they have any", async () => {
    expect(await numbers(bucketNumber({ bounds: [18, 65] }), ["17", "18", "64.9", "65"])).toEqual([
      "(,18)",
      "[18,65)",
      "[18,65)",
      "[65,)",
    ]);
    expect(await numbers(bucketNumber({ bounds: [18, 65] }), ["3", "18", "70"], INT4)).toEqual(["17", "18", "65"]);
    expect(await numbers(bucketNumber({ bounds: [18, 65], as: "middle" }), ["3.50", "18.00", "70.00"], MONEY)).toEqual([
      "17.99",
      "41.50",
      "65.00",
    ]);
    expect(await numbers(bucketNumber({ bounds: [18, 65], labels: ["minor", "adult", "senior"] }), ["17", "18", "99"])).toEqual([
      "minor",
      "adult",
      "senior",
    ]);
  });

  it("makes buckets of equally many samples", async () => {
    const samples = Array.from({ length: 100 }, (_, index) => index + 1);
    const rule = bucketNumber({ samples, count: 4 });
    const masked = await numbers(rule, samples.map(String));
    const counts = new Map<string, number>();
    for (const bucket of masked) counts.set(bucket!, (counts.get(bucket!) ?? 0) + 1);
    expect([...counts]).toEqual([
      ["(,26)", 25],
      ["[26,51)", 25],
      ["[51,76)", 25],
      ["[76,)", 25],
    ]);
    expect(await numbers(bucketNumber({ samples: [1, 2, 3, 4], count: 2 }), ["1", "2", "3", "4"])).toEqual([
      "(,3)",
      "(,3)",
      "[3,)",
      "[3,)",
    ]);
  });

  it("refuses what makes no buckets", () => {
    expect(problems(bucketNumber({}), "text")).toHaveLength(1);
    expect(problems(bucketNumber({ bounds: [2, 1] }), "text")).toHaveLength(1);
    expect(problems(bucketNumber({ bounds: [2], labels: ["x"] }), "text")).toHaveLength(1);
    expect(problems(bucketNumber({ width: 10, as: "range" }), INT4)).toHaveLength(1);
  });
});

describe("drawNumber", () => {
  it("draws between its bounds, with as many decimals as the value has", async () => {
    const values = Array.from({ length: 2000 }, (_, index) => String(index));
    const drawn = (await numbers(drawNumber({ min: 18, max: 99 }), values, INT4)).map(Number);
    expect(Math.min(...drawn)).toBe(18);
    expect(Math.max(...drawn)).toBe(99);
    expect(new Set(drawn).size).toBe(82);
    expect(await maskOne(drawNumber({ min: 0.5, max: 2 }), "31.4159")).toMatch(/^[012]\.\d{4}$/);
    expect(await maskOne(drawNumber({ decimals: 2 }), "3")).toMatch(/^\d+\.\d\d$/);
  });

  it("is exact beyond 2^53, and gives equal numbers the same", async () => {
    const [one, same] = await numbers(
      drawNumber({ min: "90000000000000000000", max: "99999999999999999999" }),
      ["7", "7.0"],
      "decimal",
    );
    expect(one).toMatch(/^9\d{19}$/);
    expect(same).toMatch(/^9\d{19}\.\d$/);
    const [seven, padded] = await numbers(drawNumber(), ["7", "+007"], INT4);
    expect(padded).toBe(seven);
  });

  it("cannot handle what is no number", async () => {
    await expect(maskOne(drawNumber(), "n/a")).rejects.toMatchObject({ code: "VALUE_UNSUPPORTED" });
    expect(problems(drawNumber({ min: 3, max: 2 }), INT4)).toHaveLength(1);
    expect(problems(drawNumber({ max: 2 ** 40 }), INT4)).toHaveLength(1);
  });

  it("is the same in any batch size", async () => {
    const values = ["1", "2.50", "-3", "1e3"];
    expect(await maskInBatches(drawNumber(), values, 1, { column: "float" })).toEqual(
      await maskValues(drawNumber(), values, { column: "float" }),
    );
  });
});

describe("the limits of a column", () => {
  const decimal = (type: string) => ({ kind: "decimal", type }) as const;

  it("are those of its type: more digits behind the point than in all, zeros before it, no sign, and IEEE 754's two sizes", async () => {
    expect(problems(drawNumber({ min: -5, max: 5 }), decimal("decimal(10,2) unsigned"))).toHaveLength(1);
    expect(problems(drawNumber({ min: 0, max: 5 }), decimal("decimal(10,2) unsigned"))).toEqual([]);
    expect(problems(clampNumber({ min: 1000 }), decimal("numeric(5,2)"))).toHaveLength(1);
    expect(problems(roundNumber({ to: 100 }), decimal("numeric(3,-2)"))).toEqual([]);
    expect(await numbers(roundNumber({ to: 0.001, mode: "up" }), ["0.00999"], decimal("numeric(3,5)"))).toEqual(["0.00900"]);
    expect(await numbers(roundNumber({ to: 100_000, mode: "up" }), ["99900"], decimal("numeric(3,-2)"))).toEqual(["0"]);
    expect(await numbers(roundNumber({ to: "1e38", mode: "up" }), ["3.3e38"], { kind: "float", type: "real" })).toEqual([
      `3${"0".repeat(38)}`,
    ]);
    expect(problems(clampNumber({ max: 1e39 }), { kind: "float", type: "real" })).toHaveLength(1);
    expect(problems(clampNumber({ max: 1e39 }), { kind: "float", type: "double precision" })).toEqual([]);
  });

  it("do not count the spaces behind a number", async () => {
    const padded = { kind: "text", type: "character(8)", isPadded: true, maxLength: 8 } as const;
    for (const rule of [roundNumber({ to: 10 }), bucketNumber({ width: 10, as: "lower" }), clampNumber({ max: 20 })])
      expect(await numbers(rule, ["23      ", "        ", "NaN     "], padded)).toEqual(["20", "        ", "NaN     "]);
    expect(await numbers(drawNumber({ min: 1, max: 9 }), ["23      ", "        "], padded)).toEqual([
      expect.stringMatching(/^[1-9]$/),
      "        ",
    ]);
  });
});
