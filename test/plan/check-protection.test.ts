import { describe, expect, it } from "vitest";
import { CLASSES_BY_NAME } from "../../src/discover/classes-by-name.ts";
import { ruleOption } from "../../src/inner-rules.ts";
import { compilePlan } from "../../src/plan/compile-plan.ts";
import type { Policy } from "../../src/policy/define-policy.ts";
import { parsePolicy } from "../../src/policy/parse/parse-policy.ts";
import { defineTransform, eachValue } from "../../src/transforms/define-transform.ts";
import { chain, hash, keepIf, maskJson, segments, xxh64 } from "../../src/transforms/index.ts";
import { column, database, EMPTY_TARGET, table } from "./schemas.ts";

const builds = table("builds", [column("build"), column("email"), column("reach_me")]);

const findingsOf = (columns: NonNullable<Policy["columns"]>, classes?: Policy["classes"]) => {
  const policy = parsePolicy({ tables: { builds: { build: hash(), email: hash(), reach_me: hash(), ...columns } }, classes });
  return compilePlan(policy, database(builds), EMPTY_TARGET, CLASSES_BY_NAME).findings;
};

describe("a transform that protects nothing", () => {
  it("may stand on a column that tells of nobody", () => {
    expect(findingsOf({ build: xxh64() })).toEqual([]);
  });

  it("is refused on a column whose name says that it is personal, also inside of another rule", () => {
    const ofOurs = defineTransform({
      name: "half",
      technique: "substitution",
      accepts: ["text"],
      guarantees: hash.transform.guarantees({ as: "hex", algorithm: "cmac" }, column("any")),
      options: { then: ruleOption({ describe: "The rule for the first half." }) },
      prepare: (_, { column }) => eachValue(() => column.name),
    });
    const deep = maskJson({
      paths: { "$.a": segments({ pattern: "(.*)", groups: { 1: keepIf({ values: ["x"], else: xxh64() }) } }) },
    });
    for (const rule of [xxh64(), chain([xxh64()]), deep, ofOurs({ then: xxh64() })])
      expect(findingsOf({ email: rule })).toMatchObject([
        { code: "PROTECTION_MISSING", severity: "error", table: "builds", column: "email" },
      ]);
  });

  it("goes by what the policy says of the column", () => {
    expect(findingsOf({ reach_me: xxh64() }, { "builds.reach_me": "phone" })).toMatchObject([{ code: "PROTECTION_MISSING" }]);
    expect(findingsOf({ email: xxh64() }, { "builds.email": "none" })).toEqual([]);
  });

  it("is refused where nothing tells what columns hold", () => {
    const policy = parsePolicy({ tables: { builds: { build: xxh64(), email: hash(), reach_me: hash() } } });
    expect(compilePlan(policy, database(builds), EMPTY_TARGET).findings).toMatchObject([{ code: "CLASSES_UNAVAILABLE" }]);
  });
});
