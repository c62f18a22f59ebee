import { describe, expect, it } from "vitest";
import type { Rule } from "../../src/contracts.ts";
import {
  chain,
  encryptDigits,
  encryptId,
  encryptIp,
  encryptPhone,
  encryptText,
  fake,
  hash,
  keep,
  permuteDates,
  scramble,
  tokenize,
} from "../../src/transforms/index.ts";
import { INT4, type MaskSettings, maskValues, revealValues } from "../transforms/mask-values.ts";

const CARDS = ["4111-1111-1111-1111", "5555555555554444", null, ""];
const TEXTS = ["Jane Doe", "AB-1029-x", "x", "42", "Ωμέγα 7", null, ""];
const KEYS = ["1", "42", "-7", "0", "2147483647", null];

const ROUND_TRIPS: readonly (readonly [string, Rule, readonly (string | null)[], MaskSettings?])[] = [
  ["digits", encryptDigits(), [...CARDS, "10", "123456789012345678901234"]],
  ["the digits of cards", encryptDigits({ keepFirst: 6, keepLast: 4, luhn: true }), CARDS],
  ["few digits between kept ones", encryptDigits({ keepFirst: 2, keepLast: 2 }), ["123456", "99-88-77"]],
  ["integers within their column", encryptDigits(), ["42", "-1234567", "2000000000"], { column: INT4 }],
  ["text", encryptText(), ["Jane Doe", "AB-1029-x", "x", "x".repeat(90)]],
  ["scrambled text", scramble(), [...TEXTS, "a longer line of text, with 12 words or so in it, and more to come"]],
  ["integer tokens", tokenize(), KEYS, { column: INT4 }],
  ["large integer tokens", tokenize(), ["9223372036854775807", "17"], { column: { kind: "integer", type: "bigint" } }],
  ["cards", encryptId({ scheme: "card" }), ["4111-1111-1111-1111", "378282246310005", null, ""]],
  [
    "IBANs beside a bank that is kept",
    encryptId({ scheme: "iban", keep: true }),
    ["GB82 WEST 1234 5698 7654 32", "de89370400440532013000"],
  ],
  ["identifiers behind a country", encryptId({ scheme: "gr.afm" }), ["EL094259216", "094259216"]],
  ["numbers without their first zero", encryptId({ scheme: "nl.bsn" }), ["111222333", "10464554"], { column: INT4 }],
  ["identifiers of a pattern", encryptId({ scheme: "/[A-Z]{2}-\\d{4}/" }), ["AB-0042", "ZZ-9999"]],
  ["phone numbers", encryptPhone({ country: "DE" }), ["0151 12345678", "+49 (0)30 901820", "+1 212-555-2368", null, ""]],
  ["addresses", encryptIp(), ["198.51.100.17", "2001:DB8::/32", "10.0.0.1"], { column: "network" }],
  ["days", permuteDates(), ["1987-03-14", "2024-02-29", null], { column: "date" }],
  ["what was kept on the way", chain([keep(), scramble()]), TEXTS],
  ["a chain of them", chain([encryptDigits(), scramble()]), CARDS],
  ["one under a domain of its own", encryptDigits({ domain: "cards" }), CARDS],
];

describe("revealColumn", () => {
  for (const [what, rule, values, settings] of ROUND_TRIPS) {
    it(`gives back ${what}`, async () => {
      const masked = await maskValues(rule, values, settings);
      expect(masked).not.toEqual(values);
      expect(await revealValues(rule, masked, settings)).toEqual(values);
    });
  }

  it("does not give them back under another key", async () => {
    const other = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
    const masked = await maskValues(encryptDigits(), ["4111111111111111"]);
    expect(await revealValues(encryptDigits(), masked, { key: other })).not.toEqual(["4111111111111111"]);
  });

  it("refuses what has no way back", async () => {
    for (const rule of [hash(), fake("internet.email"), tokenize(), chain([scramble(), hash()])])
      await expect(revealValues(rule, ["x"])).rejects.toMatchObject({ code: "REVEAL_REFUSED", column: "masked" });
    const covered = chain([encryptDigits({ onUnsupported: "redact" })]);
    await expect(revealValues(covered, ["12"])).rejects.toMatchObject({ code: "REVEAL_REFUSED" });
  });

  it("tells of a value that the mask cannot have given by its ordinal alone", async () => {
    const refusal = await revealValues(encryptDigits({ onUnsupported: "redact" }), ["12", "canary"]).catch(
      (error: unknown) => error,
    );
    expect(refusal).toMatchObject({ code: "VALUE_UNSUPPORTED", row: 2 });
    expect(JSON.stringify(refusal) + String(refusal)).not.toContain("canary");
  });
});
