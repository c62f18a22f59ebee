import { describe, expect, it } from "vitest";
import { resample } from "../../src/transforms/choices/resample.ts";
import { columnOf, maskValues } from "./mask-values.ts";

const COUNTRIES = Array.from({ length: 3000 }, (_, row) =>
  row === 7 || row === 70 ? "LI" : row % 10 === 0 ? null : row % 3 === 0 ? "FR" : "DE",
);
const shareOf = (values: readonly (string | null)[], wanted: string | null) =>
  values.filter((one) => one === wanted).length / values.length;

describe("resample", () => {
  it("keeps the shares and never gives what is rare", async () => {
    const masked = await maskValues(resample(), COUNTRIES);
    for (const value of ["DE", "FR", null]) expect(shareOf(masked, value)).toBeCloseTo(shareOf(COUNTRIES, value), 1);
    expect(masked).not.toContain("LI");
    expect(masked).toHaveLength(COUNTRIES.length);
  });

  it("tells nothing of the row: a value goes with every other as often as their shares say", async () => {
    const masked = await maskValues(resample(), COUNTRIES);
    const pairs = COUNTRIES.filter((value, row) => value === "FR" && masked[row] === "FR").length;
    const expected = shareOf(COUNTRIES, "FR") * shareOf(masked, "FR") * COUNTRIES.length;
    expect(Math.abs(pairs - expected)).toBeLessThan(0.2 * expected);
  });

  it("merges rare values where it is told what stands for them, and only where they are enough together", async () => {
    const values = [...Array.from({ length: 100 }, () => "usual"), ...Array.from({ length: 30 }, (_, row) => `rare ${row}`)];
    const masked = await maskValues(resample({ rare: "other" }), values);
    expect(new Set(masked)).toEqual(new Set(["usual", "other"]));
    expect(shareOf(masked, "other")).toBeCloseTo(30 / 130, 0);
    const alone = await maskValues(resample({ rare: "other" }), [...values.slice(0, 100), "rare"]);
    expect(new Set(alone)).toEqual(new Set(["usual"]));
  });

  it("cannot handle few rows, or rows without a common value", async () => {
    const few = ["a", "a", "a", "a", "a", "a"];
    await expect(maskValues(resample(), few)).rejects.toMatchObject({
      code: "TOO_FEW_ROWS",
      column: "masked",
      hint: expect.any(String),
    });
    const different = Array.from({ length: 50 }, (_, row) => `value ${row}`);
    await expect(maskValues(resample(), different)).rejects.toMatchObject({
      code: "VALUE_UNSUPPORTED",
      hint: expect.stringContaining("a window in which no value is in `fewest` rows"),
    });
  });

  it("draws anew in another window, and refuses before the run what cannot stand in the column", async () => {
    const one = await maskValues(resample(), COUNTRIES);
    expect(await maskValues(resample(), COUNTRIES, { firstRow: 3000 })).not.toEqual(one);
    expect(await maskValues(resample(), COUNTRIES)).toEqual(one);
    const problemsOf = (options: Parameters<typeof resample>[0]) => {
      const rule = resample(options);
      return rule.transform.checkColumn(rule.options, columnOf({ kind: "enum", type: "mood", labels: ["sad"] }));
    };
    expect(problemsOf({ rare: "other" })).toHaveLength(1);
    expect(problemsOf({ rare: "sad", fewest: 30, window: 20 })).toHaveLength(1);
  });
});
