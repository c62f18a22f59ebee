import { describe, expect, it } from "vitest";
import { TextHash } from "../../src/verify/text-hash.ts";

const hash = new TextHash(Uint8Array.of(8, 7, 6, 5, 4, 3, 2, 1));

/** How often 32 of the bits meet, half of them of either lane, in so many texts: as often as chance has it where all bits are good. */
function meetings(texts: number, take: "take" | "takeCell", textOf: (index: number) => string): number {
  const seen = Uint32Array.from({ length: texts }, (_, index) => {
    hash[take](textOf(index));
    return (hash.high << 16) | (hash.low & 0xffff);
  }).sort();
  return seen.reduce((count, bits, index) => count + Number(index > 0 && bits === seen[index - 1]), 0);
}

describe("a hash of texts", () => {
  const TEXTS = 200_000;
  const BY_CHANCE = TEXTS ** 2 / 2 ** 33;

  it.each<[string, (index: number) => string]>([
    ["numbers", String],
    ["numbers with zeros in front", (index) => String(index).padStart(24, "0")],
    ["numbers with the same end", (index) => `${index}@acme.example.test`],
    ["bits", (index) => index.toString(2)],
    ["characters beyond ASCII", (index) => `Ю${String.fromCharCode(0x400 + (index & 0xff), 0x400 + (index >> 8))}`],
  ])("tells %s apart", (_, textOf) => {
    expect(meetings(TEXTS, "take", textOf)).toBeLessThan(BY_CHANCE * 4 + 10);
    expect(meetings(TEXTS, "takeCell", textOf)).toBeLessThan(BY_CHANCE * 4 + 10);
  });

  it("tells several texts from others that are the same side by side", () => {
    const hashOf = (...texts: string[]) => {
      hash.takeAll(texts);
      return `${hash.high} ${hash.low}`;
    };
    const keys = [["a", "bc"], ["ab", "c"], ["abc"], ["abc", ""], ["", "abc"], ["bc", "a"], []];
    expect(new Set(keys.map((texts) => hashOf(...texts))).size).toBe(keys.length);
    expect(hashOf("a", "bc")).toBe(hashOf("a", "bc"));
  });
});
