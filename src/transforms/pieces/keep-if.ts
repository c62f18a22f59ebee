import { refuseWindows, ruleOption } from "../../inner-rules.ts";
import { keep } from "../plain/keep.ts";
import { WHICH_VALUES, whichValues, whichValuesProblems } from "./condition-options.ts";
import { defineBranches } from "./rule-branches.ts";

/**
 * Keeps the values that a list, a pattern or a condition names, and masks all others: `keepIf({ values: ["n/a", "test"], else: redact() })` leaves `n/a` and
 * makes `Jane` into `****`.
 *
 * What is kept is a declared fixed point, said by the plan and by `explain`. Whoever sees a kept value knows that it was the original: keep what identifies
 * nobody. `matches` must match a whole value; for a part of it write `if: "value ~ '…'"`.
 */
export const keepIf = defineBranches({
  name: "keepIf",
  technique: "substitution",
  fixed: "the values that it is told to keep",
  options: { ...WHICH_VALUES, else: ruleOption({ describe: "The rule for all other values.", problem: refuseWindows }) },
  check: (options) => whichValuesProblems("keepIf", options),
  branches: (options) => ({ condition: whichValues(options), reads: options.reads, met: keep(), unmet: options.else }),
});
