import type { Peer } from "./peer.ts";

export const PIMO: Peer = {
  name: "PIMO",
  transforms: [
    ["add, add-transient", null, "Columns are not added: the target's schema stays."],
    ["apply", null, "Not a transform: a policy in code shares rules as values."],
    ["command", "`callService(async (values) => values)`", "In a policy of code only."],
    ["constant, remove", '`constant({ value: "x" })`, `nullify()`', "A column is emptied, not dropped."],
    [
      "dateParser",
      null,
      'A date leaves in the form in which it came; `generalizeDate` with `as: "label"` is the only other one.',
    ],
    [
      "duration, randomDuration",
      '`shiftDates({ by: "id" })`, `jitterDates({ seconds: 3600 })`',
      "By a keyed distance; the same known one for all rows would hide nothing.",
    ],
    ["ff1", "`encryptDigits()`, `encryptText()`", "FF1 of NIST SP 800-38G; `standin reveal` undoes it."],
    [
      "findInCSV",
      '`mapValues({ map: { active: "open" } })`',
      "By an exact match, with `file` from a CSV file; nearest matches (Jaccard) are not there.",
    ],
    ["fluxUri", null, "The next line of a file depends on the order of rows; `pick` with a `file` does not."],
    ["fromCache", '`tokenize({ domain: "people" })`', "Needs no cache: one key and domain map equal values to equal ones."],
    [
      "fromjson, pipe",
      '`maskJson({ paths: { "$.people[*].email": fake("internet.email") } })`, `maskArray({ items: scramble() })`',
    ],
    [
      "hash, sha3",
      '`hash()`, `hash({ algorithm: "hmac-sha256", length: 16 })`',
      "Keyed; the length is said in characters, not as a resistance.",
    ],
    [
      "hashInCSV, hashInUri, randomChoice, randomChoiceInCSV, randomChoiceInUri, weightedChoice",
      '`pick({ from: ["gold", "silver"], weights: [1, 3] })`',
      "Or with `file`, a local one; nothing is fetched from a network.",
    ],
    [
      "incremental, sequence",
      "`tokenize()`, `encryptDigits()`",
      "Ids come from the key and the value, not from the order of rows.",
    ],
    ["log", null, "Not a mask, and a log of values is what standin never writes."],
    ["luhn", "`encryptDigits({ luhn: true })`", "As part of the mask; a check digit is not computed for other steps."],
    ["markov", '`fake("lorem.paragraph")`', "Text is not learned from real text, which would leak through."],
    ["partitions", "`when({ if: \"country = 'DE'\", then: encryptDigits(), else: redact() })`"],
    ["randDate", '`drawDates({ min: "1950-01-01" })`'],
    ["randomDecimal, randomInt", "`drawNumber({ min: 0, max: 10, decimals: 2 })`"],
    ["range", '`bucketNumber({ width: 5, as: "range" })`'],
    [
      "regex",
      '`encryptId({ scheme: "/[A-Z]{2}-[0-9]{4}/" })`, `fake("helpers.fromRegExp", { arguments: ["[A-Z]{2}[0-9]{4}"] })`',
      "`encryptId` is one for one, for values that have the form already.",
    ],
    ["replacement", '`template({ text: "{{masked.name}}" })`'],
    ["segments", '`segments({ pattern: "([A-Z]{2})-(\\\\d+)", groups: { 2: encryptDigits() }, others: "keep" })`'],
    [
      "template, template-each",
      '`template({ text: "{{masked.name | lower}}" })`, `maskArray({ items: scramble() })`',
      "A template per item of a list is not there; a mask per item is.",
    ],
    [
      "timeline",
      '`shiftDates({ by: "id", after: "created_at", gap: 1 })`',
      "Keeps the order of a row's dates; it does not make up a history.",
    ],
    [
      "transcode",
      '`scramble()`, `decode({ as: "base64", then: scramble() })`',
      "Letters for letters and digits for digits; the character set is the connector's.",
    ],
    ["xml", '`maskXml({ paths: { "//email": fake("internet.email") } })`'],
  ],
};

