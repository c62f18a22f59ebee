import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encryptText } from "../../src/transforms/tokens/encrypt-text.ts";
import { columnOf, maskInBatches, maskOne, maskValues } from "./mask-values.ts";

describe("encryptText", () => {
  it("encrypts the characters of the alphabet and leaves all others in place", async () => {
    expect(await maskOne(encryptText(), "AB-1029-xyz \u00e9!")).toMatch(/^[0-9A-Za-z]{2}-[0-9A-Za-z]{4}-[0-9A-Za-z]{3} \u00e9!$/);
    expect(await maskOne(encryptText({ alphabet: "upper" }), "ABCDEF 42 xyz")).toMatch(/^[A-Z]{6} 42 xyz$/);
    expect(await maskOne(encryptText({ alphabet: "01" }), "0110101011001010 2")).toMatch(/^[01]{16} 2$/);
  });

  it("takes characters beyond the basic plane as one each", async () => {
    expect(await maskOne(encryptText({ alphabet: "\u{1f600}\u{1f601}\u{1f602}" }), "\u{1f600}-\u{1f602}")).toMatch(
      /^[\u{1f600}-\u{1f602}]-[\u{1f600}-\u{1f602}]$/u,
    );
  });

  it("cannot handle a value without any character of the alphabet", async () => {
    await expect(maskOne(encryptText({ alphabet: "digits" }), "canary")).rejects.toMatchObject({ code: "VALUE_UNSUPPORTED" });
    expect(await maskValues(encryptText(), ["", null])).toEqual(["", null]);
  });

  it("permutes a small domain whole", async () => {
    const all = [..."abcdefghijklmnopqrstuvwxyz"].flatMap((one, _, letters) => letters.map((other) => one + other));
    const masked = await maskValues(encryptText({ alphabet: "lower" }), all);
    expect([...masked].sort()).toEqual(all);
    expect(masked.filter((value, index) => value === all[index])).toEqual([]);
    expect(encryptText().transform.smallDomain(encryptText({ alphabet: "lower" }).options, columnOf({ maxLength: 4 }))).toBe(
      456_976,
    );
  });

  it("encrypts values of thousands of characters", async () => {
    const long = "Ab3".repeat(3000);
    const masked = await maskOne(encryptText(), long);
    expect(masked).toHaveLength(long.length);
    expect(masked).not.toBe(long);
  });

  it("refuses an alphabet that has a character twice or fewer than two", () => {
    expect(() => encryptText({ alphabet: "aba" })).toThrow(/twice/);
    expect(() => encryptText({ alphabet: "a" })).toThrow(/at least 2/);
  });

  it("is a bijection, the same in any batch size", async () => {
    const values = fc.uniqueArray(fc.stringMatching(/^[a-zA-Z0-9 .-]{0,24}[a-z]$/), { minLength: 1, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(values, fc.integer({ min: 1, max: 9 }), async (texts, size) => {
        const masked = await maskValues(encryptText(), texts);
        expect(new Set(masked).size).toBe(texts.length);
        expect(await maskInBatches(encryptText(), texts, size)).toEqual(masked);
      }),
      { numRuns: 25 },
    );
  });
});
