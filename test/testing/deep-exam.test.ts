import { describe, expect, it } from "vitest";
import { checkTransform } from "../../src/testing/index.ts";
import { defineTransform, eachValue } from "../../src/transforms/define-transform.ts";
import { encryptDigits, scramble, tokenize } from "../../src/transforms/index.ts";

const promises = {
  deterministic: true,
  uniqueness: { kind: "preserved" },
  reversible: true,
  preservesLength: true,
  changesInput: "always",
} as const;

const made = (mask: (value: string) => string, reveal: (value: string) => string) =>
  defineTransform({
    name: "madeUp",
    technique: "pseudonymization",
    accepts: ["text"],
    guarantees: promises,
    options: {},
    prepare: () => eachValue(mask),
    reveal: () => eachValue(reveal),
  })();

const turned = (by: number) => (value: string) => value.replace(/[0-9]/g, (digit) => String((Number(digit) + by) % 10));

describe("an exam", () => {
  it("asks for the way back", async () => {
    const values = ["0001", "4711"];
    expect(await checkTransform(made(turned(3), turned(7)), { column: "text", values })).toEqual([]);
    expect(await checkTransform(made(turned(3), turned(6)), { column: "text", values })).toEqual([
      "madeUp on text: says that it can be reversed, and its way back gives another value (row 1).",
    ]);
  });

  it("finds two of many values that meet, where a few do not", async () => {
    // The last five of nine digits are lost, which a short value does not show.
    const rule = made((value) => turned(3)(value.replace(/\d{5}$/, "00000")), turned(7));
    const broken = await checkTransform(rule, { column: "text", values: ["a1"], distinct: 2000 });
    expect(broken).toHaveLength(1);
    expect(broken[0]).toMatch(/madeUp on text: says that uniqueness is preserved, and \d+ of 2000 different values met another/);
  });

  it("lets no two of a million values meet where a transform preserves uniqueness", { timeout: 240_000 }, async () => {
    // A million each where asked for: as many everywhere would take CI a minute.
    const distinct = process.env.DEEP_EXAM === "1" ? 1_000_000 : 50_000;
    const few = { values: ["17", "4111111111111111"], distinct };
    expect(await checkTransform(encryptDigits(), { column: "text", ...few })).toEqual([]);
    expect(await checkTransform(scramble(), { column: "text", ...few })).toEqual([]);
    expect(
      await checkTransform(tokenize(), {
        column: { kind: "integer", range: { min: 0n, max: 2n ** 31n - 1n } },
        ...few,
        values: ["17"],
      }),
    ).toEqual([]);
  });
});
