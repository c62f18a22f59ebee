import { describe, expect, it } from "vitest";
import { loadClassifier } from "../../src/discover/classify-column.ts";
import { sampleOf } from "./sampled-column.ts";

const classify = await loadClassifier();

type Shape = Parameters<typeof sampleOf>[2];
type Case = readonly [name: string, values: readonly string[], shape?: Shape];

const many = (write: (index: number) => string) => Array.from({ length: 24 }, (_, index) => write(index));
/** Numbers that look random and are the same every time. */
const mixed = (index: number, below: number) => ((index + 3) * 7_919 * 104_729) % below;

function withArticleDigit(digits: string): string {
  const sum = [...digits].reverse().reduce((all, digit, at) => all + Number(digit) * (at % 2 === 0 ? 3 : 1), 0);
  return `${digits}${(10 - (sum % 10)) % 10}`;
}

function taj(index: number): string {
  const digits = String(10_000_000 + mixed(index, 89_000_000));
  return `${digits}${[...digits].reduce((sum, digit, at) => sum + Number(digit) * (at % 2 === 0 ? 3 : 7), 0) % 10}`;
}

const PERSONAL: readonly (readonly [kind: string, name: string, values: readonly string[], shape?: Shape])[] = [
  ["insuranceNumber", "krankenversichertennummer", many((index) => `A${100_000_000 + mixed(index, 899_999_999)}`)],
  ["bankAccount", "kto_nr", many((index) => String(1_000_000 + mixed(index, 8_999_999)))],
  ["drivingLicence", "permiso_conducir", many((index) => `${10_000_000 + mixed(index, 8_999_999)}Z`)],
  ["cardNumber", "last4", many((index) => String(mixed(index, 10_000)).padStart(4, "0"))],
  ["taxId", "employer_id", many((index) => String(100_000_000 + mixed(index, 899_999_999))), { table: "payers" }],
  ["licencePlate", "registration_number", many((index) => `GE${10 + mixed(index, 89)} ZHM`), { table: "fleet" }],
  ["healthCode", "ndc", many((index) => `${10_000 + mixed(index, 89_999)}-1560-90`)],
  ["ipAddress", "ip_long", many((index) => String(2_000_000_000 + mixed(index, 900_000_000))), { kind: "integer" }],
  ["imei", "iccid", many((index) => `8949${10_000_000_000_000 + mixed(index, 89_999_999) * 1_000_001}0`)],
  ["imei", "imsi", many((index) => `2620117${10_000_000 + mixed(index, 8_999_999)}`)],
  ["macAddress", "wifi_mac_addr", many((index) => `00:1b:63:84:45:${(16 + index).toString(16)}`)],
  ["health", "disability_flag", ["Y", "N"], { table: "employees" }],
  ["health", "hiv_status", ["t", "f"], { table: "patients", kind: "boolean" }],
  ["health", "is_smoker", ["t", "f"], { table: "patients", kind: "boolean" }],
  ["region", "st", ["NY", "CA", "TX", "WA", "OR", "FL"], { table: "customers" }],
  ["nationalId", "c7", many(taj)],
  ["document", "j", many((index) => `{"lat":${50 + index / 7},"lng":${10 + index / 9}}`), { kind: "json" }],
  ["document", "j", many((index) => `{"type":"Point","coordinates":[${50 + index / 7},${10 + index / 9}]}`), { kind: "json" }],
  [
    "postalAddress",
    "home",
    many((index) => `("${index + 1} Main Street",Berlin,10${100 + index})`),
    { kind: "other", type: "public.addr" },
  ],
  [
    "email",
    "c",
    many((index) => `(${index},"jane ""j"" ${index}",jane${index}@example.com)`),
    { kind: "other", type: "contact" },
  ],
  ["coordinates", "spot", many((index) => `(${50 + index / 7},${10 + index / 9})`), { kind: "other", type: "point" }],
  ["fullName", "responsible", ["Maria Garcia", "Peter Schmidt", "Anna Müller"], { table: "choices" }],
  ["fullName", "responsible", ["Maria Garcia"], { table: "choices" }],
];

const HARMLESS: readonly Case[] = [
  ["logo", many((index) => `\\x89504e470d0a1a0a0000000d49484452${(4096 + index).toString(16)}`), { kind: "bytes" }],
  ["product_image", many((index) => `\\xffd8ffe000104a464946${(4096 + index).toString(16)}`), { kind: "bytes" }],
  ["part_code", many((index) => `B${10 + mixed(index, 89)}.${index % 10}`)],
  ["error_code", many((index) => `E${10 + mixed(index, 89)}.${index % 10}`)],
  ["upc", many((index) => withArticleDigit(String(6_000_000_000 + mixed(index, 999_999_999)).padStart(11, "0")))],
  ["gtin", many((index) => withArticleDigit(`0978${100_000_000 + mixed(index, 899_999_999)}`))],
  ["release", many((index) => `{"id":${index},"version":"10.2.${index}.${1000 % (index + 40)}"}`), { kind: "json" }],
  ["price_id", many((index) => `price_8S${mixed(index, 99_999)}XMQu8ZSEz53wFCm6S${index}`)],
  [
    "course_code",
    many((index) => `${["PTC", "MAT", "BIO", "CHE"][index % 4]}${String.fromCharCode(65 + index)} ${100 + index * 7}`),
  ],
  ["ship_via", ["1", "2", "3"], { table: "orders", beside: ["ship_address", "ship_city", "ship_postal_code"] }],
  ["ship_via", ["1", "2", "3"], { table: "orders", kind: "integer", beside: ["ship_address", "ship_city", "ship_postal_code"] }],
  ["address", many((index) => `0x${(65_536 + index * 4_099).toString(16)}`), { table: "inventory" }],
  ["race", ["sprint", "marathon", "relay"], { table: "inventory" }],
  ["position", many((index) => `(${400 + index * 31},${900 - index * 17})`), { kind: "other", type: "point" }],
  ["is_archived", ["t", "f"], { kind: "boolean", table: "patients" }],
  ["st", ["A", "C", "D", "O"], { table: "jobs" }],
  ["responsible", ["Red Rose", "Blue Moon", "Green Day"], { table: "choices" }],
];

describe("what harmless columns are told apart from", () => {
  it.each(PERSONAL.map(([kind, ...given]) => ({ kind, name: given[0], given })))("$kind: $name", ({ kind, given }) => {
    const found = classify(sampleOf(...given));
    expect(found).toMatchObject({ kind });
    expect(found.decision).not.toBe("keep");
  });

  it.each(HARMLESS.map((given) => ({ name: given[0], given })))("nothing: $name", ({ given: [name, values, shape] }) => {
    expect(classify(sampleOf(name, values, shape))).toMatchObject({ kind: null, decision: "keep" });
  });

  it("deals a yes or no out, so that it stays one", () => {
    const found = classify(sampleOf("is_pregnant", ["t", "f"], { table: "patients", kind: "boolean" }));
    expect(found).toMatchObject({ kind: "health", rule: { transform: "shuffle" } });
  });

  it("takes nothing that is no composite value for one", () => {
    for (const text of ["(", "()", "(a", "a,b)", '("a"b",c)', `(${"(".repeat(5_000)})`, `("${"\\".repeat(5_001)}")`])
      expect(() => classify(sampleOf("c", [text, `${text} `], { kind: "other", type: "thing" }))).not.toThrow();
  });
});
