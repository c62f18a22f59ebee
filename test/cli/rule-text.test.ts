import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { optionTexts, planLines } from "../../src/cli/show/plan-lines.ts";
import { ruleText } from "../../src/cli/show/rule-text.ts";
import type { Rule } from "../../src/contracts.ts";
import { JSON_DATA, TYPESCRIPT, YAML } from "../../src/discover/propose/policy-language.ts";
import { compilePlan } from "../../src/plan/compile-plan.ts";
import { compareRules } from "../../src/plan/locks/compare-rules.ts";
import type { LockedColumn } from "../../src/plan/locks/lock.ts";
import { lockOf } from "../../src/plan/locks/lock-plan.ts";
import { parsePolicy } from "../../src/policy/parse/parse-policy.ts";
import { flowText, writtenRule } from "../../src/policy/parse/written-rule.ts";
import * as transforms from "../../src/transforms/index.ts";
import { columnOf } from "../transforms/mask-values.ts";

const { chain, constant, encryptDigits, fake, keep, keepIf, mapValues, maskList, pick, redact, segments, when } = transforms;

const SCHEMA = {
  system: "csv" as const,
  tables: [
    {
      ref: { schema: null, name: "t" },
      columns: ["a", "b"].map((n) => columnOf("text", n)),
      uniqueKeys: [],
      foreignKeys: [],
      rowEstimate: 1,
    },
  ],
};

function planOf(rule: Rule) {
  const policy = parsePolicy({ tables: { t: { a: rule, b: keep() } } });
  return { policy, plan: compilePlan(policy, SCHEMA, SCHEMA) };
}

async function locked(rule: Rule): Promise<LockedColumn> {
  const { policy, plan } = planOf(rule);
  const lock = await lockOf(plan, policy, null);
  // As it is read from its file.
  return JSON.parse(JSON.stringify(lock.tables[0]!.columns[0]));
}

const RULES: readonly (readonly [rule: Rule, yaml: string, code: string])[] = [
  [
    chain([encryptDigits(), redact({ keepLast: 4 })]),
    '{ chain: ["encryptDigits", { redact: { keepLast: 4 } }] }',
    "chain([encryptDigits(), redact({ keepLast: 4 })])",
  ],
  [
    when({ if: "b = 'DE'", then: fake("internet.email"), else: keep("known"), onUnsupported: "redact" }),
    '{ when: { if: "b = \'DE\'", then: { fake: "internet.email" }, else: { keep: "known" } }, onUnsupported: redact }',
    'when({ if: "b = \'DE\'", then: fake("internet.email"), else: keep("known"), onUnsupported: "redact" })',
  ],
  [
    when({ if: "value = ''", then: keepIf({ values: ["x"], else: redact() }), else: encryptDigits({ domain: "d" }) }),
    "",
    'when({ if: "value = \'\'", then: keepIf({ values: ["x"], else: redact() }), else: encryptDigits({ domain: "d" }) })',
  ],
  [
    segments({ pattern: "(a)-(?<rest>.*)", groups: { 1: constant({ value: "x" }), rest: redact({ fill: "#" }) } }),
    "",
    'segments({ pattern: "(a)-(?<rest>.*)", groups: { "1": constant({ value: "x" }), rest: redact({ fill: "#" }) } })',
  ],
  [
    maskList({ items: redact({ keepLast: 4 }) }),
    "{ maskList: { items: { redact: { keepLast: 4 } } } }",
    "maskList({ items: redact({ keepLast: 4 }) })",
  ],
  [maskList({ items: redact() }), "{ maskList: redact }", "maskList({ items: redact() })"],
  [mapValues({ map: { x: "y" } }), "", 'mapValues({ map: {"x":"y"} })'],
];

