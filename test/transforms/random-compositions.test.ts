import fc from "fast-check";
import { expect, it } from "vitest";
import type { Column, ColumnValues, Rule } from "../../src/contracts.ts";
import { ruleData } from "../../src/inner-rules.ts";
import { MaskingKey, parseMaskingKey } from "../../src/keys/masking-key.ts";
import { sayInJson } from "../../src/option-spec.ts";
import { brokenMappingPromises } from "../../src/testing/mapping-promises.ts";
import { type Sitting, sit } from "../../src/testing/mask-sitting.ts";
import { brokenOutputPromises } from "../../src/testing/output-promises.ts";
import {
  chain,
  constant,
  encryptDigits,
  fake,
  hash,
  ifInvalid,
  keep,
  keepIf,
  mapValues,
  maskArray,
  maskJson,
  maskList,
  nullIf,
  nullify,
  pick,
  redact,
  scramble,
  segments,
  template,
  tokenize,
  when,
} from "../../src/transforms/index.ts";
import { TEST_KEY } from "../test-key.ts";
import { columnOf } from "./mask-values.ts";

const RUNS = 50;

/** Enough that one-to-one maps of three digits meet what is kept beside them, and what each piece looks for. */
const VALUES = [
  ...Array.from({ length: 40 }, (_, index) => String(100 + 3 * index)),
  ...Array.from({ length: 20 }, (_, index) => `u${100 + index}x`),
  ...["", " ", "n/a", "a", "***", "jane@acme.com", "DE-48213", "1987-03-14", "007", "Zoë", "a,b;c"],
  ...['{"a":"x","b":[1,"y"]}', "{a,b}", null],
];

const common = fc.record(
  { domain: fc.constantFrom("d", "e"), onUnsupported: fc.constantFrom("nullify" as const, "redact" as const) },
  { requiredKeys: [] },
);
type Common = typeof common extends fc.Arbitrary<infer Options> ? Options : never;

const LEAVES: readonly ((common: Common) => Rule)[] = [
  () => keep(),
  () => nullify(),
  redact,
  (more) => redact({ keepLast: 2, ...more }),
  (more) => constant({ value: "7", ...more }),
  (more) => hash({ length: 8, ...more }),
  hash,
  tokenize,
  encryptDigits,
  scramble,
  (more) => fake("person.firstName", more),
  (more) => mapValues({ map: { a: "b" }, ...more }),
  (more) => pick({ from: ["gold", "silver"], ...more }),
  (more) => template({ text: "{{original.other | last 2}}-{{masked.third | first 2}}", ...more }),
];
const CONDITIONS = ["value < '5'", "value ~ '^[0-9]'", "other > value", "value > 5", "third like '%3' and value <> ''"];

const { rule } = fc.letrec<{ rule: Rule }>((tie) => {
  const inner = tie("rule");
  return {
    rule: fc.oneof(
      { maxDepth: 3 },
      fc.tuple(fc.constantFrom(...LEAVES), common).map(([leaf, more]) => leaf(more)),
      fc.tuple(fc.array(inner, { minLength: 1, maxLength: 3 }), common).map(([steps, more]) => chain(steps, more)),
      fc
        .tuple(fc.constantFrom(...CONDITIONS), inner, inner, common)
        .map(([condition, one, other, more]) => when({ if: condition, then: one, else: other, ...more })),
      fc.tuple(inner, common).map(([same, more]) => when({ if: "value ~ '[02468]$'", then: same, else: same, ...more })),
      fc.tuple(inner, common).map(([other, more]) => keepIf({ values: ["n/a", 103, "a"], else: other, ...more })),
      fc.tuple(inner, common).map(([other, more]) => nullIf({ matches: "[a-z]+", else: other, ...more })),
      fc
        .tuple(inner, inner, common)
        .map(([one, other, more]) => ifInvalid({ valid: "integer", then: one, else: other, ...more })),
      fc
        .tuple(inner, inner, fc.constantFrom("keep" as const, "redact" as const), common)
        .map(([one, other, others, more]) =>
          segments({ pattern: "([a-z]*)-?(\\d*).*", groups: { 1: one, 2: other }, others, ...more }),
        ),
      fc.tuple(inner, common).map(([leaf, more]) => maskJson({ paths: { "$..*": leaf }, ...more })),
      fc.tuple(inner, common).map(([item, more]) => maskArray({ items: item, ...more })),
      fc.tuple(inner, common).map(([item, more]) => maskList({ items: item, ...more })),
    ),
  };
});

const short = (value: string | null) => (value === null ? null : [...value].slice(0, 12).join(""));
const COLUMNS = [
  { column: columnOf(), values: VALUES },
  { column: columnOf({ type: "character varying(12)", maxLength: 12 }), values: VALUES.map(short) },
];

/** The heart of the exam, which as a whole would take a second for each of these rules. Null where the plan would refuse the rule. */
async function brokenPromises(composed: Rule, { column, values }: { readonly column: Column; readonly values: ColumnValues }) {
  const { transform, options } = composed;
  const longest = transform.maxOutputLength(options, column) ?? 0;
  if (transform.checkColumn(options, column).length > 0 || longest > (column.maxLength ?? longest)) return null;
  const subjects = values.map((_, row) => `subject ${row % 11}`);
  const others = ["other", "third"].map((name) => ({ column: columnOf("text", name), values: subjects }));
  const sitting: Sitting = { rule: composed, column, values, others };
  const domain = composed.domain ?? transform.defaultDomain(options);
  const usual = { key: new MaskingKey(parseMaskingKey(TEST_KEY)), domain, batchRows: values.length };
  const base = await sit(sitting, usual);
  if (base.kind !== "masked") return base.kind === "refused" ? null : [base.why];
  const broken = [...brokenOutputPromises(sitting, base), ...(await brokenMappingPromises(sitting, usual, [], base))];
  // Whether any value reaches a rule with a key is chance.
  return broken.filter((sentence) => !/under another (?:key|domain)/.test(sentence));
}

it("rules within rules promise no more than they keep, however they are put together", { timeout: 60_000 }, async () => {
  let examined = 0;
  const property = fc.asyncProperty(rule, fc.constantFrom(...COLUMNS), async (composed, exam) => {
    const broken = await brokenPromises(composed, exam);
    if (broken !== null) examined++;
    expect(broken ?? [], JSON.stringify(ruleData(composed), sayInJson)).toEqual([]);
  });
  await fc.assert(property, { seed: 4, numRuns: RUNS, endOnFailure: true });
  expect(examined).toBeGreaterThan(RUNS / 2);
});
