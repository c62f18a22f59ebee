import { refuseWindows, ruleOption } from "../../inner-rules.ts";
import { conditionOf, conditionOption, readsOption } from "./condition-options.ts";
import { defineBranches } from "./rule-branches.ts";

/**
 * Masks by one rule where a condition on the original row holds, and by another where it does not:
 * `when({ if: "country = 'DE'", then: encryptDigits(), else: redact() })` makes `0151 2345678` of a German row into `7302 9981465`, and of any other into
 * `************`.
 *
 * The condition speaks the SQL of CHECKs: `=`, `<`, `in (…)`, `between`, `like`, `~` (a regular expression), `is null`, `and`, `or`, `not`, `lower(…)`,
 * `length(…)` and the like, compared by what the columns hold; `value` is the value to mask. What SQL takes for NULL takes `else`; where two sides cannot be
 * compared (a number with `abc`) or a text is so long that a pattern could take more than a moment, `onUnsupported` decides. Texts are ordered by their code units. In code it may be a function of the columns in `reads`.
 *
 * The two rules may give equal values to different rows: they promise uniqueness together only where one of them draws from keyed bits, or both are the same.
 */
export const when = defineBranches({
  name: "when",
  technique: "substitution",
  fixed: "where the value alone decides, what the rule that it gets leaves or keeps",
  options: {
    if: conditionOption("A condition on the original row: country = 'DE' and value like '+49%'."),
    then: ruleOption({ describe: "The rule where it holds.", problem: refuseWindows }),
    else: ruleOption({
      describe: "The rule where it does not, or cannot be told for NULL. May be keep.",
      problem: refuseWindows,
    }),
    reads: readsOption,
  },
  branches: ({ if: condition, then, else: other, reads }) => ({
    condition: conditionOf(condition),
    reads,
    met: then,
    unmet: other,
  }),
});
