import { describe, expect, it } from "vitest";
import type { Rule, Transform } from "../../src/contracts.ts";
import { checkTransform, type TransformExam } from "../../src/testing/index.ts";
import * as door from "../../src/transforms/index.ts";

const {
  addNoise,
  bucketNumber,
  callService,
  chain,
  clampNumber,
  constant,
  custom,
  drawDates,
  drawNumber,
  encryptDigits,
  encryptId,
  encryptIp,
  encryptPhone,
  encryptText,
  fake,
  generalizeAge,
  generalizeDate,
  hash,
  jitterDates,
  ifInvalid,
  keep,
  maskText,
  keepIf,
  mapValues,
  nullIf,
  maskDomain,
  maskEmail,
  maskUrl,
  nullify,
  persona,
  pick,
  permuteDates,
  redact,
  resample,
  roundNumber,
  scramble,
  segments,
  shiftDates,
  shuffle,
  template,
  tokenize,
  when,
  xxh64,
  decode,
  maskArray,
  maskComposite,
  maskCsv,
  maskHstore,
  maskJson,
  maskList,
  maskPhp,
  maskQuery,
  maskRange,
  maskXml,
} = door;

type Sitting = readonly [name: string, rule: Rule, exam?: TransformExam];

/** Values of one form, for what looks into them. */
const within = (column: NonNullable<TransformExam["column"]>, write: (number: number) => string): TransformExam => ({
  column,
  values: [...Array.from({ length: 400 }, (_, number) => write(number)), null],
});

/** Texts with something to find in them. */
const TICKETS = ["Dear Jane", "jane@acme.com", "call +49 30 901820", "", null, "of subject 3", "4111 1111 1111 1111"];

