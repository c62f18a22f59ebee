import { defineTransform, eachValue, isEmptyCell, LOSSY } from "../define-transform.ts";
import { formatDecimal } from "./decimal-text.ts";
import { areHeld, compareDecimals, decimalOption, decimalsOf, readDecimal, toDecimals } from "./number-column.ts";
import { NUMBERS, numberMask, numberText } from "./number-mask.ts";

/**
 * Cuts off the ends of a range (top and bottom coding): with `max: 250000`, `1830000.00` becomes `250000.00`. What lies between stays.
 *
 * Hides the few that stand out, and nothing of the rest. Infinities are cut off too; NaN stays. Hint: for the rest, `chain` with `addNoise` or `roundNumber`.
 */
export const clampNumber = defineTransform({
  ...NUMBERS,
  name: "clampNumber",
  technique: "generalization",
  guarantees: LOSSY,
  fixedPoints: {
    description: "an empty string and NaN",
    isFixed: (value, _, column) => isEmptyCell(value, column?.isPadded ?? false) || /^NaN *$/.test(value),
  },
  options: {
    min: decimalOption("Least result: smaller numbers become this one."),
    max: decimalOption("Largest result: larger numbers become this one."),
  },
  checkColumn: ({ min, max }, column) => {
    const held = decimalsOf(column);
    const given = [min, max].filter((bound) => bound !== undefined).map(readDecimal);
    return [
      ...(given.length === 0 ? ["clampNumber needs min, max or both"] : []),
      ...(given.length === 2 && compareDecimals(given[0]!, given[1]!) > 0 ? ["min is above max"] : []),
      ...(held !== null && given.some(({ decimals }) => decimals > held)
        ? [`a column of type ${column.type} holds fewer decimals than min or max`]
        : []),
      ...(areHeld(given, column) ? [] : ["min or max lies outside of the column's type"]),
    ];
  },
  prepare: ({ min, max }, { column }) => {
    const least = min === undefined ? null : readDecimal(min);
    const most = max === undefined ? null : readDecimal(max);
    const finite = numberMask(column, (number) => {
      const bound =
        least !== null && compareDecimals(number, least) < 0
          ? least
          : most !== null && compareDecimals(number, most) > 0
            ? most
            : null;
      if (bound === null) return number;
      const decimals = Math.max(number.decimals, bound.decimals);
      return { scaled: toDecimals(bound, decimals), decimals };
    });
    const ends: Readonly<Record<string, string | undefined>> = {
      Infinity: most === null ? undefined : formatDecimal(most),
      "+Infinity": most === null ? undefined : formatDecimal(most),
      "-Infinity": least === null ? undefined : formatDecimal(least),
    };
    return eachValue((value) => ends[numberText(value, column)] ?? finite(value));
  },
});
