import { refuseWindows, ruleOption } from "../../inner-rules.ts";
import { nullify } from "../plain/nullify.ts";
import { WHICH_VALUES, whichValues, whichValuesProblems } from "./condition-options.ts";
import { defineBranches } from "./rule-branches.ts";

/**
 * Makes the values that a list, a pattern or a condition names into NULL, and masks all others: `nullIf({ values: ["", "unknown"], else: hash() })` makes
 * `unknown` into NULL.
 *
 * `matches` must match a whole value; for a part of it write `if: "value ~ '…'"`. Hint: to keep such values, use `keepIf`.
 */
export const nullIf = defineBranches({
  name: "nullIf",
  technique: "suppression",
  fixed: "what the rule for all other values leaves",
  options: { ...WHICH_VALUES, else: ruleOption({ describe: "The rule for all other values.", problem: refuseWindows }) },
  check: (options) => whichValuesProblems("nullIf", options),
  branches: (options) => ({ condition: whichValues(options), reads: options.reads, met: nullify(), unmet: options.else }),
});
