import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { redact } from "../../src/transforms/plain/redact.ts";
import { columnOf, maskInBatches, maskOne, maskValues } from "./mask-values.ts";

describe("redact", () => {
  it("replaces every character, and keeps NULL and the empty string", async () => {
    expect(await maskValues(redact(), ["Jane Doe", "", null, "x"])).toEqual(["********", "", null, "*"]);
  });

  it("keeps the first and the last characters that it is told to", async () => {
    expect(await maskOne(redact({ keepLast: 4 }), "4111111111111111")).toBe("************1111");
    expect(await maskOne(redact({ keepFirst: 2 }), "Christine")).toBe("Ch*******");
    expect(await maskOne(redact({ keepFirst: 1, keepLast: 2 }), "jane@acme.com")).toBe("j**********om");
  });

  it("redacts a value whole that is shorter than twice what would be kept", async () => {
    expect(await maskValues(redact({ keepLast: 4 }), ["Ana", "1234567", "12345678"])).toEqual(["***", "*******", "****5678"]);
    expect(await maskValues(redact({ keepFirst: 2, keepLast: 2 }), ["abcdefg", "abcdefgh"])).toEqual(["*******", "ab****gh"]);
  });

  it("hides the length behind a fixed one", async () => {
    expect(await maskValues(redact({ length: 5 }), ["a", "abcdefghij"])).toEqual(["*****", "*****"]);
    expect(await maskValues(redact({ length: 3, keepLast: 2 }), ["abc", "abcdefghij", "a".repeat(99)])).toEqual([
      "***",
      "***ij",
      "***aa",
    ]);
  });

  it("fills with the text that it is told to, and counts code points", async () => {
    expect(await maskOne(redact({ fill: "#" }), "\u{1f642}\u{1f642}é")).toBe("###");
    expect(await maskOne(redact({ fill: "ab" }), "xyz")).toBe("ababab");
    expect(await maskOne(redact({ keepLast: 1 }), "ab\u{1f642}")).toBe("**\u{1f642}");
  });

  it("says how long its output can get", () => {
    const { transform } = redact();
    const column = columnOf({ maxLength: 10 });
    expect(transform.maxOutputLength(redact().options, column)).toBeNull();
    expect(transform.maxOutputLength(redact({ fill: "ab" }).options, column)).toBe(20);
    expect(transform.maxOutputLength(redact({ length: 4, keepLast: 2 }).options, column)).toBe(6);
  });

  it("refuses options that it does not know or that make no sense", () => {
    expect(() => redact({ keepLast: -1 })).toThrow(/keepLast/);
    expect(() => redact({ fill: "" })).toThrow(/fill/);
    expect(() => redact({ length: 0 })).toThrow(/length/);
    expect(() => redact({ last: 4 } as never)).toThrow(/no option "last"/);
  });

  it("shows no more characters than it keeps, and depends on nothing but the value", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: "grapheme", minLength: 1, maxLength: 30 }), { minLength: 1, maxLength: 20 }),
        fc.nat(5),
        fc.nat(5),
        async (values, keepFirst, keepLast) => {
          const rule = redact({ keepFirst, keepLast, fill: "\u2588" });
          const masked = await maskValues(rule, values);
          for (const [index, value] of values.entries()) {
            const characters = [...value];
            const shown = [...masked[index]!].filter((character, at) => character === characters[at] && character !== "\u2588");
            expect([...masked[index]!]).toHaveLength(characters.length);
            expect(shown.length).toBeLessThanOrEqual(Math.min(keepFirst + keepLast, characters.length / 2));
          }
          expect(await maskInBatches(rule, values, 3)).toEqual(masked);
        },
      ),
      { numRuns: 50 },
    );
  });
});
