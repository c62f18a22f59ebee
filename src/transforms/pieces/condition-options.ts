import type { Condition } from "../../conditions/condition.ts";
import { OWN_VALUE, readRowCondition } from "../../conditions/row-condition.ts";
import { json, type OptionSpec } from "../../option-spec.ts";
import { patternProblem } from "../../pattern-form.ts";
import type { RowPredicate } from "./rule-branches.ts";

const own: Condition = { type: "column", name: OWN_VALUE };
/** No row meets it: every value gets the rule that masks. */
const NEVER: Condition = { type: "literal", value: false };

/** A condition in words, or a function of the row where the policy is code. */
export function conditionOption(describe: string): OptionSpec<string | RowPredicate, false> {
  return {
    kind: "text",
    describe,
    isOptional: false,
    default: undefined,
    problem: (value) => {
      if (typeof value === "function") return null;
      if (typeof value !== "string" || value.trim() === "") return "must be a condition, as text";
      const read = readRowCondition(value);
      return "problem" in read ? read.problem : null;
    },
  };
}

/** The same, but it may be left out: what is said in another way. */
export function optionalCondition(describe: string): OptionSpec<string | RowPredicate | undefined, true> {
  return { ...conditionOption(describe), isOptional: true };
}

export const readsOption = json<readonly string[]>({
  kind: "list",
  describe: "Columns of the row that a function looks at.",
  optional: true,
  problem: (value) =>
    Array.isArray(value) && value.every((name) => typeof name === "string") ? null : "must be a list of column names",
});

type Listed = string | number | boolean;

/** How the short forms of `when` say which values they mean. */
export const WHICH_VALUES = {
  if: optionalCondition("The rows that are meant, as a condition: country = 'DE'."),
  values: json<readonly Listed[]>({
    kind: "list",
    describe: "The values that are meant, one by one.",
    optional: true,
    problem: (value) =>
      Array.isArray(value) && value.length > 0 && value.every((one) => ["string", "number", "boolean"].includes(typeof one))
        ? null
        : "must be a list of values, at least one",
  }),
  matches: patternOption("The values that are meant, by a regular expression that a whole value must match."),
  reads: readsOption,
} as const;

export function patternOption(describe: string): OptionSpec<string | undefined, true> {
  return { kind: "text", describe, isOptional: true, default: undefined, problem: patternProblem };
}

interface WhichValues {
  readonly if: string | RowPredicate | undefined;
  readonly values: readonly Listed[] | undefined;
  readonly matches: string | undefined;
}

/** The condition of a text that was checked. */
export function conditionOf(given: string | RowPredicate): Condition | RowPredicate {
  if (typeof given === "function") return given;
  const read = readRowCondition(given);
  return "condition" in read ? read.condition : NEVER;
}

/** The condition that the options say, in whichever way. */
export function whichValues({ if: condition, values, matches }: WhichValues): Condition | RowPredicate {
  if (condition !== undefined) return conditionOf(condition);
  if (values !== undefined) return { type: "in", of: own, list: values.map(literalOf) };
  return matches === undefined ? NEVER : wholeMatch(matches);
}

/** As text: a number in a column of numbers and a truth in one of truths are found by theirs. */
function literalOf(value: Listed): Condition {
  return { type: "literal", value: String(value) };
}

/** What is wrong with options that say it in two ways, or in none. */
export function whichValuesProblems(owner: string, { if: condition, values, matches }: WhichValues): readonly string[] {
  const said = [condition, values, matches].filter((one) => one !== undefined);
  return said.length === 1 ? [] : [`${owner} takes one of if, values and matches`];
}

/** Whether the whole value matches a pattern. */
export function wholeMatch(pattern: string): Condition {
  return { type: "regexp", of: own, pattern: { type: "literal", value: `^(?:${pattern})$` }, ignoresCase: false };
}
