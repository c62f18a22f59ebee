import { choice, type OptionSpec } from "../../option-spec.ts";
import { defineTransform, eachValue } from "../define-transform.ts";
import { formatDecimal, parseDecimal } from "./decimal-text.ts";
import {
  type DecimalOption,
  decimalsOf,
  floorDivide,
  isDecimalOption,
  limitsOf,
  NO_FINITE_NUMBER,
  readDecimal,
  toDecimals,
} from "./number-column.ts";

/**
 * Rounds numbers to a multiple: with `to: 100`, `1234.56` becomes `1200.00`. The number of decimals stays.
 *
 * Exact, whatever the number of digits. What would leave the column's type goes the other way. A number that is such a multiple stays, and a rare size
 * is still rare: see to it that each result has enough rows. Hint: for bands of different widths, use `bucketNumber`.
 */
export const roundNumber = defineTransform({
  name: "roundNumber",
  technique: "generalization",
  accepts: ["integer", "decimal", "float", "text"],
  guarantees: {
    deterministic: true,
    uniqueness: { kind: "lossy" },
    reversible: false,
    preservesLength: false,
    changesInput: "not-promised",
  },
  fixedPoints: NO_FINITE_NUMBER,
  options: {
    to: {
      kind: "any",
      describe: "What the results are multiples of: `100`, or `0.05`.",
      isOptional: false,
      default: undefined,
      problem: (value) => (isDecimalOption(value) && readDecimal(value).scaled > 0n ? null : "must be a number above 0"),
    } as OptionSpec<DecimalOption, false>,
    mode: choice({
      describe: "Where a number goes: to the nearest multiple, from the middle away from zero; or to the one below; or above.",
      choices: ["nearest", "down", "up"],
      default: "nearest",
    }),
  },
  shorthand: "to",
  maxOutputLength: (_, { maxLength }) => maxLength,
  checkColumn: ({ to }, column) => {
    const held = decimalsOf(column);
    return held !== null && readDecimal(to).decimals > held
      ? [`a column of type ${column.type} holds no multiples of ${to}`]
      : [];
  },
  prepare: ({ to, mode }, { column }) => {
    const step = readDecimal(to);
    const limits = limitsOf(column);
    const { maxLength } = column;
    return eachValue((value) => {
      if (NO_FINITE_NUMBER.isFixed(value)) return value;
      const parsed = parseDecimal(value);
      if (parsed === null) return undefined;
      const decimals = Math.max(parsed.decimals, step.decimals);
      const unit = toDecimals(step, decimals);
      let rounded = roundTo(toDecimals(parsed, decimals), unit, mode);
      const { least, most } = limits(decimals);
      if (most !== null && rounded > most) rounded -= unit;
      if (least !== null && rounded < least) rounded += unit;
      const text = formatDecimal({ scaled: rounded, decimals });
      return maxLength !== null && text.length > maxLength ? undefined : text;
    });
  },
});

function roundTo(value: bigint, unit: bigint, mode: "nearest" | "down" | "up"): bigint {
  switch (mode) {
    case "down":
      return floorDivide(value, unit) * unit;
    case "up":
      return -floorDivide(-value, unit) * unit;
    case "nearest": {
      const size = value < 0n ? -value : value;
      const rounded = ((2n * size + unit) / (2n * unit)) * unit;
      return value < 0n ? -rounded : rounded;
    }
  }
}
