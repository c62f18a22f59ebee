import { ALL_KINDS, defineTransform } from "../define-transform.ts";

/**
 * Empties the column: `+49 30 901820` becomes NULL, and so does everything else.
 *
 * Tells nobody anything, not even how often a value occurred. A column that is NOT NULL is refused before the run. Hint: there, use
 * `constant`.
 */
export const nullify = defineTransform({
  name: "nullify",
  technique: "suppression",
  accepts: ALL_KINDS,
  guarantees: {
    deterministic: true,
    uniqueness: { kind: "lossy", onlyNull: true },
    reversible: false,
    preservesLength: false,
    changesInput: "always",
  },
  options: {},
  givesNull: () => true,
  prepare: () => (values) => new Array<null>(values.length).fill(null),
});