describe("a rule with rules in it, as a policy would write it", () => {
  for (const [rule, yaml, code] of RULES) {
    it(`reads back as itself: ${rule.transform.name} ${yaml === "" ? "(more)" : ""}`, async () => {
      const column = await locked(rule);
      const asYaml = ruleText(column, YAML)!;
      if (yaml !== "")
        expect(asYaml).toBe(
          yaml.replace("onUnsupported: redact", 'onUnsupported: "redact"').replace('"encryptDigits"', "encryptDigits"),
        );
      for (const data of [parse(asYaml), JSON.parse(ruleText(column, JSON_DATA)!), parse(flowText(writtenRule(rule)))]) {
        const policy = parsePolicy({ tables: { t: { a: data, b: "keep" } } });
        expect(await locked((policy.tables.t as { a: Rule }).a)).toEqual(column);
      }
      const asCode = ruleText(column, TYPESCRIPT)!;
      expect(asCode).toBe(code);
      const made = new Function(...Object.keys(transforms), `return ${asCode}`)(...Object.values(transforms));
      expect(await locked(made)).toEqual(column);
    });
  }

  it("is nothing where a function stands in it", async () => {
    const rule = chain([when({ if: () => true, then: redact(), else: keep() })]);
    expect(ruleText(await locked(rule), YAML)).toBeNull();
  });

  it("stands so in the plan", () => {
    const rule = chain([encryptDigits(), when({ if: "b = 'DE'", then: redact({ keepLast: 4 }), else: keep() })]);
    const { policy, plan } = planOf(rule);
    const lines = planLines(plan, { policy, file: "p.yaml", isCode: false, plugins: ["./masks.ts"] }, new PassThrough());
    expect(lines.find((line) => line.startsWith("  a "))).toContain(
      `chain [encryptDigits, { when: { if: "b = 'DE'", then: { redact: { keepLast: 4 } }, else: keep } }]`,
    );
    expect(lines[0]).toMatch(/its plug-ins are code, and ran to make this plan: \.\/masks\.ts/);
  });

  it("stands so in an explanation", () => {
    const { transform, options } = when({ if: () => true, then: redact({ keepLast: 4 }), else: keep() });
    expect(optionTexts(transform.options, options, null)).toEqual([
      "(a function)",
      "then: { redact: { keepLast: 4 } }",
      "else: keep",
    ]);
  });

  it("shows a table and a list as data where they are what a bare value stands for", () => {
    for (const rule of [mapValues({ map: { active: "open" } }), pick({ from: ["gold", "silver"] })]) {
      const { transform, options } = rule;
      expect(optionTexts(transform.options, options, transform.shorthand)[0]).toMatch(
        /^(map: \{"active":"open"\}|from: \["gold","silver"\])$/,
      );
    }
  });

  it("stands so where the lock tells of a change", async () => {
    const before = await locked(when({ if: "b = 'DE'", then: redact({ keepLast: 4 }), else: keep() }));
    const after = await locked(when({ if: "b = 'DE'", then: redact({ keepLast: 2 }), else: keep() }));
    expect(compareRules("t", [[before, after]], new Set()).map(({ message }) => message)).toEqual([
      "t.a has another rule: of when, then was { redact: { keepLast: 4 } } and is { redact: { keepLast: 2 } }.",
    ]);
    const other = await locked(redact());
    expect(compareRules("t", [[before, other]], new Set())[0]!.message).toMatch(
      /^t\.a was under when \(else: keep, if: "b = 'DE'", then: \{ redact: \{ keepLast: 4 \} \}\) and is under redact \(/,
    );
  });
});

describe("a locked rule of a plug-in", () => {
  const column = { column: "nick", type: "text", kind: "text", nullable: true, decision: "mask" } as const;
  const stars: LockedColumn = { ...column, transform: "stars", options: { count: 3 }, domain: "stars", onUnsupported: "redact" };
  const within = { ...stars, domain: "d", options: { rule: { redact: {} } } };

  it("is written from the lock alone, and not in code where an option may be a rule", () => {
    expect(ruleText(stars, YAML)).toBe('{ stars: { count: 3 }, onUnsupported: "redact" }');
    expect(ruleText(stars, TYPESCRIPT)).toBe('stars({ count: 3, onUnsupported: "redact" })');
    expect(ruleText(stars, JSON_DATA)).toBe('{ "stars": { "count": 3 }, "onUnsupported": "redact" }');
    expect(parse(ruleText(within, YAML)!)).toEqual({ stars: { rule: { redact: {} } }, domain: "d", onUnsupported: "redact" });
    expect(ruleText(within, TYPESCRIPT)).toBeNull();
    expect(ruleText({ ...stars, options: { make: "function xxh64:0" } }, YAML)).toBeNull();
  });
});
