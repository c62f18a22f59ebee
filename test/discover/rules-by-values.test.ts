import { describe, expect, it } from "vitest";
import { loadClassifier } from "../../src/discover/classify-column.ts";
import { ruleOfSuggestion } from "../../src/discover/propose/suggested-rule.ts";
import { prepareMask } from "../../src/testing/prepare-mask.ts";
import { TEST_KEY } from "../test-key.ts";
import { sampleOf } from "./sampled-column.ts";

const classify = await loadClassifier();

type Shape = Parameters<typeof sampleOf>[2];

const many = (write: (index: number) => string) => Array.from({ length: 24 }, (_, index) => write(index));
const found = (name: string, values: readonly string[], shape?: Shape) => classify(sampleOf(name, values, shape));
const ruleFor = (name: string, values: readonly string[], shape?: Shape) => found(name, values, shape).rule;

/** ISO 7064, as in an IBAN. */
function dutchIban(index: number): string {
  const account = `ABNA${String(417_164_300 + index * 37).padStart(10, "0")}`;
  const rest = [...`${account}NL00`].reduce((all, sign) => Number(`${all}${Number.parseInt(sign, 36)}`) % 97, 0);
  return `NL${String(98 - rest).padStart(2, "0")}${account}`;
}

/** Eleven divides the weighted sum of a valid one. */
function bsn(index: number): string {
  const weights = [9, 8, 7, 6, 5, 4, 3, 2, -1];
  for (let number = 111_222_000 + index * 1_117; ; number++) {
    const sum = [...String(number)].reduce((all, digit, at) => all + Number(digit) * weights[at]!, 0);
    if (sum % 11 === 0) return String(number);
  }
}

