import type { Peer } from "./peer.ts";

export const GDPR_DUMP: Peer = {
  name: "gdpr-dump",
  version: "5.0.5",
  transforms: [
    [
      "anonymizeText",
      '`redact({ keepFirst: 1 })`, `maskText({ rest: "redact" })`',
      "The first character of each word is not kept, only that of the value: initials tell names.",
    ],
    ["anonymizeEmail", "`maskEmail({ local: redact({ keepFirst: 1 }) })`"],
    ["anonymizeNumber", "`redact({ keepFirst: 1 })`, `encryptDigits({ keepFirst: 1 })`"],
    [
      "anonymizeDate, anonymizeDateTime",
      '`generalizeDate({ to: "year" })`, `shiftDates({ days: 180 })`',
      "A random day of the same year is not there: a year alone, or a shift.",
    ],
    ["numberBetween", "`drawNumber({ min: 1, max: 100 })`"],
    [
      "randomDate, randomDateTime",
      '`drawDates({ min: "1950-01-01", max: "2005-12-31" })`',
      "The form of the date is the original's.",
    ],
    ["randomText", "`tokenize({ length: 12 })`, `encryptText()`"],
    ["randomEmail", '`fake("internet.email")`'],
    ["setNull, setValue", '`nullify()`, `constant({ value: "x" })`'],
    [
      "randomizeText, randomizeNumber",
      "`encryptText()`, `scramble()`, `encryptDigits()`",
      "Of the same length, and unique where the original is.",
    ],
    ["randomizeEmail", "`maskEmail({ local: scramble() })`"],
    [
      "appendText, prependText",
      '`template({ text: "test_{{value}}", allowOriginals: ["value"] })`',
      "Shows the original, so it must be allowed; behind a mask it stands as a step of `chain`.",
    ],
    ["hash, hashText, hashEmail", "`hash()`, `maskEmail({ local: hash({ length: 16 }) })`", "Keyed."],
    ["replace", '`mapValues({ map: { active: "open" } })`', "Whole values; a part of a value that has a form: `segments`."],
    [
      "regexReplace",
      '`segments({ pattern: "(\\\\d+)-(.*)", groups: { 1: encryptDigits() } })`',
      "The pattern matches the whole value. Every occurrence inside of a text is not covered: `custom` does that in code.",
    ],
    ["toLower, toUpper", '`template({ text: "{{masked.name | lower}}" })`'],
    ["faker", '`fake("internet.email")`'],
    ["jsonData", '`maskJson({ paths: { "$.email": fake("internet.email") } })`'],
    ["serializedData", '`maskPhp({ paths: { "$.email": fake("internet.email") } })`'],
    ["chain", "`chain([encryptDigits(), redact({ keepLast: 4 })])`"],
    ["conditional, condition", "`when({ if: \"country = 'DE'\", then: encryptDigits(), else: redact() })`"],
    [
      "fromContext",
      '`template({ text: "{{masked.first_name}}" })`, `custom((value, { row }) => value, { reads: ["country"] })`',
      "Variables from SQL are not there.",
    ],
    [
      "cache, cache_key",
      '`fake("internet.email", { domain: "people" })`',
      "Needs no memory: one key and domain give the same result in every table, in this run and the next.",
    ],
    [
      "unique",
      '`fake("internet.email", { unique: true })`, `maskEmail({ unique: true })`, `unique({ rule: fake("internet.username") })`',
      "By 64 keyed bits, without retries.",
    ],
    ["disabled", "`keep()`"],
    ["where, order_by, limit, truncate, skip_conversion_if", null, "Not masks: rows are not left out, all of a table is copied."],
  ],
};
