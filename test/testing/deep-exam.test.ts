import { describe, expect, it } from "vitest";
import { checkTransform } from "../../src/testing/index.ts";
import { typicalColumn } from "../../src/testing/typical-columns.ts";
import { defineTransform, eachValue } from "../../src/transforms/define-transform.ts";
import { luhnDigit } from "../../src/transforms/ids/luhn.ts";
import { SITTINGS } from "../sittings/all-sittings.ts";

const promises = {
  deterministic: true,
  uniqueness: { kind: "preserved" },
  reversible: true,
  preservesLength: true,
  changesInput: "not-promised",
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
});

/** A million each where asked for (npm run test:deep): as many everywhere would take CI minutes. */
const COUNT = process.env.DEEP_EXAM === "1" ? 1_000_000 : 2_000;

/** As rare as one collision by chance among so many may be. */
const NEVER = 1e-6;

const digits = (index: number, width: number) => String(index).padStart(width, "0");

/** The first 15 digits of a card, and the last one worked out. */
const card = (index: number) => {
  const before = String(400_000_000_000_000 + index * 7919);
  return before + luhnDigit(before, "");
};

/** A BSN (11-proof): of two numbers that differ in their last digit by one, one at least has a check digit. */
function bsn(index: number): string {
  const checkOf = (before: string) => [...before].reduce((sum, digit, place) => sum + Number(digit) * (9 - place), 0) % 11;
  const before = 10_000_000 + index * 2;
  const first = checkOf(String(before));
  return first < 10 ? `${before}${first}` : `${before + 1}${checkOf(String(before + 1))}`;
}

/** A PESEL: somebody born from 1950 on, with a serial number and a check digit. */
function pesel(index: number): string {
  const born = new Date(Date.UTC(1950, 0, 1 + Math.floor(index / 10_000))).toISOString();
  const before = born.slice(2, 10).replaceAll("-", "") + digits(index % 10_000, 4);
  const sum = [...before].reduce((total, digit, place) => total + Number(digit) * [1, 3, 7, 9][place % 4]!, 0);
  return `${before}${(10 - (sum % 10)) % 10}`;
}

/** Values that a transform takes, by their number, where it does not take any text, integer or UUID. */
const FORMS: Readonly<Record<string, (index: number) => string>> = {
  "encryptId, IBAN": (index) => {
    const bban = `37040044${digits(index, 10)}`;
    return `DE${digits(98 - Number(BigInt(`${bban}131400`) % 97n), 2)}${bban}`;
  },
  "encryptId, BSN": bsn,
  "encryptId, PESEL": pesel,
  "encryptDigits, cards": card,
  "encryptDigits, luhn": card,
  "encryptPhone, any country": (index) => `+4915${digits(100_000_000 + index, 9)}`,
  "encryptPhone, one country": (index) => `015${digits(100_000_000 + index, 9)}`,
  "encryptIp, texts of one spelling": (index) => [203, (index >> 16) & 255, (index >> 8) & 255, index & 255].join("."),
  "maskEmail, unique": (index) => `jane${index}@acme.com`,
  "tokenize, integers in text": (index) => String(index + 1),
  "encryptDigits, ends kept": (index) => String(10 ** 11 + index * 100),
  "unique, mail addresses": (index) => `jane${index}@acme.com`,
};

/** There are fewer days than a million, and a map has as many texts as somebody wrote: their own tests go through them all. */
const FEW = new Set(["permuteDates", "mapValues"]);

const KINDS = ["text", "integer", "uuid", "network"] as const;
const ONE = { text: "Jo-4711 B", integer: "4711", uuid: "3f2504e0-4f89-41d3-9a0c-0305e82c3301", network: "192.0.2.1" };

describe("a million different values", () => {
  for (const [transform, sittings] of Object.entries(SITTINGS))
    for (const [what, rule, exam] of sittings) {
      const name = `${transform}, ${what}`;
      if (FEW.has(transform)) continue;
      for (const kind of exam?.column === undefined ? KINDS : [exam.column]) {
        const column = typeof kind === "string" ? typicalColumn(kind) : typicalColumn(kind.kind, kind);
        if (!rule.transform.accepts.includes(column.kind) || rule.transform.checkColumn(rule.options, column).length > 0)
          continue;
        // What a generic fake gives cannot stand in them, and is refused when it is prepared.
        if (transform === "fake" && column.kind !== "text" && column.kind !== "uuid") continue;
        const { uniqueness } = rule.transform.guarantees(rule.options, column);
        if (uniqueness.kind === "lossy" || rule.transform.windowRows(rule.options) > 1) continue;
        if (uniqueness.kind === "unlikely-lost" && COUNT ** 2 / 2 ** (uniqueness.bits + 1) > NEVER) continue;
        const write = FORMS[name];
        const distinct = write === undefined ? COUNT : { count: COUNT, write };
        it(`do not meet: ${name}, on ${column.kind}`, { timeout: 240_000 }, async () => {
          const one = Object.entries(ONE).flatMap(([kind, value]) => (kind === column.kind ? [value] : []));
          const values = write === undefined ? (exam?.values?.slice(0, 2) ?? one) : [write(1), write(2)];
          expect(await checkTransform(rule, { column: kind, values, distinct })).toEqual([]);
        });
      }
    }
});
