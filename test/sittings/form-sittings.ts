import {
  encryptId,
  encryptIp,
  encryptPhone,
  fake,
  fakeCard,
  maskDomain,
  maskEmail,
  maskUrl,
  persona,
  scramble,
} from "../../src/transforms/index.ts";
import type { Sittings } from "./sitting.ts";

/** Masks that read values of a form: identifiers, addresses, names. */
export const FORM_SITTINGS: Sittings = {
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
  fakeCard: [
    [
      "networks kept",
      fakeCard(),
      { column: "text", values: ["4111 1111 1111 1111", "371449635398431", "6304000000000000", "1234", "", null] },
    ],
    ["numbers", fakeCard(), { column: "integer", values: ["4012888888881881", "30569309025904", null] }],
  ],
  encryptPhone: [
    ["any country", encryptPhone(), { column: "text", values: ["+49 151 12345678", "+1 212 555 2368", null, ""] }],
    ["one country", encryptPhone({ country: "DE" }), { column: "text", values: ["0151 12345678", "+4915112345678", null] }],
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
  fake: [
    ["e-mail", fake("internet.email")],
    ["unique e-mail", fake("internet.email", { unique: true })],
    ["full name", fake("person.fullName")],
    ["unique full name", fake("person.fullName", { unique: true })],
    ["Japanese last name", fake("person.lastName", { locale: "ja" })],
    ["city", fake("location.city", { locale: "de" })],
    ["last name of the same script", fake("person.lastName", { keepScript: true })],
    ["full name about as long", fake("person.fullName", { keepLengthClass: true, keepScript: true })],
    ["phone", fake("phone.number")],
    ["number", fake("number.int", { arguments: [{ min: 1, max: 9 }] })],
    ["uuid", fake("string.uuid")],
    ["date", fake("date.birthdate")],
    ["truth", fake("datatype.boolean")],
    ["address", fake("internet.ip")],
    ["sentence", fake("lorem.sentence")],
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
};
