import { refuseWindows, ruleMap } from "../../inner-rules.ts";
import { boolean } from "../../option-spec.ts";
import { defineTransform } from "../define-transform.ts";
import { jsonPathProblem, parseJsonPath } from "./json-path.ts";
import { JsonScanner, textOfString } from "./json-scanner.ts";
import { writersFor } from "./json-writers.ts";
import { BOOLEAN, prepareLeaves, shapeOfNumber, TEXT } from "./leaf-masks.ts";
import { maskPlaces } from "./mask-places.ts";
import { others, partGuarantees, partProblems, textParts } from "./part-masks.ts";
import { rootState } from "./path-states.ts";
import { Places, stars, type WritePart } from "./places.ts";

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
 * unsupported, and so are more than 2,000 objects and lists within each other. Paths are the part of JSONPath (RFC 9535) that names places: no slices, filters or
 * counting from the end. Documents are RFC 8259.
 */
export const maskJson = defineTransform({
  name: "maskJson",
  technique: "pseudonymization",
  accepts: ["json", "text"],
  unsupported:
    "what is no JSON, more than 2,000 objects and lists within each other, a number or boolean that becomes none (but with `asText`), a value in it that its rule cannot handle, and what becomes too long for its column",
  guarantees: ({ paths }, column) => partGuarantees(Object.values(paths), textParts(column)),
  options: OPTIONS,
  checkColumn: ({ paths }, column) => partProblems(Object.values(paths), textParts(column)),
  prepare: async ({ paths, others, asText }, context) => {
    const { masks, maskOf } = await prepareLeaves(Object.values(paths), context);
    const write = writersFor(context.column, asText);
    let text = "";
    let places = new Places();
    const give = (path: number, shape: number, from: number, to: number, part: string, write: WritePart): boolean => {
      const mask = maskOf(path, shape);
      if (mask !== undefined) places.mask(mask, from, to, part, write);
      return mask !== undefined;
    };
    const scanner = new JsonScanner(rootState(Object.keys(paths).map((path) => parseJsonPath(path)!)), {
      leaf: (kind, { path }, from, to) => {
        if (path < 0) {
          if (others === "redact") places.fix(from, to, redacted(kind, text, from, to));
          return others !== "fail";
        }
        if (kind === "text") return give(path, TEXT, from, to, textOfString(text, from, to), write.text);
        const literal = text.slice(from, to);
        if (kind === "boolean") return give(path, BOOLEAN, from, to, literal, write.boolean);
        return give(path, shapeOfNumber(literal), from, to, literal, write.number);
      },
      name: ({ namePath }, from, to) => give(namePath, TEXT, from, to, textOfString(text, from, to), write.name),
    });
    return maskPlaces(masks, context.column, (value, found) => {
      text = value;
      places = found;
      return scanner.scan(value);
    });
  },
});

/** A leaf that tells nothing, of the same type. */
function redacted(kind: "text" | "number" | "boolean", text: string, from: number, to: number): string {
  if (kind === "text") return `"${stars(textOfString(text, from, to))}"`;
  return kind === "number" ? "0" : "false";
}
