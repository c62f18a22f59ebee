import { choice, type OptionSpec } from "../../option-spec.ts";
import { defineTransform, eachValue, LOSSY } from "../define-transform.ts";
import {
  type DecimalOption,
  decimalsOf,
  floorDivide,
  isDecimalOption,
  limitsOf,
  readDecimal,
  toDecimals,
} from "./number-column.ts";
import { NO_FINITE_NUMBER, NUMBERS, numberMask } from "./number-mask.ts";

/**
 * Rounds numbers to a multiple: with `to: 100`, `1234.56` becomes `1200.00`. The number of decimals stays.
 *
 * Exact, whatever the number of digits. What would leave the column's type goes the other way. A number that is such a multiple stays, and a rare size
 * is still rare: see to it that each result has enough rows. Hint: for bands of different widths, use `bucketNumber`.
 */
export const roundNumber = defineTransform({
  ...NUMBERS,
  name: "roundNumber",
  technique: "generalization",
  guarantees: LOSSY,
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
  checkColumn: ({ to }, column) => {
    const held = decimalsOf(column);
    return held !== null && readDecimal(to).decimals > held
      ? [`a column of type ${column.type} holds no multiples of ${to}`]
      : [];
  },
  prepare: ({ to, mode }, { column }) => {
    const step = readDecimal(to);
    const limits = limitsOf(column);
    return eachValue(
      numberMask(column, (number) => {
        const decimals = Math.max(number.decimals, step.decimals);
        const unit = toDecimals(step, decimals);
        let rounded = roundTo(toDecimals(number, decimals), unit, mode);
        const { least, most } = limits(decimals);
        if (most !== null && rounded > most) rounded -= unit;
        if (least !== null && rounded < least) rounded += unit;
        return { scaled: rounded, decimals };
      }),
    );
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
