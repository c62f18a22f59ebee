import { describe, expect, it } from "vitest";
import type { Rule } from "../../src/contracts.ts";
import { ruleOption } from "../../src/inner-rules.ts";
import { checkTransform } from "../../src/testing/index.ts";
import { defineTransform, LOSSY } from "../../src/transforms/define-transform.ts";
import { chain, encryptDigits, fake, maskJson, maskText, scramble, unique, when } from "../../src/transforms/index.ts";

const email = fake("internet.email", { domain: "people" });
const SAME = /same output under another domain/;

/** Masks by the rule that it is given, in a domain that the rule does not say. */
const strayed = (domain: string) =>
  defineTransform({
    name: "stray",
    technique: "substitution",
    accepts: ["text"],
    guarantees: LOSSY,
    options: { rule: ruleOption({ describe: "The rule." }) },
    prepare: async ({ rule }, { inner }) => {
      const mask = await inner({ ...rule, domain });
      return (values, batch) => mask(values, batch);
    },
  });

describe("checkTransform of a rule with rules within that name domains of their own", () => {
  const honest: readonly (readonly [string, Rule])[] = [
    ["the only one", chain([email])],
    ["each of several", chain([scramble({ domain: "a" }), scramble({ domain: "b" })])],
    ["one within one", chain([chain([scramble({ domain: "a" })])])],
    ["one of two", chain([scramble(), scramble({ domain: "b" })])],
    ["all that are kinds of text", maskText({ find: ["email"], patterns: { email }, rest: "keep" })],
    ["the branch that is taken", when({ if: "value <> ''", then: email, else: encryptDigits() })],
    ["below one with a key of its own", unique({ rule: email })],
  ];

  it.each(honest)("is content: %s", async (_, rule) => {
    const values = ["jane@acme.com", "mo@acme.com", "al.kim@acme.com", null];
    expect(await checkTransform(rule, { column: "text", values })).toEqual([]);
  });

  it("is content: at a path", async () => {
    const rule = maskJson({ paths: { "$.mail": email } });
    expect(await checkTransform(rule, { column: "json", values: ['{"mail": "jane@acme.com"}', null] })).toEqual([]);
  });

  it("finds one that takes neither its own domain nor the one that is named, alone and beside an honest one", async () => {
    const stray = strayed("fixed");
    for (const rule of [
      stray({ rule: email }),
      stray({ rule: fake("internet.email") }),
      chain([stray({ rule: email }), scramble({ domain: "b" })]),
    ])
      expect((await checkTransform(rule, { column: "text" })).join("\n")).toMatch(SAME);
  });
});
