import type { Peer } from "./peer.ts";

export const COPYCAT: Peer = {
  name: "Snaplet copycat",
  version: "6.0",
  transforms: [
    [
      "scramble",
      '`scramble()`, `maskJson({ paths: { "$..*": scramble() } })`',
      "`scramble` leaves all that is no letter or digit; other characters are not kept by a list.",
    ],
    ["oneOf, oneOfString", '`pick({ from: ["gold", "silver"] })`', "Without a limit for the length: the list says it."],
    ["someOf", '`fake("helpers.arrayElements", { arguments: [["a", "b", "c"], 2] })`', "In a column of JSON or text."],
    ["times", "`maskArray({ items: scramble() })`, `maskList({ items: scramble() })`", "As many items as the original has."],
    ["int, float", "`drawNumber({ min: 1, max: 100 })`, `drawNumber({ decimals: 3 })`"],
    ["bool", '`fake("datatype.boolean")`'],
    ["char, digit, hex", '`fake("string.alpha")`, `fake("string.numeric")`, `fake("string.hexadecimal")`'],
    ["dateString", '`drawDates({ min: "1980-01-01", max: "2019-12-31" })`'],
    ["uuid", "`tokenize()`"],
    [
      "email",
      '`maskEmail()`, `fake("internet.email")`',
      "The length is the column's limit; domains are reserved ones (RFC 2606).",
    ],
    ["url", '`maskUrl()`, `fake("internet.url")`'],
    [
      "firstName, lastName, fullName, username",
      '`fake("person.firstName")`, `fake("person.fullName")`, `persona({ field: "userName", by: "id" })`',
    ],
    ["phoneNumber", '`encryptPhone()`, `fake("phone.number")`', "Valid numbers, so that no prefix or length is to be said."],
    ["password", '`fake("internet.password")`'],
    [
      "city, country, countryCode, state, streetName, streetAddress, postalAddress, timezone",
      '`persona({ field: "city", by: "id" })`, `fake("location.countryCode")`, `fake("location.street")`, `fake("location.postalAddress")`, `fake("location.timeZone")`',
    ],
    [
      "word, words, sentence, paragraph",
      '`fake("lorem.word")`, `fake("lorem.words")`, `fake("lorem.sentence")`, `fake("lorem.paragraph")`',
      "Not by syllables and clauses.",
    ],
    ["ipv4, mac", '`encryptIp()`, `encryptId({ scheme: "mac" })`'],
    ["userAgent", '`fake("internet.userAgent")`'],
    [
      "unique, uniqueByInput",
      '`fake("internet.email", { unique: true })`, `unique({ rule: fake("internet.username") })`, `tokenize()`',
      "By keyed bits or a bijection: no store, no order of calls.",
    ],
    [
      "setHashKey, generateHashKey",
      null,
      "Not transforms: the key is `STANDIN_KEY` or the option `key`, of 32 random bytes, and `standin keygen` makes one.",
    ],
    ["faker, fictional", "`fake`", "faker's methods by their path; the library fictional is not used."],
  ],
};