export const PGSTREAM: Peer = {
  name: "pgstream",
  transforms: [
    [
      "encrypted_aes_siv",
      "`encryptText()`, `tokenize()`",
      "FF1 in the place of SIV: the length stays. `standin reveal` undoes it.",
    ],
    ["hstore", '`maskHstore({ keys: { email: fake("internet.email") } })`', "Keys are neither added nor deleted."],
    ["literal_string", '`constant({ value: "x" })`'],
    ["phone_number", '`encryptPhone()`, `fake("helpers.replaceSymbols", { arguments: ["+49 ### ######"] })`'],
    ["email", '`maskEmail({ host: "class" })`', "A domain to leave out is a condition of `when`."],
    ["masking, mask_begin, mask_end", "`redact({ keepFirst: 2, keepLast: 2 })`"],
  ],
};

export const MYANON: Peer = {
  name: "myanon",
  transforms: [
    [
      "texthash, inthash, emailhash",
      '`hash({ length: 12 })`, `tokenize({ as: "integer" })`, `maskEmail({ local: hash({ length: 12 }) })`',
    ],
    ["fixed", '`constant({ value: "x" })`'],
    [
      "key, appendkey, prependkey, appendindex",
      '`template({ text: "user{{masked.id}}" })`',
      "The row's key as masked. The number of the row is not there: it depends on the order of rows.",
    ],
    ["substring", '`template({ text: "{{masked.name | first 3}}" })`'],
    ["json path", '`maskJson({ paths: { "$.email": fake("internet.email") } })`'],
    ["separated by", '`maskList({ items: maskEmail(), separator: ";" })`'],
    ["truncate", null, "Not a mask: rows are not left out; leave the table out of the policy."],
    ["regex table names", null, "Not a mask: a policy names tables and columns by patterns."],
    ["pydef", "`custom((value) => value)`", "In TypeScript."],
  ],
};

export const ANONIMATRON: Peer = {
  name: "anonimatron",
  transforms: [
    ["Dutch BSN", '`encryptId({ scheme: "nl.bsn" })`'],
    [
      "Dutch bank account",
      '`encryptId({ scheme: "iban" })`',
      "Accounts from before IBAN, with the eleven test, are not there: `encryptDigits`.",
    ],
    ["IBAN, UK postcode", '`encryptId({ scheme: "iban" })`, `encryptId({ scheme: "postcode.gb" })`'],
    [
      "Prefetching character pool",
      "`scramble()`, `encryptText()`",
      "Not the characters of the column itself, but those of the same script and class.",
    ],
    ["Synonym file", "`tokenize()`", "Needs no file: the key gives the same result again."],
  ],
};

export const DATAMASQUE: Peer = {
  name: "DataMasque",
  transforms: [
    [
      "imitate_unique",
      '`encryptText()`, `scramble()`, `encryptId({ scheme: "/[A-Z]{2}[0-9]{4}/" })`',
      "Bijections: unique without a store.",
    ],
    ["mask_unique_key", "`tokenize()`", "A foreign key takes the mask of the key that it refers to."],
    ["brazilian_cpf", '`encryptId({ scheme: "br.cpf" })`'],
    [
      "set_checksum",
      '`encryptId({ scheme: "card" })`, `fakeCard()`, `encryptDigits({ luhn: true })`',
      "Check digits are part of the scheme; none is computed on its own.",
    ],
  ],
};

export const DATANYMIZER: Peer = {
  name: "datanymizer",
  transforms: [
    [
      "Key-value store shared between tables",
      '`persona({ field: "email", by: "customer_id" })`, `tokenize({ domain: "people" })`',
      "Needs no store: equal values of one domain, and subjects, map alike everywhere.",
    ],
    [
      "prev and final views of a row",
      '`template({ text: "{{masked.first_name}} {{original.city}}", allowOriginals: ["city"] })`',
      "`original.` and `masked.`",
    ],
    ["Rule order", "`chain([encryptDigits(), redact({ keepLast: 4 })])`", "Columns are put in order by what they read."],
  ],
};
