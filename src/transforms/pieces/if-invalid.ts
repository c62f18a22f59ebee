import { type Condition, negated } from "../../conditions/condition.ts";
import { OWN_VALUE } from "../../conditions/row-condition.ts";
import { refuseWindows, ruleOption } from "../../inner-rules.ts";
import type { OptionSpec } from "../../option-spec.ts";
import { patternProblem } from "../../pattern-form.ts";
import { nearestNames } from "../nearest-name.ts";
import { wholeMatch } from "./condition-options.ts";
import { defineBranches } from "./rule-branches.ts";

/** Forms by name. Only what can be seen of a value alone: whether a mailbox is there, nobody asks. */
const FORMS = {
  email: '[^\\s@,;<>"]+@[^\\s@,;<>"]+\\.[^\\s@,;<>".]{2,}',
  uuid: "[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}",
  integer: "[-+]?\\d+",
  number: "[-+]?\\d+(?:\\.\\d+)?(?:[eE][-+]?\\d+)?",
  date: "\\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01])",
  url: "[a-zA-Z][a-zA-Z0-9+.\\-]*://[^\\s/]+(?:/\\S*)?",
  ipv4: "(?:(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)\\.){3}(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)",
  phone: "\\+?[0-9()./ \\-]{6,24}",
} as const;

const NAMES = [...Object.keys(FORMS), "json"];

const valid: OptionSpec<string, false> = {
  kind: "text",
  describe: `What a value should be: ${NAMES.join(", ")}, or a regular expression that a whole value must match.`,
  isOptional: false,
  default: undefined,
  suggestions: NAMES,
  problem: (value) => (NAMES.includes(value as string) ? null : (mistypedProblem(value) ?? patternProblem(value))),
};

/** A word alone would be a pattern that one value matches: nobody means that. */
function mistypedProblem(value: unknown): string | null {
  if (typeof value !== "string" || !/^\w+$/.test(value)) return null;
  return `is no form: did you mean ${nearestNames(value, NAMES).join(", ")}?`;
}

/**
 * Masks the values that are not of a form by one rule, and those that are by another: `ifInvalid({ valid: "email", then: redact(), else: fake("internet.email") })`
 * makes `call her` into `********` and `jane@acme.com` into `mo.brandt@example.net`.
 *
 * Columns of mail addresses hold notes and telephone numbers too: what is invalid is data all the same, so a rule must say what becomes of it.
 */
export const ifInvalid = defineBranches({
  name: "ifInvalid",
  technique: "substitution",
  fixed: "what the rule that a value gets leaves or keeps",
  options: {
    valid,
    then: ruleOption({ describe: "The rule for values that are not of this form.", problem: refuseWindows }),
    else: ruleOption({ describe: "The rule for those that are.", problem: refuseWindows }),
  },
  branches: ({ valid, then, else: other }) => ({ condition: negated(true, formOf(valid)), met: then, unmet: other }),
});

function formOf(name: string): Condition {
  if (name === "json") return { type: "call", name: "json_valid", parameters: [{ type: "column", name: OWN_VALUE }] };
  return wholeMatch(Object.hasOwn(FORMS, name) ? FORMS[name as keyof typeof FORMS] : name);
}
