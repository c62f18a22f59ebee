import {
  constant,
  encryptDigits,
  encryptText,
  hash,
  keep,
  mapValues,
  nullify,
  pick,
  redact,
  resample,
  scramble,
  shuffle,
  tokenize,
  xxh64,
} from "../../src/transforms/index.ts";
import type { Sittings } from "./sitting.ts";

/** Masks that look at the value as a whole, or not at all. */
export const PLAIN_SITTINGS: Sittings = {
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
  xxh64: [
    ["hex", xxh64()],
    ["short base64url", xxh64({ as: "base64url", length: 6 })],
    ["integer", xxh64({ as: "integer" })],
  ],
  encryptDigits: [
    ["all", encryptDigits()],
    ["ends kept", encryptDigits({ keepFirst: 2, keepLast: 2 })],
    ["cards", encryptDigits({ keepFirst: 6, keepLast: 4, luhn: true })],
    ["luhn", encryptDigits({ luhn: true })],
  ],
  encryptText: [
    ["alphanumeric", encryptText()],
    ["digits", encryptText({ alphabet: "digits" })],
    ["upper", encryptText({ alphabet: "upper" })],
    ["letters of my own", encryptText({ alphabet: "aeiou🙂" })],
  ],
  scramble: [["letters and digits", scramble()]],
  shuffle: [
    ["a window", shuffle({ window: 64 })],
    ["a group", shuffle({ group: "address" })],
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
};
