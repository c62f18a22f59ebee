import { describe, expect, it } from "vitest";
import { fakeCard } from "../../src/transforms/ids/fake-card.ts";
import { luhnSum } from "../../src/transforms/ids/luhn.ts";
import { maskOne, maskValues } from "./mask-values.ts";

/** Numbers that providers publish for tests, of each network, with what theirs begin with here. */
const PUBLISHED = [
  ["4012888888881881", "41111111"],
  ["5105105105105100", "55555555"],
  ["2223003122003222", "22230031"],
  ["371449635398431", "37828224"],
  ["6011000990139424", "60111111"],
  ["6205500000000000004", "62000000"],
  ["3530111333300000", "35660020"],
  ["38520000023237", "36227206"],
  ["30569309025904", "30569309"],
  ["2200700000000009", "22000000"],
  ["9999999999999995", "41111111"],
] as const;

describe("fakeCard", () => {
  it.each(PUBLISHED)("keeps network and length of %s", async (card, start) => {
    const masked = (await maskOne(fakeCard(), card)) as string;
    expect(masked).not.toBe(card);
    expect([masked.slice(0, 8), masked.length, luhnSum(masked)]).toEqual([start, card.length, 0]);
    expect(await maskOne(fakeCard(), card, { column: "integer" })).toBe(masked);
  });

  it("keeps the layout, and knows a card however it is written", async () => {
    const [spaced, dashed, plain, short] = await maskValues(fakeCard(), [
      " 4012 8888 8888 1881",
      "4012-8888-8888-1881",
      "4012888888881881",
      "411111111112",
    ]);
    expect([spaced, dashed]).toEqual([
      expect.stringMatching(/^ 4111 1111 \d{4} \d{4}$/),
      expect.stringMatching(/^4111-1111-\d{4}-\d{4}$/),
    ]);
    expect([spaced, dashed].map((text) => text!.replace(/\D/g, ""))).toEqual([plain, plain]);
    expect(short).toMatch(/^41111111\d{4}$/);
  });

  it("gives ten thousand cards nearly as many numbers", async () => {
    const cards = Array.from({ length: 10_000 }, (_, index) => String(4_000_000_000_000_000 + index * 7919));
    const masked = (await maskValues(fakeCard(), cards)) as string[];
    expect(masked.every((card) => luhnSum(card) === 0)).toBe(true);
    // 10^4 of 10^7: five pairs on average.
    expect(new Set(masked).size).toBeGreaterThan(9_970);
  });

  it("handles no other text", async () => {
    const values = ["41111111111", "41111111111111111111", "4111x11111111111", "-4111111111111111", "none"];
    expect(await maskValues(fakeCard({ onUnsupported: "nullify" }), values)).toEqual(values.map(() => null));
  });
});
