import { text } from "../../option-spec.ts";
import { ALL_KINDS, defineTransform } from "../define-transform.ts";

/**
 * Copies the column: the explicit decision that nothing in it needs a mask. Its bytes are not even decoded.
 *
 * `keep("surrogate key, means nothing outside")`: the reason stands in the plan.
 */
export const keep = defineTransform({
  name: "keep",
  technique: "none",
  accepts: ALL_KINDS,
  guarantees: {
    deterministic: true,
    uniqueness: { kind: "preserved" },
    reversible: true,
    preservesLength: true,
    changesInput: "not-promised",
  },
  fixedPoints: { description: "every value", isFixed: () => true },
  options: { reason: text({ describe: "Why the column may be copied, for whoever reads the plan.", optional: true }) },
  shorthand: "reason",
  prepare: () => (values) => values,
  reveal: () => (values) => values,
});