/** Every transform with the options that change what it promises. A transform that is exported and not here fails the first test. */
const SITTINGS: Readonly<Record<string, readonly Sitting[]>> = {
  keep: [["as it is", keep("needs no mask")]],
  // It gives no value, and so promises nothing of one: its own test shows that it refuses.
  review: [],
  redact: [
    ["whole", redact()],
    ["both ends kept", redact({ keepFirst: 1, keepLast: 4 })],
    ["a fixed length", redact({ length: 6 })],
    ["a fixed length and ends", redact({ keepFirst: 2, keepLast: 2, length: 3, fill: "#" })],
    ["a fill of two characters", redact({ fill: "[]" })],
    ["a fill beyond the basic plane", redact({ fill: "🙂" })],
  ],
  nullify: [["everything", nullify()]],
  constant: [
    ["text", constant({ value: "n/a" })],
    ["a number", constant({ value: 7 })],
    ["true", constant({ value: true })],
    ["a date", constant({ value: "1970-01-01" })],
    ["nothing", constant({ value: "" })],
  ],
  hash: [
    ["hex", hash()],
    ["base64url", hash({ as: "base64url" })],
    ["integer", hash({ as: "integer" })],
    ["short hex", hash({ length: 8 })],
    ["short integer", hash({ as: "integer", length: 9 })],
    ["HMAC", hash({ algorithm: "hmac-sha256" })],
    ["HMAC as an integer", hash({ algorithm: "hmac-sha256", as: "integer" })],
    ["short HMAC", hash({ algorithm: "hmac-sha256", as: "base64url", length: 7 })],
  ],
  tokenize: [
    ["auto", tokenize()],
    ["a prefix", tokenize({ prefix: "cus_" })],
    ["short", tokenize({ length: 8 })],
    ["integers in text", tokenize({ as: "integer" })],
    ["uuid in text", tokenize({ as: "uuid" })],
  ],
  encryptId: [
    [
      "IBAN",
      encryptId({ scheme: "iban" }),
      {
        column: "text",
        values: ["DE89370400440532013000", "GB82 WEST 1234 5698 7654 32", "fr1420041010050500013m02606", null, ""],
      },
    ],
    ["BSN", encryptId({ scheme: "nl.bsn" }), { column: "integer", values: ["111222333", "10464554", null] }],
    ["PESEL", encryptId({ scheme: "pl.pesel" }), { column: "text", values: ["44051401359", "02070803628", null] }],
    ["UUID", encryptId({ scheme: "uuid" }), { column: "uuid" }],
  ],
  encryptPhone: [
    ["any country", encryptPhone(), { column: "text", values: ["+49 151 12345678", "+1 212 555 2368", null, ""] }],
    ["one country", encryptPhone({ country: "DE" }), { column: "text", values: ["0151 12345678", "+4915112345678", null] }],
  ],
  encryptDigits: [
    ["all", encryptDigits()],
    ["ends kept", encryptDigits({ keepFirst: 2, keepLast: 2 })],
    ["cards", encryptDigits({ keepFirst: 6, keepLast: 4, luhn: true })],
    ["luhn", encryptDigits({ luhn: true })],
  ],
  maskDomain: [
    ["class kept", maskDomain(), { column: "text", values: ["acme.com", "www.acme.co.uk", "localhost", "", null] }],
    ["class dropped", maskDomain({ keepSuffix: false })],
  ],
  maskEmail: [
    ["nobody's", maskEmail()],
    ["unique", maskEmail({ unique: true, host: "class", plusTags: "mask" })],
    ["a rule before the @", maskEmail({ host: "map", local: scramble() })],
  ],
  maskUrl: [
    ["all parts", maskUrl(), { column: "text", values: ["https://acme.com/users/17?q=1", "/users/18", "/", "", null] }],
    ["ids alone", maskUrl({ path: "ids" }), { column: "text", values: ["https://acme.com/users/17?q=1", "/users/18"] }],
  ],
  encryptIp: [
    ["networks kept", encryptIp()],
    ["texts of one spelling", encryptIp({ strict: true })],
    ["drawn from networks", encryptIp({ within: ["10.0.0.0/8", "2001:db8::/32"] })],
  ],
  encryptText: [
    ["alphanumeric", encryptText()],
    ["digits", encryptText({ alphabet: "digits" })],
    ["upper", encryptText({ alphabet: "upper" })],
    ["letters of my own", encryptText({ alphabet: "aeiou🙂" })],
  ],
  scramble: [["letters and digits", scramble()]],
  fake: [
    ["e-mail", fake("internet.email")],
    ["unique e-mail", fake("internet.email", { unique: true })],
    ["full name", fake("person.fullName")],
    ["unique full name", fake("person.fullName", { unique: true })],
    ["Japanese last name", fake("person.lastName", { locale: "ja" })],
    ["city", fake("location.city", { locale: "de" })],
    ["last name of the same script", fake("person.lastName", { keepScript: true })],
    ["phone", fake("phone.number")],
    ["number", fake("number.int", { arguments: [{ min: 1, max: 9 }] })],
    ["uuid", fake("string.uuid")],
    ["date", fake("date.birthdate")],
    ["truth", fake("datatype.boolean")],
    ["address", fake("internet.ip")],
    ["sentence", fake("lorem.sentence")],
  ],
  shuffle: [
    ["a window", shuffle({ window: 64 })],
    ["a group", shuffle({ group: "address" })],
  ],
  shiftDates: [
    ["by the date", shiftDates()],
    ["by a subject", shiftDates({ days: 30, by: "id" })],
    ["in another order", shiftDates({ order: "dmy" })],
    ["behind another date", shiftDates({ after: "created_at", gap: 1 })],
  ],
  jitterDates: [
    ["by the time", jitterDates()],
    ["by a subject, behind another time", jitterDates({ seconds: 60, by: "id", after: "created_at" })],
  ],
  generalizeDate: [
    ["months", generalizeDate()],
    ["hours", generalizeDate({ to: "hour" })],
    ["names of weeks", generalizeDate({ to: "week", as: "label" })],
    ["years of birth", generalizeDate({ to: "year", topAge: 90, at: "2025-01-01" })],
  ],
  generalizeAge: [
    ["ages", generalizeAge()],
    ["dates of birth", generalizeAge({ width: 5, at: "2025-01-01" })],
  ],
  drawDates: [["usual bounds", drawDates()]],
  permuteDates: [
    ["usual bounds", permuteDates()],
    ["own bounds", permuteDates({ min: "1950-01-01", max: "2010-12-31" })],
  ],
  addNoise: [
    ["a share", addNoise()],
    ["an amount", addNoise({ amount: 5 })],
    ["bounds", addNoise({ ratio: 0.5, min: 1, max: 1000 })],
    ["by a subject", addNoise({ by: "id" })],
    ["a sum", addNoise({ keepSum: 50 })],
  ],
  bucketNumber: [
    ["of a width", bucketNumber({ width: 10 })],
    ["between bounds", bucketNumber({ bounds: [18, 65], as: "middle" })],
    ["with names", bucketNumber({ bounds: [0], labels: ["debt", "credit"] })],
    ["of samples", bucketNumber({ samples: [1, 5, 9, 100], count: 2 })],
  ],
  clampNumber: [["both ends", clampNumber({ min: 10, max: 1000 })]],
  drawNumber: [
    ["usual bounds", drawNumber()],
    ["own bounds", drawNumber({ min: -5, max: 5 })],
  ],
  roundNumber: [
    ["to tens", roundNumber({ to: 10 })],
    ["down", roundNumber({ to: 1000, mode: "down" })],
  ],
  pick: [
    ["texts", pick({ from: ["gold", "silver", "bronze"] }), { column: "text" }],
    ["weighted numbers", pick({ from: [1, 2, 3], weights: [5, 0, 1] }), { column: "integer" }],
    ["labels", pick(), { column: { kind: "enum", labels: ["red", "green", "blue"] } }],
    [
      "labels of a set",
      pick(),
      { column: { kind: "enum", type: "set('red','green','blue')", labels: ["red", "green", "blue"] } },
    ],
    ["weighted labels", pick({ weights: { red: 2, blue: 1 } }), { column: { kind: "enum", labels: ["red", "green", "blue"] } }],
  ],
  mapValues: [
    ["texts", mapValues({ map: { Jane: "Ann", ana: "Jane", x: null } }), { column: "text" }],
    ["a swap", mapValues({ map: { red: "blue", blue: "red" } }), { column: { kind: "enum", labels: ["red", "green", "blue"] } }],
    ["another rule for the rest", mapValues({ map: { Jane: "Ann" }, unmatched: hash() }), { column: "text" }],
    ["integers", mapValues({ map: { 42: 7 }, unmatched: nullify() }), { column: "integer" }],
  ],
  resample: [
    ["common values", resample({ window: 64 }), { column: { kind: "enum", labels: ["red", "green", "blue"] } }],
    ["rare ones merged", resample({ window: 64, fewest: 2, rare: "other" }), { column: "text" }],
  ],
  xxh64: [
    ["hex", xxh64()],
    ["short base64url", xxh64({ as: "base64url", length: 6 })],
    ["integer", xxh64({ as: "integer" })],
  ],
  maskText: [
    ["all that it finds", maskText(), { column: "text", values: TICKETS }],
    ["the row's values", maskText({ replace: ["first"], rest: "keep" }), { column: "text", values: TICKETS }],
    [
      "rules for the row's values and for words",
      maskText({ replaceBy: { last: fake("person.lastName") }, words: ["subject"], patterns: { word: hash() } }),
      { column: "text", values: TICKETS },
    ],
  ],
  persona: [
    ["of the value", persona({ field: "fullName" })],
    ["of a subject", persona({ field: "email", by: "id" })],
    ["unique", persona({ field: "userName", by: "id", unique: true })],
    ["a gender in words", persona({ field: "gender", coding: ["he", "she"] })],
    ["of each script", persona({ field: "lastName", by: "id", scriptOf: "name", localeFrom: "land" })],
    ["a place", persona({ field: "longitude", by: "id" })],
    ["a day", persona({ field: "birthDate", by: "id" })],
  ],
  chain: [
    // On fewer characters, as of a padded column, nothing is left that a key decides.
    ["digits, then stars", chain([encryptDigits(), redact({ keepLast: 2 })]), { column: { kind: "text" } }],
  ],
  callService: [["a service", callService(async (values) => values.map((value) => value.slice(0, 1))), { column: "text" }]],
  when: [
    ["by the value", when({ if: "value ~ '^[a-m]'", then: hash(), else: redact() })],
    ["by the row", when({ if: "id like '%3'", then: tokenize(), else: hash() })],
    ["one kept", when({ if: "id like '%3'", then: keep(), else: hash() })],
    ["by a function", when({ if: ({ id }) => id === "subject 3", reads: ["id"], then: hash(), else: redact() })],
  ],
  keepIf: [
    ["by values", keepIf({ values: ["0", "1"], else: tokenize() })],
    ["by a pattern", keepIf({ matches: "[a-m].*", else: hash() })],
  ],
  nullIf: [["by a pattern", nullIf({ matches: "[a-m].*", else: hash() })]],
  ifInvalid: [["mail addresses", ifInvalid({ valid: "email", then: redact(), else: fake("internet.email") })]],
  template: [
    [
      "masked and original columns",
      template({ text: "{{masked.first | lower}} {{original.id | first 1}}." }),
      { column: "text" },
    ],
    ["a column of numbers", template({ text: '{{original.id | last 1 | pad 2 "1"}}' }), { column: "integer" }],
  ],
  segments: [
    ["the rest redacted", segments({ pattern: "([^]{0,3})([^]*)", groups: { 1: hash({ length: 3 }) } })],
    ["the rest kept", segments({ pattern: "([^]{0,3})([^]*)", groups: { 2: fake("person.firstName") }, others: "keep" })],
  ],
  maskJson: [
    [
      "some leaves",
      maskJson({ paths: { "$.a": scramble(), "$..b": encryptDigits({ onUnsupported: "redact" }) } }),
      within("json", (n) => `{"a": "name ${n}", "b": [${n + 1000}, "${n}", null], "c": true}`),
    ],
    [
      "every leaf",
      maskJson({ paths: { $: redact() }, others: "redact", asText: true }),
      within("text", (n) => `[{"a": ${n}}, "b${n}"]`),
    ],
  ],
  maskXml: [
    [
      "text and attributes",
      maskXml({ paths: { "//a": scramble(), "//@b": hash() } }),
      within("xml", (n) => `<x b="${n}"><a>a${n}</a></x>`),
    ],
  ],
  maskPhp: [["a member", maskPhp({ paths: { "$.a": hash() } }), within("text", (n) => `a:1:{s:1:"a";s:3:"${n + 100}";}`)]],
  maskArray: [
    ["text", maskArray({ items: scramble() }), within("array", (n) => `{"a ${n}",NULL,b${n}}`)],
    ["integers", maskArray({ items: tokenize() }), within({ kind: "array", type: "bigint[]" }, (n) => `{${n},NULL}`)],
  ],
  maskHstore: [["a key", maskHstore({ keys: { a: fake("internet.email") } }), within("other", (n) => `"a"=>"${n}", "b"=>NULL`)]],
  maskComposite: [["a field", maskComposite({ fields: { 1: scramble() } }), within("other", (n) => `(${n},"a ${n}",)`)]],
  maskRange: [
    [
      "dates",
      maskRange({ bounds: shiftDates() }),
      within({ kind: "other", type: "daterange" }, (n) => `[${2000 + n}-01-05,${2000 + n}-02-05)`),
    ],
    ["by a subject", maskRange({ bounds: shiftDates({ by: "id" }) }), within("text", (n) => `[${2000 + n}-01-05,)`)],
  ],
  maskList: [["items", maskList({ items: scramble(), separator: ";" }), within("text", (n) => `a${n}; b ${n}`)]],
  maskCsv: [["a column", maskCsv({ columns: { mail: hash() }, header: true }), within("text", (n) => `id,mail\n${n},"m${n}"\n`)]],
  maskQuery: [["a parameter", maskQuery({ parameters: { a: scramble() } }), within("text", (n) => `/x?a=%C3%A9${n}&b=${n}`)]],
  decode: [
    ["Base64", decode({ then: scramble() }), within("text", (n) => Buffer.from(`name ${n}`).toString("base64"))],
    [
      "bytes that may become NULL",
      decode({ as: "hex", then: encryptDigits({ onUnsupported: "nullify" }) }),
      within("bytes", (n) => `\\x${Buffer.from(`${n * 10}`).toString("hex")}`),
    ],
  ],
  custom: [
    ["a function of the value", custom((value) => value.slice(0, 1)), { column: "text" }],
    [
      "a function of the row",
      custom((value, { row }) => `${value.length % 9}${row.id!.at(-1)}`, { reads: ["id"] }),
      { column: "text" },
    ],
  ],
};

const exported = Object.values(door).flatMap((value): Transform[] =>
  typeof value === "function" && "transform" in value ? [value.transform] : [],
);

describe("every exported transform", () => {
  it("is on the list", () => {
    expect(Object.keys(SITTINGS).sort()).toEqual(exported.map(({ name }) => name).sort());
    for (const [name, sittings] of Object.entries(SITTINGS))
      for (const [, rule] of sittings) expect(rule.transform.name).toBe(name);
  });

  for (const [name, sittings] of Object.entries(SITTINGS)) {
    for (const [what, rule, exam] of sittings) {
      it(`keeps what it promises: ${name}, ${what}`, async () => {
        expect(await checkTransform(rule, exam)).toEqual([]);
      });
    }
  }
});
