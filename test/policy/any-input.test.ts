import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isStandinError } from "../../src/errors.ts";
import { parsePolicy } from "../../src/policy/parse/parse-policy.ts";
import { transformNames } from "../../src/transforms/registry.ts";

const word = fc.constantFrom(
  ...transformNames(),
  "tables",
  "columns",
  "when",
  "email",
  "*",
  "*.email",
  "/(/",
  "/x/",
  "__proto__",
  "domain",
  "skip",
  "x",
);
const value = fc.letrec((tie) => ({
  any: fc.oneof({ maxDepth: 5 }, word, fc.jsonValue(), fc.dictionary(word, tie("any")), fc.array(tie("any"), { maxLength: 3 })),
})).any;
const policy = fc.record(
  Object.fromEntries(
    [
      "source",
      "target",
      "keyVariable",
      "presets",
      "tables",
      "references",
      "columns",
      "when",
      "environments",
      "include",
      "$schema",
    ].map((key) => [key, value]),
  ),
  { requiredKeys: ["tables"] },
);

describe("parsePolicy", () => {
  it("reads or refuses whatever it is given, and breaks on nothing", () => {
    fc.assert(
      fc.property(fc.oneof(policy, value), (input) => {
        try {
          const read = parsePolicy(input);
          expect(parsePolicy(read)).toBe(read);
          // What was read is a policy again, also where nobody knows any more that it was.
          expect(parsePolicy({ ...read })).toEqual(read);
        } catch (error) {
          if (!isStandinError(error)) throw error;
          expect(error.findings.length).toBeGreaterThan(0);
        }
      }),
      { numRuns: 500 },
    );
  });
});
