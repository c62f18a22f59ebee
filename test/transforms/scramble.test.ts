import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { scramble } from "../../src/transforms/scramble.ts";
import { maskInBatches, maskOne, maskValues } from "./mask-values.ts";

/** What a scramble must not change: which class each character is of, and every other character. */
const shapeOf = (value: string) =>
  value
    .replace(/[0-9]/g, "0")
    .replace(/[a-z]/g, "a")
    .replace(/[A-Z]/g, "A")
    .replace(/[\u00df-\u00f6\u00f8-\u00ff]/g, "\u00e9")
    .replace(/[\u00c0-\u00d6\u00d8-\u00de]/g, "\u00c9")
    .replace(/[\u0430-\u045f]/g, "\u0436")
    .replace(/[\u0400-\u042f]/g, "\u0416");

describe("scramble", () => {
  it("exchanges digit for digit and letter for letter of the same case; everything else stays", async () => {
    const values = ["Jane-42", "B\u00fcrgerstra\u00dfe 17", "\u041e\u043b\u044c\u0433\u0430 \u0411.", "AB12 cd34", "x"];
    const masked = await maskValues(scramble(), values);
    for (const [index, value] of masked.entries()) {
      expect(shapeOf(value!)).toBe(shapeOf(values[index]!));
      expect(value).not.toBe(values[index]);
    }
  });

  it("leaves a value without letters and digits, and says so", async () => {
    const values = ["", "--", " ", "\u{1f642}!", null];
    expect(await maskValues(scramble(), values)).toEqual(values);
    const { fixedPoints } = scramble().transform;
    for (const value of values) if (value !== null) expect(fixedPoints!.isFixed(value)).toBe(true);
  });

  it("cannot handle letters of a script that it has no class for", async () => {
    for (const value of ["\u674e\u5c0f\u9f8d", "\u0661\u0662", "abc\u05d0"])
      await expect(maskOne(scramble(), value)).rejects.toMatchObject({ code: "VALUE_UNSUPPORTED" });
  });

  it("enciphers a value as a whole: values that share a beginning do not share it afterwards", async () => {
    const masked = await maskValues(
      scramble(),
      Array.from({ length: 50 }, (_, index) => `prefix${String(index).padStart(3, "0")}`),
    );
    expect(new Set(masked.map((value) => value!.slice(0, 6))).size).toBeGreaterThan(40);
  });

  it("permutes a small shape whole, and no value stays", async () => {
    const all = Array.from({ length: 1000 }, (_, number) => String(number).padStart(3, "0"));
    const masked = await maskValues(scramble(), all);
    expect([...masked].sort()).toEqual(all);
    expect(masked.filter((value, index) => value === all[index])).toEqual([]);
  });

  it("enciphers mixed text of hundreds of words, and cannot handle more than 10,000 letters", async () => {
    const longest = ["Ab1 ".repeat(196), "\u0436".repeat(591), "x".repeat(2000), "Word ".repeat(1200)];
    const masked = await maskValues(scramble(), longest);
    for (const [index, value] of masked.entries()) expect(shapeOf(value!)).toBe(shapeOf(longest[index]!));
    await expect(maskOne(scramble(), "x".repeat(10_001))).rejects.toMatchObject({ code: "VALUE_UNSUPPORTED" });
  });

  it("is a bijection that keeps every shape, the same in any batch size", async () => {
    const character = fc.constantFrom(..."abcxyzABCXYZ0189\u00e9\u00fc\u00df\u00c9\u0436\u0416 .-@'\u{1f642}");
    const values = fc.uniqueArray(fc.string({ unit: character, minLength: 1, maxLength: 40 }), { minLength: 1, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(values, fc.integer({ min: 1, max: 9 }), async (texts, size) => {
        const masked = await maskValues(scramble(), texts);
        expect(new Set(masked).size).toBe(texts.length);
        for (const [index, value] of masked.entries()) expect(shapeOf(value!)).toBe(shapeOf(texts[index]!));
        expect(await maskInBatches(scramble(), texts, size)).toEqual(masked);
      }),
      { numRuns: 25 },
    );
  });
});
