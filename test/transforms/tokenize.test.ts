import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { tokenize } from "../../src/transforms/tokens/tokenize.ts";
import { columnOf, INT4, maskInBatches, maskOne, maskValues } from "./mask-values.ts";

const INT8 = { kind: "integer", type: "bigint", range: { min: -(2n ** 63n), max: 2n ** 63n - 1n } } as const;
const INT2 = { kind: "integer", type: "smallint", range: { min: -(2n ** 15n), max: 2n ** 15n - 1n } } as const;

describe("tokenize", () => {
  it("gives text a token of letters and digits, an integer an integer, a UUID a UUID", async () => {
    expect(await maskOne(tokenize(), "jane@acme.com")).toMatch(/^[0-9A-Za-z]{22}$/);
    expect(await maskOne(tokenize(), "42", { column: INT4 })).toMatch(/^[1-9]\d*$/);
    const uuid = await maskOne(tokenize(), "3f2504e0-4f89-41d3-9a0c-0305e82c3301", { column: "uuid" });
    expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it("begins a token of text with its prefix, and says how long it gets", async () => {
    const rule = tokenize({ prefix: "cus_", length: 10 });
    expect(await maskOne(rule, "jane@acme.com")).toMatch(/^cus_[0-9A-Za-z]{10}$/);
    expect(rule.transform.maxOutputLength(rule.options, columnOf())).toBe(14);
    expect(await maskOne(tokenize({ length: 10 }), "jane@acme.com")).toBe((await maskOne(rule, "jane@acme.com"))!.slice(4));
  });

  it("keeps integers within the type of their column, and one to one", async () => {
    const all = Array.from({ length: 32_767 }, (_, index) => String(index + 1));
    const masked = await maskValues(tokenize(), all, { column: INT2 });
    expect(new Set(masked)).toEqual(new Set(all));
    expect(masked.filter((value, index) => value === all[index])).toEqual([]);
    for (const value of await maskValues(tokenize(), ["2147483647", "1", "1000000"], { column: INT4 }))
      expect(Number(value)).toBeLessThanOrEqual(2 ** 31 - 1);
  });

  it("leaves zero, and mirrors a negative number", async () => {
    const [zero, one, minus] = await maskValues(tokenize(), ["0", "7", "-7"], { column: INT4 });
    expect(zero).toBe("0");
    expect(minus).toBe(`-${one}`);
  });

  it("gives one integer the same token in columns of int, bigint and text", async () => {
    const token = await maskOne(tokenize(), "123456", { column: INT4 });
    expect(await maskOne(tokenize(), "123456", { column: INT8 })).toBe(token);
    expect(await maskOne(tokenize(), "0123456", { column: INT8 })).toBe(token);
    expect(await maskOne(tokenize({ as: "integer" }), "123456")).toBe(token);
  });

  it("cannot handle an integer beyond its column's type, or text as an integer", async () => {
    const beyond = maskOne(tokenize(), "99999999999", { column: INT4 });
    await expect(beyond).rejects.toMatchObject({ code: "VALUE_UNSUPPORTED", row: 1, column: "masked" });
    const error = await maskOne(tokenize({ as: "integer" }), "canary-17").catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: "VALUE_UNSUPPORTED" });
    expect(`${error}${JSON.stringify(error)}`).not.toContain("canary");
    expect(await maskOne(tokenize({ as: "integer", onUnsupported: "redact" }), "abc")).toBe("***");
    expect(await maskOne(tokenize({ as: "integer", onUnsupported: "nullify" }), "abc")).toBeNull();
  });

  it("takes all forms of one UUID for one value", async () => {
    const forms = [
      "3f2504e0-4f89-41d3-9a0c-0305e82c3301",
      "3F2504E0-4F89-41D3-9A0C-0305E82C3301",
      "{3f2504e04f8941d39a0c0305e82c3301}",
    ];
    expect(new Set(await maskValues(tokenize(), forms, { column: "uuid" })).size).toBe(1);
  });

  it("says what it preserves: integers for sure, text by its bits", () => {
    const { transform, options } = tokenize();
    expect(transform.guarantees(options, columnOf(INT4)).uniqueness).toEqual({ kind: "preserved" });
    expect(transform.guarantees(options, columnOf("uuid")).uniqueness).toEqual({ kind: "unlikely-lost", bits: 122 });
    expect(transform.guarantees(options, columnOf()).uniqueness).toMatchObject({ kind: "unlikely-lost" });
    expect(transform.smallDomain(options, columnOf(INT2))).toBe(32_767);
    expect(transform.smallDomain(options, columnOf(INT4))).toBeNull();
  });

  it("refuses tokens that the column cannot hold, and prefixes of what has none", () => {
    const problemsOn = (rule: ReturnType<typeof tokenize>, column: Parameters<typeof columnOf>[0]) =>
      rule.transform.checkColumn(rule.options, columnOf(column));
    expect(problemsOn(tokenize({ as: "text" }), INT4)).toHaveLength(1);
    expect(problemsOn(tokenize({ as: "uuid" }), INT4)).toHaveLength(1);
    expect(problemsOn(tokenize({ prefix: "x" }), INT4)).toHaveLength(1);
    expect(problemsOn(tokenize({ length: 8 }), "uuid")).toHaveLength(1);
    expect(() => tokenize({ length: 3 })).toThrow(/at least 4/);
  });

  it("is a bijection of integers, the same in any batch size", async () => {
    const integers = fc.uniqueArray(fc.bigInt({ min: -(2n ** 63n) + 1n, max: 2n ** 63n - 1n }), { minLength: 1, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(integers, fc.integer({ min: 1, max: 9 }), async (numbers, size) => {
        const values = numbers.map(String);
        const masked = await maskValues(tokenize(), values, { column: INT8 });
        expect(new Set(masked).size).toBe(values.length);
        expect(await maskInBatches(tokenize(), values, size, { column: INT8 })).toEqual(masked);
      }),
      { numRuns: 20 },
    );
  });

  it("keeps texts apart, the same in any batch size", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.string({ unit: "binary" }), { maxLength: 50 }),
        fc.integer({ min: 1, max: 9 }),
        async (values, size) => {
          const masked = await maskValues(tokenize(), values);
          expect(new Set(masked).size).toBe(values.length);
          expect(await maskInBatches(tokenize(), values, size)).toEqual(masked);
        },
      ),
      { numRuns: 40 },
    );
  });
});
