import type { Rule, Uniqueness } from "../contracts.ts";
import { needsKey } from "../inner-rules.ts";
import type { ColumnPlan } from "./plan.ts";

const UNSUPPORTED = {
  fail: "a value that it cannot handle stops the run",
  nullify: "a value that it cannot handle becomes NULL",
  redact: "a value that it cannot handle is redacted",
} as const;

/** What a column's rule promises, a sentence each. Empty where there is no rule. */
export function guaranteeWords({ rule, decision, guarantees }: ColumnPlan): readonly string[] {
  if (rule === null || guarantees === null) return [];
  if (decision === "keep") return ["every value arrives as the source wrote it"];
  const { transform } = rule;
  const words = [
    determinismText(rule, guarantees.deterministic),
    uniquenessText(guarantees.uniqueness),
    reversalText(rule, guarantees.reversible, guarantees.deterministic),
  ];
  if (guarantees.preservesLength) words.push("the length stays, and can be seen");
  if (guarantees.changesInput === "always") {
    const fixed = transform.fixedPoints;
    words.push(`no value comes out as it was${fixed === null ? "" : `, but for ${fixed.description}`}`);
  } else if (guarantees.changesInput === "not-promised") words.push("a value may come out as it was");
  words.push(transform.seesNull ? "NULLs are masked like values" : "NULL stays NULL", UNSUPPORTED[rule.onUnsupported]);
  return words;
}

function determinismText(rule: Rule, isDeterministic: boolean): string {
  if (!isDeterministic) return "the same value may get another result in another run";
  const under = needsKey(rule) ? " under one key" : "";
  return `the same value gets the same result${under}, in every table, database and run`;
}

function uniquenessText(uniqueness: Uniqueness): string {
  switch (uniqueness.kind) {
    case "preserved":
      return "different values get different results";
    case "unlikely-lost":
      return `different values get different results, but for odds of ${Math.floor(uniqueness.bits)} bits`;
    case "lossy":
      return "different values may get the same result";
  }
}

function reversalText(rule: Rule, isReversible: boolean, isDeterministic: boolean): string {
  if (isReversible) return "whoever has the key can get the value back";
  if (needsKey(rule) && isDeterministic) return "whoever has the key can try values, and cannot compute one back";
  return "no key gives the value back";
}
