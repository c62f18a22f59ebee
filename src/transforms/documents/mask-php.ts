import { refuseWindows, ruleMap } from "../../inner-rules.ts";
import { defineTransform } from "../define-transform.ts";
import { jsonPathProblem, parseJsonPath } from "./json-path.ts";
import { BOOLEAN, DECIMAL, INTEGER, prepareLeaves, TEXT, truthOf } from "./leaf-masks.ts";
import { maskPlaces } from "./mask-places.ts";
import { others, partGuarantees, partProblems, textParts } from "./part-masks.ts";
import { rootState } from "./path-states.ts";
import { PhpScanner } from "./php-scanner.ts";
import { Places, stars, type WritePart } from "./places.ts";

/**
 * Masks values within what PHP's `serialize()` wrote, by rules at paths as those of `maskJson`: `a:1:{s:4:"mail";s:13:"jane@acme.com";}` becomes
 * `a:1:{s:4:"mail";s:20:"mo.brandt@example.net";}` with `paths: { "$.mail": fake("internet.email") }`.
 *
 * Lengths are counted anew in bytes of UTF-8, and types stay: a number whose mask gives none makes the value unsupported. An array's integer keys are
 * names: `$['0']`. Objects are walked by their properties, whichever may see them; references and enumerations stay. What an object wrote by a
 * serialize() of its own (`C:`) is unsupported. Source: PHP, ext/standard/var.c.
 */
export const maskPhp = defineTransform({
  name: "maskPhp",
  technique: "pseudonymization",
  accepts: ["text"],
  unsupported:
    "what `serialize()` did not write, an object that wrote itself (`C:`), a number that becomes none, a value in it that its rule cannot handle, and what becomes too long for its column",
  guarantees: ({ paths }, column) => partGuarantees(Object.values(paths), textParts(column)),
  options: {
    paths: ruleMap({
      describe: "Rules by path, as those of maskJson.",
      problem: refuseWindows,
      nameProblem: jsonPathProblem,
    }),
    others: others("strings, numbers and booleans"),
  },
  checkColumn: ({ paths }, column) => partProblems(Object.values(paths), textParts(column)),
  prepare: async ({ paths, others }, context) => {
    const { masks, maskOf } = await prepareLeaves(Object.values(paths), context);
    let places = new Places();
    const give = (path: number, shape: number, from: number, to: number, text: string, write: WritePart): boolean => {
      const mask = maskOf(path, shape);
      if (mask !== undefined) places.mask(mask, from, to, text, write);
      return mask !== undefined;
    };
    const scanner = new PhpScanner(rootState(Object.keys(paths).map((path) => parseJsonPath(path)!)), {
      leaf: (type, text, { path }, from, to) => {
        if (path >= 0) return give(path, SHAPE_OF[type], from, to, type === "b" ? String(text === "1") : text, WRITE[type]);
        if (others === "redact") places.fix(from, to, type === "s" ? phpString(stars(text)) : `${type}:0;`);
        return others !== "fail";
      },
      // The name of a private property holds its class, which is code.
      name: (text, { namePath }, from, to) => !text.includes("\0") && give(namePath, TEXT, from, to, text, asName),
    });
    return maskPlaces(masks, context.column, (value, found) => {
      places = found;
      return scanner.scan(value);
    });
  },
});

const SHAPE_OF = { s: TEXT, i: INTEGER, d: DECIMAL, b: BOOLEAN } as const;

const phpString = (text: string): string => `s:${Buffer.byteLength(text)}:"${text}";`;

const asName: WritePart = (masked) => (masked === null ? undefined : phpString(masked));

const numberLike =
  (type: string, pattern: RegExp): WritePart =>
  (masked) => {
    if (masked === null) return "N;";
    return pattern.test(masked) ? `${type}:${masked};` : undefined;
  };

const WRITE: Readonly<Record<"s" | "i" | "d" | "b", WritePart>> = {
  s: (masked) => (masked === null ? "N;" : phpString(masked)),
  i: numberLike("i", /^-?(?:0|[1-9]\d{0,18})$/),
  d: numberLike("d", /^-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?$/),
  b: (masked) => {
    if (masked === null) return "N;";
    const truth = truthOf(masked);
    return truth === undefined ? undefined : `b:${Number(truth)};`;
  },
};
