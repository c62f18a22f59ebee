import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createFf1 } from "../../src/keys/ff1.ts";
import { MaskingKey, parseMaskingKey } from "../../src/keys/masking-key.ts";
import { luhnDigit, luhnSum } from "../../src/transforms/ids/luhn.ts";
import { encryptDigits } from "../../src/transforms/tokens/encrypt-digits.ts";
import { TEST_KEY } from "../test-key.ts";
import { columnOf, INT4, maskInBatches, maskOne, maskValues } from "./mask-values.ts";

const CARDS = ["4111111111111111", "5555555555554444", "378282246310005", "4111-1111-1111-1111", "6011 0009 9013 9424"];

describe("encryptDigits", () => {
  it("replaces digits by digits and leaves the rest in place", async () => {
    const masked = await maskOne(encryptDigits(), "+49 (30) 901820-77");
    expect(masked).toMatch(/^\+\d\d \(\d\d\) \d{6}-\d\d$/);
    expect(masked).not.toBe("+49 (30) 901820-77");
  });

  it("keeps the first and last digits, in layouts of any kind", async () => {
    const masked = await maskValues(encryptDigits({ keepFirst: 6, keepLast: 4 }), CARDS);
    for (const [index, value] of masked.entries()) {
      const digits = value!.replace(/\D/g, "");
      const original = CARDS[index]!.replace(/\D/g, "");
      expect(digits.slice(0, 6)).toBe(original.slice(0, 6));
      expect(digits.slice(-4)).toBe(original.slice(-4));
      expect(digits).not.toBe(original);
      expect(value!.replace(/\d/g, "0")).toBe(CARDS[index]!.replace(/\d/g, "0"));
    }
  });

  it("gives one card the same digits whatever its layout", async () => {
    const [plain, hyphens] = await maskValues(encryptDigits({ keepFirst: 6, keepLast: 4 }), [
      "4111111111111111",
      "4111-1111-1111-1111",
    ]);
    expect(hyphens!.replaceAll("-", "")).toBe(plain);
  });

  it("keeps valid cards valid, with luhn, and cannot handle one that is not", async () => {
    for (const options of [{ luhn: true }, { luhn: true, keepFirst: 6, keepLast: 4 }]) {
      for (const value of await maskValues(encryptDigits(options), CARDS)) expect(luhnSum(value!.replace(/\D/g, ""))).toBe(0);
    }
    await expect(maskOne(encryptDigits({ luhn: true }), "4111111111111112")).rejects.toMatchObject({ code: "VALUE_UNSUPPORTED" });
  });

  it("is FF1: whoever has the key gets the digits back", async () => {
    const key = new MaskingKey(parseMaskingKey(TEST_KEY)).derive("encryptDigits", "encryptDigits");
    const masked = await maskOne(encryptDigits(), "4111111111111111");
    const numerals = [...masked!].map(Number);
    expect(createFf1({ key, radix: 10 }).decrypt(numerals).join("")).toBe("4111111111111111");
  });

  it("encrypts otherwise behind another kept part", async () => {
    const rule = encryptDigits({ keepFirst: 4 });
    const [one, other] = await maskValues(rule, ["1111000000000000", "2222000000000000"]);
    expect(one!.slice(4)).not.toBe(other!.slice(4));
  });

  it("cannot handle fewer than two digits to encrypt, or digits of other scripts", async () => {
    for (const value of ["7", "none", "\u0663\u0664\u0665", "12\uff13"])
      await expect(maskOne(encryptDigits(), value)).rejects.toMatchObject({
        code: "VALUE_UNSUPPORTED",
        hint: expect.stringContaining("for small numbers there is `tokenize`"),
      });
    await expect(maskOne(encryptDigits({ keepFirst: 6, keepLast: 4 }), "12345678901")).rejects.toMatchObject({
      code: "VALUE_UNSUPPORTED",
    });
    expect(await maskValues(encryptDigits(), ["", null])).toEqual(["", null]);
  });

  it("permutes every small domain whole: two digits, with and without a kept part", async () => {
    const all = Array.from({ length: 100 }, (_, number) => String(number).padStart(2, "0"));
    expect([...(await maskValues(encryptDigits(), all))].sort()).toEqual(all);
    const kept = all.map((value) => `7${value}9`);
    const masked = await maskValues(encryptDigits({ keepFirst: 1, keepLast: 1 }), kept);
    expect([...masked].sort()).toEqual(kept);
    expect(masked.filter((value, index) => value === kept[index])).toEqual([]);
  });

  it("keeps a number's length in an integer column, its sign, and its type", async () => {
    const values = ["10", "99", "-12345", "2147483647", "-2147483648", "1000000000"];
    const masked = await maskValues(encryptDigits(), values, { column: INT4 });
    for (const [index, value] of masked.entries()) {
      expect(value).toHaveLength(values[index]!.length);
      expect(value).toMatch(/^-?[1-9]\d*$/);
      expect(Math.abs(Number(value) + 0.5)).toBeLessThan(2 ** 31);
    }
  });

  it("tells the plan of a small domain", () => {
    const { transform, options } = encryptDigits();
    expect(transform.smallDomain(options, columnOf({ maxLength: 5 }))).toBe(100_000);
    expect(transform.smallDomain(options, columnOf({ maxLength: 16 }))).toBeNull();
    const card = encryptDigits({ keepFirst: 6, keepLast: 4, luhn: true });
    expect(transform.smallDomain(card.options, columnOf())).toBe(100_000);
  });

  it("is a bijection among numbers of one length, the same in any batch size", async () => {
    const sameLength = fc
      .integer({ min: 2, max: 20 })
      .chain((length) => fc.uniqueArray(fc.stringMatching(new RegExp(`^\\d{${length}}$`)), { minLength: 1, maxLength: 30 }));
    await fc.assert(
      fc.asyncProperty(sameLength, fc.integer({ min: 1, max: 9 }), async (values, size) => {
        const masked = await maskValues(encryptDigits(), values);
        expect(new Set(masked).size).toBe(values.length);
        for (const [index, value] of masked.entries()) expect(value).toMatch(new RegExp(`^\\d{${values[index]!.length}}$`));
        expect(await maskInBatches(encryptDigits(), values, size)).toEqual(masked);
      }),
      { numRuns: 30 },
    );
  });

  it("is a bijection among valid cards that share their kept digits", async () => {
    const rule = encryptDigits({ keepFirst: 6, keepLast: 1, luhn: true });
    const cards = fc.uniqueArray(fc.integer({ min: 0, max: 9_999_999 }), { minLength: 1, maxLength: 40 }).map((numbers) =>
      numbers.map((number) => {
        const free = `411111${String(number).padStart(7, "0")}`;
        return `${free}${luhnDigit(free, "3")}3`;
      }),
    );
    await fc.assert(
      fc.asyncProperty(cards, async (values) => {
        const masked = await maskValues(rule, values);
        expect(new Set(masked).size).toBe(values.length);
        for (const value of masked) expect(luhnSum(value!)).toBe(0);
      }),
      { numRuns: 30 },
    );
  });
});
