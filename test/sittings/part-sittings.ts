import {
  decode,
  encryptDigits,
  fake,
  hash,
  maskArray,
  maskComposite,
  maskCsv,
  maskHstore,
  maskJson,
  maskList,
  maskPhp,
  maskQuery,
  maskRange,
  maskText,
  maskXml,
  redact,
  scramble,
  shiftDates,
  tokenize,
} from "../../src/transforms/index.ts";
import { type Sittings, within } from "./sitting.ts";

/** Texts with something to find in them. */
const TICKETS = ["Dear Jane", "jane@acme.com", "call +49 30 901820", "", null, "of subject 3", "4111 1111 1111 1111"];

/** Masks of parts of a value. */
export const PART_SITTINGS: Sittings = {
  maskText: [
    ["all that it finds", maskText(), { column: "text", values: TICKETS }],
    ["the row's values", maskText({ replace: ["first"], rest: "keep" }), { column: "text", values: TICKETS }],
    [
      "rules for the row's values and for words",
      maskText({ replaceBy: { last: fake("person.lastName") }, words: ["subject"], patterns: { word: hash() } }),
      { column: "text", values: TICKETS },
    ],
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
};
