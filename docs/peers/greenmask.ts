import type { Peer } from "./peer.ts";

export const GREENMASK: Peer = {
  name: "Greenmask",
  version: "0.2.22",
  transforms: [
    [
      "Cmd",
      "`callService(async (values) => values)`",
      "A function gets a batch and asks what it likes, with timeout and retries; in a policy of code only.",
    ],
    ["Dict", '`mapValues({ map: { active: "open" } })`', "What the map does not have is refused, or goes to `unmatched`."],
    ["Hash", "`hash()`", "Always keyed: no MD5 or SHA-1 that a list of guesses undoes."],
    [
      "Masking",
      '`redact({ keepLast: 4 })`, `maskEmail({ host: "keep", local: redact({ keepFirst: 1 }) })`',
      "What stays is said, not implied by a type such as `mobile`.",
    ],
    [
      "NoiseDate",
      "`shiftDates({ days: 30 })`, `jitterDates({ seconds: 600 })`",
      "Truncate by `generalizeDate` in a `chain`. No limits for the results.",
    ],
    [
      "NoiseFloat, NoiseInt, NoiseNumeric",
      "`addNoise({ ratio: 0.2, min: 0, max: 1000 })`",
      "There is no least ratio. Decimals by `roundNumber` in a `chain`.",
    ],
    ["RandomBool", '`fake("datatype.boolean")`'],
    ["RandomChoice", '`pick({ from: ["gold", "silver"] })`', "With weights too, and from a file."],
    ["RandomDate", '`drawDates({ min: "1950-01-01", max: "2005-12-31" })`', "Truncate by `generalizeDate` in a `chain`."],
    ["RandomFloat, RandomInt, RandomNumeric", "`drawNumber({ min: 0, max: 500, decimals: 2 })`"],
    [
      "RandomString",
      '`encryptText()`, `fake("string.alphanumeric", { arguments: [{ length: { min: 5, max: 12 } }] })`',
      "`encryptText` keeps length and uniqueness.",
    ],
    ["RandomUuid", '`tokenize()`, `encryptId({ scheme: "uuid" })`', "`encryptId` keeps version and variant."],
    ["RandomUnixTimestamp", "`drawNumber({ min: 1577836800, max: 1735689600 })`"],
    ["RandomIP", '`encryptIp({ within: ["203.0.113.0/24"] })`', "Without `within` prefixes are kept (Crypto-PAn)."],
    [
      "RandomMac",
      '`encryptId({ scheme: "mac", keep: true })`',
      "`keep` keeps the vendor's bits. Cast and management type cannot be chosen.",
    ],
    [
      "RandomEmail",
      '`maskEmail()`, `maskEmail({ host: "keep" })`, `template({ text: "{{masked.first_name | lower}}@example.com" })`',
    ],
    [
      "RandomPerson",
      '`persona({ field: "fullName", by: "id", format: "{last}, {first}" })`',
      'The gender is the persona\'s: `field: "gender"` writes it. It does not follow a column.',
    ],
    ["RandomCompany", '`fake("company.name")`'],
    [
      "RandomLatitude, RandomLongitude",
      '`persona({ field: "latitude", by: "id" })`, `fake("location.longitude")`',
      "Those of a persona agree with its city.",
    ],
    ["RandomDayOfWeek, RandomMonthName", '`fake("date.weekday")`, `fake("date.month")`'],
    ["RandomDayOfMonth, RandomYearString", "`drawNumber({ min: 1, max: 31 })`, `drawNumber({ min: 1950, max: 2020 })`"],
    ["RandomCentury", '`pick({ from: ["XIX", "XX", "XXI"] })`'],
    ["RandomTimezone", '`fake("location.timeZone")`'],
    ["RandomUsername, RandomPassword", '`fake("internet.username")`, `fake("internet.password")`'],
    ["RandomDomainName, RandomURL", '`maskDomain()`, `maskUrl()`, `fake("internet.domainName")`, `fake("internet.url")`'],
    ["RandomWord, RandomSentence, RandomParagraph", '`fake("lorem.word")`, `fake("lorem.sentence")`, `fake("lorem.paragraph")`'],
    [
      "RandomCCType, RandomCCNumber",
      '`fake("finance.creditCardIssuer")`, `encryptId({ scheme: "card" })`',
      "`encryptId` is one for one and valid by Luhn.",
    ],
    [
      "RandomCurrency, RandomAmountWithCurrency",
      '`fake("finance.currencyCode")`, `fake("finance.amount", { arguments: [{ min: 1, max: 900, symbol: "$" }] })`',
    ],
    [
      "RandomPhoneNumber, RandomE164PhoneNumber",
      '`encryptPhone({ country: "US" })`, `fake("phone.number")`',
      "`encryptPhone` keeps country, type and layout.",
    ],
    [
      "RandomTollFreePhoneNumber",
      '`fake("helpers.replaceSymbols", { arguments: ["(888) 555-01##"] })`',
      "`encryptPhone` keeps a toll-free number toll-free.",
    ],
    [
      "RealAddress",
      '`persona({ field: "street", by: "id" })`, `persona({ field: "city", by: "id" })`, `persona({ field: "postcode", by: "id" })`',
      "City, state, postcode and coordinates agree; the street is invented.",
    ],
    [
      "RegexpReplace",
      '`segments({ pattern: "(\\\\d+)-(.*)", groups: { 1: encryptDigits() } })`',
      "The pattern matches the whole value. Every occurrence of a pattern inside of a text is not covered: `custom` does that in code, `maskText` for what it knows by its form.",
    ],
    ["Replace", '`constant({ value: "x" })`'],
    ["SetNull", "`nullify()`"],
    [
      "Json",
      '`maskJson({ paths: { "$.email": fake("internet.email") } })`',
      "Values are set at paths; members are neither added nor deleted, the document keeps its shape.",
    ],
    [
      "Template",
      '`template({ text: "{{masked.first_name | upper}}" })`',
      "Columns and filters, no programs: those are `custom`.",
    ],
    [
      "TemplateRecord",
      '`template({ text: "{{masked.first_name}}" })`, `persona({ field: "email", by: "id" })`',
      "One rule for each column; columns agree by `masked.` and by personas.",
    ],
    [
      "Template functions",
      '`template({ text: "{{masked.name | ascii | lower | first 8 | default \\"none\\"}}" })`, `custom((value) => value)`',
      "Filters for text, padding, NULL and parts of dates; all else is `custom`.",
    ],
    [
      "when",
      '`when({ if: "country = \'DE\'", then: encryptDigits(), else: redact() })`, `keepIf({ values: ["n/a"], else: redact() })`',
      "The condition sees the original row.",
    ],
    [
      "dynamic_params",
      '`shiftDates({ by: "id", after: "created_at" })`, `custom((value, { row }) => value, { reads: ["country"] })`',
      "Options such as `by`, `after` and `localeFrom` name columns; there is no general way to take an option from a column.",
    ],
    [
      "apply_for_inherited, apply_for_references",
      null,
      "Needs no setting: partitions are read as their one table, and a foreign key takes the mask of what it refers to.",
    ],
    ["columns_type_override", null, "Not for databases, whose types are read from the catalog; a CSV source has `types`."],
    [
      "resolve_env",
      null,
      "Not a transform: a policy in YAML takes variables of the environment for connections, and one in TypeScript anything.",
    ],
  ],
};
