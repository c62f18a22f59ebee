import type { Column } from "../../contracts.ts";
import { canonicalOf } from "../../keys/canonical.ts";
import type { OptionSpec } from "../../option-spec.ts";
import { canStandIn } from "../cell-form.ts";
import { ALL_KINDS, defineTransform, eachValue } from "../define-transform.ts";

type Scalar = string | number | bigint | boolean;

const value: OptionSpec<Scalar, false> = {
  kind: "any",
  describe: "What every value becomes.",
  isOptional: false,
  default: undefined,
  problem: (given) =>
    ["string", "number", "bigint", "boolean"].includes(typeof given) ? null : "must be text, a number, true or false",
};

/**
 * Gives every value the same stand-in: `constant({ value: "n/a" })` makes `Ana` and `Bo` both `n/a`.
 *
 * NULL stays NULL, so who sees the copy sees which rows had a value. A value that cannot stand in the column is refused before the run. Hint: to
 * take that away too, use `nullify`.
 */
export const constant = defineTransform({
  name: "constant",
  technique: "suppression",
  accepts: ALL_KINDS,
  guarantees: {
    deterministic: true,
    uniqueness: { kind: "lossy" },
    reversible: false,
    preservesLength: false,
    changesInput: "always",
  },
  fixedPoints: {
    description: "a value that is the constant",
    isFixed: (text, options, column) => isSameCell(text, cellOf(options.value, column), column),
  },
  options: { value },
  shorthand: "value",
  maxOutputLength: (options, column) => [...cellOf(options.value, column)].length,
  onlyOutput: (options, column) => cellOf(options.value, column),
  checkColumn: (options, column) =>
    canStandIn(cellOf(options.value, column), column) ? [] : [`the constant cannot stand in a column of type ${column.type}`],
  prepare: (options, { column }) => {
    const cell = cellOf(options.value, column);
    return eachValue(() => cell);
  },
});

/** PostgreSQL has a type for truth and writes `t`; elsewhere it is a small integer. */
export function cellOf(given: Scalar, column: Column | undefined): string {
  if (typeof given !== "boolean" || column?.kind !== "boolean") return String(given);
  if (/^bool/i.test(column.type)) return given ? "t" : "f";
  return given ? "1" : "0";
}

/** `007` is the constant 7 in a column of integers. */
function isSameCell(one: string, other: string, column: Column | undefined): boolean {
  const canonical = column === undefined ? null : canonicalOf(column);
  return canonical === null ? one === other : canonical(one) === canonical(other);
}
