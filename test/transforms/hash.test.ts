import { createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MaskingKey, parseMaskingKey } from "../../src/keys/masking-key.ts";
import { hash } from "../../src/transforms/tokens/hash.ts";
import { TEST_KEY } from "../test-key.ts";
import { columnOf, INT4, maskInBatches, maskOne, maskValues } from "./mask-values.ts";

const OTHER_KEY = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

describe("hash", () => {
  it("is written as hex, base64url or an integer", async () => {
    expect(await maskOne(hash(), "jane@acme.com")).toMatch(/^[0-9a-f]{32}$/);
    expect(await maskOne(hash({ as: "base64url" }), "jane@acme.com")).toMatch(/^[A-Za-z0-9_-]{22}$/);
    expect(await maskOne(hash({ as: "integer" }), "jane@acme.com")).toMatch(/^\d{1,19}$/);
    expect(await maskOne(hash({ length: 10 }), "jane@acme.com")).toMatch(/^[0-9a-f]{10}$/);
  });

  it("is cut short, not made anew, by a length", async () => {
    const whole = await maskOne(hash(), "jane@acme.com");
    expect(await maskOne(hash({ length: 12 }), "jane@acme.com")).toBe(whole!.slice(0, 12));
  });

  it("depends on the key and the domain, and keeps NULL and the empty string", async () => {
    const masked = await maskOne(hash(), "jane@acme.com");
    expect(await maskOne(hash(), "jane@acme.com", { key: OTHER_KEY })).not.toBe(masked);
    expect(await maskOne(hash({ domain: "people" }), "jane@acme.com")).not.toBe(masked);
    expect(await maskOne(hash({ domain: "hash" }), "jane@acme.com")).toBe(masked);
    expect(await maskValues(hash(), [null, ""])).toEqual([null, ""]);
  });

  it("takes 42, 042 and 42.0 of an integer column for one value, and stays within its range", async () => {
    const [one, two, three] = await maskValues(hash({ as: "integer" }), ["42", "042", "42.0"], { column: INT4 });
    expect(two).toBe(one);
    expect(three).toBe(one);
    const many = Array.from({ length: 500 }, (_, number) => String(number));
    for (const value of await maskValues(hash({ as: "integer" }), many, { column: INT4 }))
      expect(Number(value)).toBeLessThanOrEqual(2 ** 31 - 1);
  });

  it("tells the bits behind its collision bound", () => {
    const bitsOf = (rule: ReturnType<typeof hash>, column = columnOf()) => {
      const { uniqueness } = rule.transform.guarantees(rule.options, column);
      return uniqueness.kind === "unlikely-lost" ? uniqueness.bits : null;
    };
    expect(bitsOf(hash())).toBe(128);
    expect(bitsOf(hash({ length: 8 }))).toBe(32);
    expect(bitsOf(hash({ as: "base64url" }))).toBe(128);
    expect(bitsOf(hash({ as: "base64url", length: 4 }))).toBe(24);
    expect(bitsOf(hash({ as: "integer", length: 6 }))).toBeCloseTo(Math.log2(1e6));
    expect(bitsOf(hash({ as: "integer" }), columnOf(INT4))).toBeCloseTo(31);
  });

  it("meets about as often as its bits say: 24 bits among 5,000 values give less than a handful of collisions, but some", async () => {
    const values = Array.from({ length: 5000 }, (_, number) => `value ${number}`);
    const masked = await maskValues(hash({ length: 6 }), values);
    const collisions = values.length - new Set(masked).size;
    expect(collisions).toBeLessThan(6);
    expect(values.length - new Set(await maskValues(hash({ length: 4 }), values)).size).toBeGreaterThan(100);
  });

  it("refuses hex in an integer column, and more characters than there are", () => {
    const problemsOn = (rule: ReturnType<typeof hash>, column = columnOf()) => rule.transform.checkColumn(rule.options, column);
    expect(problemsOn(hash(), columnOf(INT4))).toHaveLength(1);
    expect(problemsOn(hash({ length: 33 }))).toHaveLength(1);
    expect(problemsOn(hash({ algorithm: "hmac-sha256", length: 64 }))).toEqual([]);
    expect(problemsOn(hash({ algorithm: "hmac-sha256", as: "base64url", length: 44 }))).toHaveLength(1);
    expect(problemsOn(hash({ as: "base64url", length: 23 }))).toHaveLength(1);
    expect(problemsOn(hash({ as: "integer", length: 20 }))).toHaveLength(1);
    expect(() => hash({ length: 65 })).toThrow(/at most 64/);
    expect(() => hash({ as: "base32" as never })).toThrow(/must be one of hex, base64url, integer/);
  });

  it("never gives a value back, even one of a single character", async () => {
    const values = [..."0123456789abcdef"];
    const masked = await maskValues(hash({ length: 1 }), values);
    expect(masked.filter((value, index) => value === values[index])).toEqual([]);
  });

  it("is an HMAC-SHA-256 of up to 256 bits where that is asked for", async () => {
    const masked = await maskOne(hash({ algorithm: "hmac-sha256" }), "jane@acme.com");
    expect(masked).toMatch(/^[0-9a-f]{64}$/);
    expect(await maskOne(hash({ algorithm: "hmac-sha256", length: 40 }), "jane@acme.com")).toBe(masked!.slice(0, 40));
    expect(await maskOne(hash({ algorithm: "hmac-sha256", as: "base64url" }), "jane@acme.com")).toBe(
      Buffer.from(masked!, "hex").toString("base64url"),
    );
    expect(await maskOne(hash({ algorithm: "hmac-sha256", as: "integer", length: 6 }), "7", { column: INT4 })).toMatch(
      /^\d{1,6}$/,
    );
    const key = new MaskingKey(parseMaskingKey(TEST_KEY)).derive("hash:hmac-sha256", "hash");
    expect(masked).toBe(createHmac("sha256", key).update("jane@acme.com").digest("hex"));
  });

  it("keeps two lone surrogates apart", async () => {
    for (const algorithm of ["cmac", "hmac-sha256"] as const) {
      const [one, other] = await maskValues(hash({ algorithm }), ["\ud800", "\ud801"]);
      expect(one).not.toBe(other);
    }
  });

  it("is the same in any batch size", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.option(fc.string({ unit: "binary" })), { maxLength: 30 }),
        fc.integer({ min: 1, max: 9 }),
        async (values, size) => {
          expect(await maskInBatches(hash(), values, size)).toEqual(await maskValues(hash(), values));
        },
      ),
      { numRuns: 40 },
    );
  });
});
