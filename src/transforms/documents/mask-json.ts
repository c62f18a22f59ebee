import { refuseWindows, ruleMap } from "../../inner-rules.ts";
import { boolean } from "../../option-spec.ts";
import { defineTransform } from "../define-transform.ts";
import { jsonPathProblem, parseJsonPath } from "./json-path.ts";
import { JsonScanner, textOfString } from "./json-scanner.ts";
import { BOOLEAN, prepareLeaves, shapeOfNumber, TEXT, truthOf } from "./leaf-masks.ts";
import { fixedPlace, maskPlaces, type Place, stars, type WritePart } from "./mask-places.ts";
import { others, partGuarantees, partProblems, textParts } from "./part-masks.ts";
import { rootState } from "./path-states.ts";

const OPTIONS = {
  paths: ruleMap({
    describe:
      'Rules by path: names ($.name, $["a name"]), every child ([*], .*), an item by its index from 0 ([0]), any depth ($..name), the name itself ($.name~). A path to an object or a list masks every leaf in it; where paths meet, the one that ends nearest to the leaf counts, of several the first.',
    problem: refuseWindows,
    nameProblem: jsonPathProblem,
  }),
  others: others("text, numbers and booleans"),
  asText: boolean({
    describe: "Write what a mask gives for a number or a boolean as text where it is neither.",
    default: false,
  }),
} as const;

/**
 * Masks values within a JSON document by rules at paths, and copies the rest to the byte: `{"id": 7, "mail": "jane@acme.com"}` becomes
 * `{"id": 7, "mail": "mo.brandt@example.net"}` with `paths: { "$.mail": fake("internet.email") }`.
 *
 * Numbers of any length, members that occur twice, the order, spaces and escapes stay as they are. A number stays a number and a boolean a boolean:
 * a rule gets them as what they are where it takes that kind, and as text else; where it gives something else, see `asText`. `null` stays null.
 * What no path names is copied unless `others` says otherwise, and so are the names of members: `$.people.*~` masks those. What is no JSON is
 * unsupported. Paths are the part of JSONPath (RFC 9535) that names places: no slices, filters or counting from the end. Documents are RFC 8259.
 */
export const maskJson = defineTransform({
  name: "maskJson",
  technique: "pseudonymization",
  accepts: ["json", "text"],
  guarantees: ({ paths }, column) => partGuarantees(Object.values(paths), textParts(column)),
  options: OPTIONS,
  checkColumn: ({ paths }, column) => partProblems(Object.values(paths), textParts(column)),
  prepare: async ({ paths, others, asText }, context) => {
    const { masks, maskOf } = await prepareLeaves(Object.values(paths), context);
    const number = asText ? orText(asNumber) : asNumber;
    const truth = asText ? orText(asBoolean) : asBoolean;

    let text = "";
    let places: Place[] = [];
    const give = (path: number, shape: number, from: number, to: number, part: string, write: WritePart): boolean => {
      const mask = maskOf(path, shape);
      if (mask === undefined) return false;
      places.push({ from, to, mask, text: part, write });
      return true;
    };
    const scanner = new JsonScanner(rootState(Object.keys(paths).map((path) => parseJsonPath(path)!)), {
      leaf: (kind, { path }, from, to) => {
        if (path < 0) {
          if (others === "redact") places.push(redacted(kind, text, from, to));
          return others !== "fail";
        }
        if (kind === "text") return give(path, TEXT, from, to, textOfString(text, from, to), asString);
        const literal = text.slice(from, to);
        if (kind === "boolean") return give(path, BOOLEAN, from, to, literal, truth);
        return give(path, shapeOfNumber(literal), from, to, literal, number);
      },
      name: ({ namePath }, from, to) => give(namePath, TEXT, from, to, textOfString(text, from, to), asName),
    });
    return maskPlaces(masks, context.column, (value) => {
      text = value;
      places = [];
      return scanner.scan(value) ? places : undefined;
    });
  },
});

/** With the escapes of a document that keeps to ASCII by them. */
const asString: WritePart = (masked, raw) => {
  if (masked === null) return "null";
  const written = JSON.stringify(masked);
  return raw.includes("\\u") ? written.replace(BEYOND_ASCII, escapeOf) : written;
};
const asName: WritePart = (masked, raw) => (masked === null ? undefined : asString(masked, raw));

const BEYOND_ASCII = /[\u007f-\uffff]/g;
const escapeOf = (sign: string) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`;

const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$/;
const asNumber: WritePart = (masked) => {
  if (masked === null) return "null";
  return JSON_NUMBER.test(masked) ? masked : undefined;
};

const asBoolean: WritePart = (masked) => (masked === null ? "null" : truthOf(masked)?.toString());

const orText =
  (write: WritePart): WritePart =>
  (masked, raw) =>
    write(masked, raw) ?? asString(masked, raw);

/** A leaf that tells nothing, of the same type. */
function redacted(kind: "text" | "number" | "boolean", text: string, from: number, to: number): Place {
  if (kind === "text") return fixedPlace(from, to, `"${stars(textOfString(text, from, to))}"`);
  return fixedPlace(from, to, kind === "number" ? "0" : "false");
}
