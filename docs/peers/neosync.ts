import type { Peer } from "./peer.ts";

export const NEOSYNC: Peer = {
  name: "Neosync",
  version: "0.5.41",
  transforms: [
    ["Passthrough", "`keep()`"],
    ["Null", "`nullify()`"],
    ["GenerateDefault", null, "The target's default is not asked for; write it as a `constant`."],
    [
      "UserDefined",
      null,
      "Not a transform: in a policy of code a rule is a value, and a constant names it; in YAML an anchor does.",
    ],
    [
      "GenerateJavascript, TransformJavascript",
      '`custom((value, { row }) => value, { reads: ["country"] })`',
      "In a policy of code only.",
    ],
    ["GenerateBool", '`fake("datatype.boolean")`'],
    ["GenerateBusinessName", '`fake("company.name")`'],
    ["GenerateCardNumber", '`fakeCard()`, `encryptId({ scheme: "card" })`'],
    ["GenerateCategorical", '`pick({ from: ["gold", "silver"] })`'],
    [
      "GenerateCity, GenerateCountry, GenerateState",
      '`persona({ field: "city", by: "id" })`, `fake("location.country")`, `fake("location.countryCode")`, `fake("location.state", { arguments: [{ abbreviated: true }] })`',
    ],
    [
      "GenerateE164PhoneNumber, GenerateInt64PhoneNumber, GenerateStringPhoneNumber",
      '`encryptPhone({ country: "US" })`, `fake("phone.number")`',
      "The length is the country's, and cannot be chosen.",
    ],
    ["GenerateEmail", '`maskEmail()`, `fake("internet.email")`'],
    [
      "GenerateFirstName, GenerateLastName, GenerateFullName",
      '`persona({ field: "firstName", by: "id" })`, `fake("person.lastName")`, `fake("person.fullName")`',
    ],
    [
      "GenerateFloat64, GenerateInt64",
      "`drawNumber({ min: -100, max: 100, decimals: 2 })`",
      "A random sign is a range around 0.",
    ],
    ["GenerateFullAddress", '`fake("location.postalAddress")`', "In columns of its own: `persona`, whose parts agree."],
    ["GenerateGender", '`persona({ field: "gender", by: "id", coding: ["m", "f"] })`'],
    ["GenerateIpAddress", '`encryptIp({ within: ["10.0.0.0/8"] })`', "Without `within` the class of the address stays."],
    ["GenerateSha256Hash", '`hash({ algorithm: "hmac-sha256" })`', "Of the value, not of a random one."],
    ["GenerateSSN", '`encryptId({ scheme: "us.ssn" })`', "And the ids of many other countries."],
    ["GenerateStreetAddress", '`persona({ field: "street", by: "id" })`, `fake("location.streetAddress")`'],
    ["GenerateString", "`tokenize({ length: 12 })`, `encryptText()`"],
    [
      "GenerateUnixTimestamp, GenerateUtcTimestamp",
      '`drawNumber({ min: 1577836800, max: 1735689600 })`, `drawDates({ min: "2020-01-01" })`',
    ],
    ["GenerateUsername", '`persona({ field: "userName", by: "id" })`, `fake("internet.username")`'],
    ["GenerateUuid", "`tokenize()`"],
    ["GenerateZipcode", '`persona({ field: "postcode", by: "id" })`, `encryptId({ scheme: "postcode.us" })`'],
    [
      "TransformCharacterScramble",
      '`scramble()`, `segments({ pattern: "(\\\\w+)@.*", groups: { 1: scramble() }, others: "keep" })`',
      "The regular expression matches the whole value.",
    ],
    [
      "TransformE164PhoneNumber, TransformInt64PhoneNumber, TransformPhoneNumber",
      '`encryptPhone({ country: "US" })`',
      "Valid numbers; any digits of the same length: `encryptDigits`.",
    ],
    [
      "TransformEmail",
      '`maskEmail({ host: "keep" })`, `ifInvalid({ valid: "email", then: redact(), else: maskEmail() })`',
      "The length is not kept. Domains to leave out are a condition of `when`.",
    ],
    [
      "TransformFirstName, TransformLastName, TransformFullName",
      '`fake("person.firstName")`, `scramble()`',
      "A fake name keeps no length; `scramble` keeps it and gives no name.",
    ],
    ["TransformFloat64, TransformInt64", "`addNoise({ amount: 50 })`"],
    ["TransformString", "`encryptText()`, `scramble()`", "Both keep the length."],
    ["TransformUuid", '`encryptId({ scheme: "uuid" })`'],
    [
      "TransformScrambleIdentity",
      "`tokenize()`, `encryptDigits()`",
      "Not out of the ids in use: a keyed mapping needs no allocator and is the same in all tables.",
    ],
    [
      "TransformPiiText",
      '`maskText({ replace: ["first_name"], recognise: async (texts) => texts.map(() => []) })`',
      "Knows what the row holds and what has a form; a model or Presidio is the caller's, behind `recognise`.",
    ],
    [
      "AnonymizeSingle, AnonymizeMany",
      '`maskJson({ paths: { "$..email": maskEmail() }, others: "redact" })`',
      "With `createMasker` for objects in memory. Paths are those of JSONPath, not of jq; `others` covers the rest, not by type.",
    ],
  ],
};
