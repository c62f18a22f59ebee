import { refuseWindows, ruleMap } from "../../inner-rules.ts";
import { defineTransform } from "../define-transform.ts";
import { maskPlaces } from "./mask-places.ts";
import { others, partGuarantees, partProblems, prepareParts, textParts } from "./part-masks.ts";
import { rootState } from "./path-states.ts";
import { Places, stars, type WritePart } from "./places.ts";
import { ELEMENT, parseXmlPath, xmlPathProblem } from "./xml-path.ts";
import { type XmlLeaf, XmlScanner } from "./xml-scanner.ts";

/**
 * Masks text and attributes within XML by rules at paths, and copies the rest to the byte: `<p id="7"><mail>jane@acme.com</mail></p>` becomes
 * `<p id="7"><mail>mo.brandt@example.net</mail></p>` with `paths: { "//mail": fake("internet.email") }`.
 *
 * A path to an element masks each piece of text in it, however deep, and what comments and instructions there say; attributes have paths of their own.
 * Names are compared as they are written, with their prefix. Markup, spaces around text and CDATA stay. What no path names is copied unless `others`
 * says otherwise. Text that is not XML is unsupported, and so are a DOCTYPE that declares something and, in a place to mask, an entity other than the
 * five of XML: nothing is expanded. Paths are the part of XPath that names places. Source: XML 1.0, fifth edition.
 */
export const maskXml = defineTransform({
  name: "maskXml",
  technique: "pseudonymization",
  accepts: ["xml", "text"],
  unsupported:
    "what is no XML, a DOCTYPE that declares something, an entity other than the five of XML in a place to mask, a piece that its rule cannot handle, and what becomes too long for its column",
  guarantees: ({ paths }, column) => partGuarantees(Object.values(paths), textParts(column)),
  options: {
    paths: ruleMap({
      describe:
        "Rules by path: /person/name, //email (any depth), /person/* (every element), /person/@id (an attribute). Where paths meet, the one that ends nearest to the leaf counts, of several the first.",
      problem: refuseWindows,
      nameProblem: xmlPathProblem,
    }),
    others: others("text, attributes, comments and instructions"),
  },
  checkColumn: ({ paths }, column) => partProblems(Object.values(paths), textParts(column)),
  prepare: async ({ paths, others }, context) => {
    const masks = await prepareParts(Object.values(paths), textParts(context.column), context);
    const root = rootState(
      Object.keys(paths).map((path) => parseXmlPath(path)!),
      (of) => of === ELEMENT,
    );
    let document = "";
    let places = new Places();
    const scanner = new XmlScanner(root, (kind, path, from, to) => {
      const raw = document.slice(from, to);
      if (path < 0) {
        if (others === "redact") places.fix(from, to, stars(raw));
        return others !== "fail";
      }
      const text = kind === "text" || kind === "attribute" ? unescaped(raw) : raw;
      if (text !== undefined) places.mask(path, from, to, text, WRITE[kind]);
      return text !== undefined;
    });
    return maskPlaces(masks, context.column, (value, found) => {
      document = value;
      places = found;
      return scanner.scan(value);
    });
  },
});

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ["lt", "<"],
  ["gt", ">"],
  ["amp", "&"],
  ["quot", '"'],
  ["apos", "'"],
]);

/** Undefined where an entity is none that XML has by itself. */
function unescaped(raw: string): string | undefined {
  if (!raw.includes("&")) return raw;
  let isKnown = true;
  const text = raw.replaceAll(/&(?:#x([\da-fA-F]{1,6})|#(\d{1,7})|(\w+));|&/g, (found, hex, decimal, name) => {
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    const sign = name === undefined ? (code <= 0x10ffff ? String.fromCodePoint(code) : undefined) : ENTITIES.get(name);
    isKnown &&= sign !== undefined;
    return sign ?? found;
  });
  return isKnown ? text : undefined;
}

const COMMON = /^[ -~]*$/;

/** XML 1.0 §2.2: what no document may hold, not even escaped. */
const FORBIDDEN = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|\p{Surrogate}/u;

const ESCAPES: Readonly<Record<string, string>> = {
  "<": "&lt;",
  ">": "&gt;",
  "&": "&amp;",
  '"': "&quot;",
  "'": "&apos;",
  "\t": "&#9;",
  "\n": "&#10;",
  "\r": "&#13;",
};
const escaped = (text: string, signs: RegExp): string => text.replaceAll(signs, (sign) => ESCAPES[sign]!);

const within =
  (write: (masked: string) => string | undefined): WritePart =>
  (masked) => {
    if (masked === null) return "";
    return !COMMON.test(masked) && FORBIDDEN.test(masked) ? undefined : write(masked);
  };

const WRITE: Readonly<Record<XmlLeaf, WritePart>> = {
  text: within((masked) => (/[<>&\r]/.test(masked) ? escaped(masked, /[<>&\r]/g) : masked)),
  attribute: within((masked) => escaped(masked, /[<>&"'\t\n\r]/g)),
  cdata: within((masked) => (masked.includes("]]>") ? undefined : masked)),
  comment: within((masked) => (/--|^-?>|-$/.test(masked) ? undefined : masked)),
  instruction: within((masked) => (masked.includes("?>") ? undefined : masked)),
};
