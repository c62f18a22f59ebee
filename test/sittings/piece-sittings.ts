import {
  callService,
  chain,
  constant,
  custom,
  encryptDigits,
  fake,
  hash,
  ifInvalid,
  keep,
  keepIf,
  maskEmail,
  nullIf,
  redact,
  segments,
  template,
  tokenize,
  unique,
  when,
} from "../../src/transforms/index.ts";
import type { Sittings } from "./sitting.ts";

/** Masks that are made of others. */
export const PIECE_SITTINGS: Sittings = {
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
  unique: [
    ["user names", unique({ rule: fake("internet.username") })],
    ["mail addresses", unique({ rule: maskEmail({ onUnsupported: "redact" }), separator: ".", length: 8 })],
    ["one text for all", unique({ rule: constant({ value: "someone" }), separator: " " })],
    ["stars", unique({ rule: redact() })],
  ],
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
  custom: [
    ["a function of the value", custom((value) => value.slice(0, 1)), { column: "text" }],
    [
      "a function of the row",
      custom((value, { row }) => `${value.length % 9}${row.id!.at(-1)}`, { reads: ["id"] }),
      { column: "text" },
    ],
  ],
};
