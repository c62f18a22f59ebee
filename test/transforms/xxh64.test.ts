import { describe, expect, it } from "vitest";
import xxhash from "xxhash-wasm";
import { MaskingKey, parseMaskingKey } from "../../src/keys/masking-key.ts";
import { xxh64 } from "../../src/transforms/tokens/xxh64.ts";
import { TEST_KEY } from "../test-key.ts";
import { columnOf, INT4, maskInBatches, maskOne, maskValues } from "./mask-values.ts";

describe("xxh64", () => {
  it("is XXH64 under a seed from the key", async () => {
    const key = new MaskingKey(parseMaskingKey(TEST_KEY)).derive("xxh64", "xxh64");
    const { h64, h64ToString } = await xxhash();
    const seed = Buffer.from(key).readBigUInt64BE();
    expect(await maskOne(xxh64(), "build-7f3a")).toBe(h64ToString("build-7f3a", seed));
    expect(await maskOne(xxh64({ length: 6 }), "Ωμέγα 🙂")).toBe(h64ToString("Ωμέγα 🙂", seed).slice(0, 6));
    expect(await maskOne(xxh64({ as: "integer" }), "42", { column: columnOf({ kind: "integer" }) })).toBe(
      String(h64("42", seed) >> 1n),
    );
    // The xxHash specification: XXH64 of nothing under seed 0.
    expect(h64ToString("", 0n)).toBe("ef46db3751d8e999");
  });

  it("is written as hex, base64url or an integer within the column's range", async () => {
    expect(await maskOne(xxh64(), "page:1")).toMatch(/^[0-9a-f]{16}$/);
    expect(await maskOne(xxh64({ as: "base64url" }), "page:1")).toMatch(/^[A-Za-z0-9_-]{11}$/);
    const many = Array.from({ length: 500 }, (_, number) => String(number));
    for (const value of await maskValues(xxh64({ as: "integer" }), many, { column: INT4 }))
      expect(Number(value)).toBeLessThanOrEqual(2 ** 31 - 1);
  });

  it("takes 42 and 042 of an integer column for one value, and keeps NULL and the empty string", async () => {
    const [one, two] = await maskValues(xxh64({ as: "integer" }), ["42", "042"], { column: INT4 });
    expect(two).toBe(one);
    expect(await maskValues(xxh64(), [null, ""])).toEqual([null, ""]);
  });

  it("never gives a value back, even one of a single character, in any batch", async () => {
    const values = [..."0123456789abcdef", "x".repeat(5000), "\ud800", "\ud801"];
    const masked = await maskValues(xxh64({ length: 1 }), values);
    expect(masked.filter((value, index) => value === values[index])).toEqual([]);
    expect(await maskInBatches(xxh64(), values, 3)).toEqual(await maskValues(xxh64(), values));
    const whole = await maskValues(xxh64(), values);
    expect(new Set(whole).size).toBe(values.length);
  });
});