function card(index: number): string {
  const digits = `411111${String(100_000_000 + index * 7_919)}`;
  const sum = [...digits].reverse().reduce((all, digit, at) => {
    const doubled = Number(digit) * (at % 2 === 0 ? 2 : 1);
    return all + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return `${digits}${(10 - (sum % 10)) % 10}`;
}

const ssn = (index: number) => `${219 + index}-0${1 + (index % 9)}-${1_000 + index * 31}`;

const IDS: readonly (readonly [scheme: string, column: string, values: readonly string[]])[] = [
  ["iban", "iban", many(dutchIban)],
  ["card", "card_number", many(card)],
  ["us.ssn", "ssn", many(ssn)],
  ["nl.bsn", "bsn", many(bsn)],
  ["postcode.nl", "postcode", many((index) => `${1_000 + index * 37} AB`)],
  ["mac", "mac_address", many((index) => `00:1b:63:84:45:${(16 + index).toString(16)}`)],
];

describe("what is proposed for numbers of persons", () => {
  it.each(IDS)("is another valid one of %s, and stars for what is none", (scheme, column, values) => {
    expect(ruleFor(column, values)).toEqual({ transform: "encryptId", options: { scheme, onUnsupported: "redact" } });
  });

  it.each(IDS.filter(([scheme]) => !scheme.startsWith("postcode.")))(
    "keeps unique ones of %s apart, and stops at what is none",
    (scheme, column, values) => {
      expect(ruleFor(column, values, { isUnique: true })).toEqual({ transform: "encryptId", options: { scheme } });
    },
  );

  it("is NULL for one of an integer column that is not valid, and nothing where NULL may not be", () => {
    expect(ruleFor("bsn", many(bsn), { kind: "integer" })?.options).toEqual({ scheme: "nl.bsn", onUnsupported: "nullify" });
    expect(ruleFor("bsn", many(bsn), { kind: "integer", nullable: false })?.options).toEqual({ scheme: "nl.bsn" });
  });

  it("are the same signs in other places where one in ten or more are of no scheme, and where nobody names one", () => {
    const scrambled = { transform: "scramble", options: { onUnsupported: "redact" } };
    expect(
      ruleFor(
        "bsn",
        many((index) => (index % 5 === 0 ? `${index}-${index}-X` : bsn(index))),
      ),
    ).toEqual(scrambled);
    expect(
      ruleFor(
        "national_id",
        many((index) => `QX-${1_000 + index * 7_919}`),
      ),
    ).toEqual(scrambled);
    expect(
      ruleFor(
        "national_id",
        many((index) => `QX-${1_000 + index * 7_919}`),
        { isUnique: true },
      ),
    ).toEqual({
      transform: "scramble",
      options: {},
    });
  });

  it("are the same signs in other places for the postcodes of several countries alike", () => {
    expect(
      ruleFor(
        "postcode",
        many((index) => String(10_000 + index * 37)),
      )?.transform,
    ).toBe("scramble");
  });
});

describe("what is proposed for phone numbers", () => {
  const international = many((index) => `+49301234${5_000 + index * 37}`);
  const national = many((index) => `030 1234${5_000 + index * 37}`);

  it("is a number of nobody's", () => {
    for (const values of [international, national])
      expect(ruleFor("phone", values)).toEqual({ transform: "fake", options: { path: "phone.number" } });
  });

  it("is one to one where they are unique: valid numbers for those of one form, digits for the others", () => {
    expect(ruleFor("phone", international, { isUnique: true })).toEqual({ transform: "encryptPhone", options: {} });
    expect(ruleFor("phone", national, { isUnique: true })).toEqual({ transform: "encryptDigits", options: {} });
    expect(ruleFor("phone", [...international, national[0]!], { isUnique: true })?.transform).toBe("encryptDigits");
  });

  it("is other digits where the column holds numbers only", () => {
    const values = national.map((value) => value.replace(/\D/g, ""));
    expect(ruleFor("phone", values, { kind: "integer" })).toEqual({ transform: "encryptDigits", options: {} });
  });
});

describe("what is proposed for dates of birth", () => {
  const iso = many((index) => `${1960 + index}-03-${10 + (index % 20)}`);
  const american = many((index) => `${10 + (index % 3)}/${21 + (index % 8)}/${1960 + index}`);
  const german = many((index) => `${13 + (index % 9)}.${10 + (index % 3)}.${1960 + index}`);

  it("moves them, in a column of dates, times or texts, and in the order that they are written in", () => {
    const moved = { transform: "shiftDates", options: { days: 180 } };
    expect(ruleFor("date_of_birth", iso, { kind: "date" })).toEqual(moved);
    expect(
      ruleFor(
        "date_of_birth",
        iso.map((day) => `${day} 00:00:00`),
        { kind: "timestamp" },
      ),
    ).toEqual(moved);
    expect(ruleFor("date_of_birth", iso)?.options).toEqual({ days: 180, onUnsupported: "redact" });
    expect(ruleFor("date_of_birth", american)?.options).toEqual({ days: 180, order: "mdy", onUnsupported: "redact" });
    expect(ruleFor("date_of_birth", german)?.options).toEqual({ days: 180, order: "dmy", onUnsupported: "redact" });
  });

  it("exchanges unique ones, which moving by a few months would let meet", () => {
    const exchanged = { transform: "permuteDates", options: { max: "2029-12-31" } };
    expect(ruleFor("date_of_birth", iso, { kind: "date", isUnique: true })).toEqual(exchanged);
    expect(ruleFor("date_of_birth", iso, { isUnique: true })).toEqual(exchanged);
    expect(ruleFor("date_of_birth", american, { isUnique: true })?.options).toEqual({ order: "mdy" });
  });

  it("adds noise to years alone", () => {
    const years = iso.map((day) => day.slice(0, 4));
    expect(ruleFor("birth_year", years, { kind: "integer" })).toEqual({ transform: "addNoise", options: { amount: 5 } });
  });
});

describe("the rule that is proposed for numbers and dates", () => {
  const COLUMNS: readonly (readonly [column: string, values: readonly string[]])[] = [
    ...IDS.map(([, column, values]) => [column, values] as const),
    ["phone", many((index) => `+49301234${5_000 + index * 37}`)],
    ["date_of_birth", many((index) => `${1960 + index}-03-${10 + (index % 20)}`)],
  ];

  it.each(COLUMNS)("changes every %s that it was proposed for, and keeps unique ones unique", async (name, values) => {
    for (const isUnique of [false, true]) {
      const sample = sampleOf(name, values, { isUnique });
      const mask = await prepareMask(ruleOfSuggestion(classify(sample).rule!)!, { key: TEST_KEY, column: sample.column });
      const masked = await mask(values);
      expect(masked.filter((value, row) => value == null || value === values[row])).toEqual([]);
      if (isUnique) expect(new Set(masked).size).toBe(values.length);
    }
  });
});
