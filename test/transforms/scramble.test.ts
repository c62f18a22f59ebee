import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { scramble } from "../../src/transforms/tokens/scramble.ts";
import { maskInBatches, maskOne, maskValues, revealValues } from "./mask-values.ts";

/** What a scramble must not change: which class each character is of, and every other character. */
const shapeOf = (value: string) =>
  value
    .replace(/[0-9]/g, "0")
    .replace(/[a-z]/g, "a")
    .replace(/[A-Z]/g, "A")
    .replace(/[\u00df-\u00f6\u00f8-\u00ff]/g, "\u00e9")
    .replace(/[\u00c0-\u00d6\u00d8-\u00de]/g, "\u00c9")
    .replace(/[\u0430-\u045f]/g, "\u0436")
    .replace(/[\u0400-\u042f]/g, "\u0416")
    .replace(/[\u4e00-\u9fa5]/g, "\u5b57");

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
    // Ethiopic, Bengali, a rare ideograph and a letter beyond the basic plane.
    for (const value of ["\u1230\u120b\u121d", "\u0985", "\u{20bb7}\u91ce", "abc\u{10400}", "\u00b2"])
      await expect(maskOne(scramble(), value)).rejects.toMatchObject({ code: "VALUE_UNSUPPORTED" });
  });

  it("keeps the script, letter by letter, and the grapheme clusters", async () => {
    const names = [
      ["\u674e\u5c0f\u9f8d", /^[\u4e00-\u9fa5]{3}$/],
      ["\u4f50\u3005\u6728", /^[\u4e00-\u9fa5]\u3005[\u4e00-\u9fa5]$/],
      ["\u30cf\u30eb\u30fc", /^[\u30a1-\u30fa]{2}\u30fc$/],
      ["\uae40\ubbfc\uc218", /^\p{Script=Hangul}{3}$/u],
      ["\u0645\u062d\u0645\u062f \u0661", /^[\u0621-\u064a]{4} [\u0660-\u0669]$/],
      ["\u05e9\u05dc\u05d5\u05dd", /^[\u05d0-\u05ea]{3}[\u05da\u05dd\u05df\u05e3\u05e5]$/],
      ["\u0930\u093e\u092e", /^\p{Script=Devanagari}\u093e\p{Script=Devanagari}$/u],
      ["\u0e19\u0e49\u0e33\u0e1d\u0e19", /^[\u0e01-\u0e2e]\u0e49\u0e33[\u0e01-\u0e2e]{2}$/],
      ["Jose\u0301 \u{1f469}\u200d\u{1f467}", /^[A-Z][a-z]{3}\u0301 \u{1f469}\u200d\u{1f467}$/u],
      ["\u0141ukasz", /^\p{Lu}[a-z]{5}$/u],
      ["Nguy\u1ec5n", /^[A-Z][a-z]{3}\p{Ll}[a-z]$/u],
    ] as const;
    const segmenter = new Intl.Segmenter();
    const masked = await maskValues(
      scramble(),
      names.map(([name]) => name),
    );
    for (const [index, [name, form]] of names.entries()) {
      expect(masked[index]).toMatch(form);
      expect(masked[index]).not.toBe(name);
      expect([...segmenter.segment(masked[index]!)].length).toBe([...segmenter.segment(name)].length);
    }
  });

  it("gives the value back to whoever holds the key", async () => {
    const values = ["Jane-42", "\u674e\u5c0f\u9f8d \uae40", "x".repeat(200), "Ab\u00e9\u4e2d ".repeat(60), "7", "", null];
    expect(await revealValues(scramble(), await maskValues(scramble(), values))).toEqual(values);
  });

  it("enciphers a value as a whole: values that share a beginning do not share it afterwards", async () => {
    const masked = await maskValues(
      scramble(),
      Array.from({ length: 50 }, (_, index) => `prefix${String(index).padStart(3, "0")}`),
    );
    expect(new Set(masked.map((value) => value!.slice(0, 6))).size).toBeGreaterThan(40);
  });

  it("gives a value the same stand-in alone and among values of every other length, and leads back", async () => {
    // From one letter, through what stands side by side, to what is too long for that: 41 letters of 26 are above 2^192.
    const lengths = Array.from({ length: 60 }, (_, index) => index + 1);
    const values = lengths.flatMap((length) => [
      "a".repeat(length),
      "Zz9".repeat(length).slice(0, length),
      "\u0436\u00e9\u5b57\u00c9".repeat(length).slice(0, length),
    ]);
    const masked = (await maskValues(scramble(), values)) as string[];
    expect(masked.map(shapeOf)).toEqual(values.map(shapeOf));
    for (const [index, value] of values.entries()) expect(await maskOne(scramble(), value)).toBe(masked[index]);
    expect(await revealValues(scramble(), masked)).toEqual(values);
    const shuffled = [...values.keys()].sort((one, other) => ((one * 97) % 180) - ((other * 97) % 180));
    expect(
      await maskValues(
        scramble(),
        shuffled.map((index) => values[index]!),
      ),
    ).toEqual(shuffled.map((index) => masked[index]));
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
