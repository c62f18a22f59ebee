import { describe, expect, it } from "vitest";
import { isTellingNumber, unitOf, windowsOf } from "../../src/verify/text-units.ts";
import { UnitHashes } from "../../src/verify/unit-hashes.ts";

const hashes = new UnitHashes();

/** Whether a unit is found in a text. */
function isFound(unit: string | null, text: string): boolean {
  hashes.take(unit!);
  const [high, low] = [hashes.highs[0], hashes.lows[0]];
  hashes.scan(text);
  return hashes.highs.subarray(0, hashes.count).some((one, index) => one === high && hashes.lows[index] === low);
}

describe("units of a text", () => {
  it.each([
    ["jane@acme.com", "write to <JANE@acme.com>, please"],
    ["jane@acme.com", '{"contacts":[{"email":"jane@acme.com"}]}'],
    ["jane@acme.com", "mailto:jane@acme.com?subject=x"],
    ["Jane O'Neill", "Dear Jane  O'Neill, thank you"],
    ["Zoë Ångström", "von ZOE\u0308 ÅNGSTRÖM."],
    ["+49 30 901820", "call +49 (30) 90 18 20"],
    ["4111111111111111", "card 4111-1111-1111-1111 or none"],
    ["DE89 3704 0044 0532 0130 00", "to iban:DE89370400440532013000"],
    ["3f2504e0-4f89-41d3-9a0c-0305e82c3301", "id=3F2504E0-4F89-41D3-9A0C-0305E82C3301;"],
    ["Musterstraße 12", "wohnt Musterstraße 12, Berlin"],
  ])("find %s in %s", (value, text) => {
    expect(isFound(unitOf(value), text)).toBe(true);
  });

  it.each([
    ["jane@acme.com", "mary.jane@acme.com"],
    ["Jane Doe", "Jane does"],
    ["4111111111111111", "41111111111111112"],
  ])("do not find %s in %s", (value, text) => {
    expect(isFound(unitOf(value), text)).toBe(false);
  });

  it("find a long text as a whole alone", () => {
    const text = "She said on the phone that it hurts when she walks";
    expect(isFound(unitOf(text), text.toUpperCase())).toBe(true);
    expect(isFound(unitOf(text), `${text} fast`)).toBe(false);
  });

  it.each([["2024-05-17"], ["20240517"], ["12.50"], ["1234567"], ["abcdefghij12345678"], ["jane12345678@acme.com"]])(
    "take %s for no long number",
    (text) => {
      expect(isTellingNumber(text)).toBe(false);
    },
  );

  it("find what lies across the edge of two windows", () => {
    for (const before of [65_530, 65_536 - 5, 64_511, 64_512, 129_020]) {
      const text = `${"x".repeat(before - 1)} jane@acme.com ${"y".repeat(70_000)}`;
      expect([...windowsOf(text)].some((window) => isFound("jane@acme.com", window))).toBe(true);
    }
  });
});
