import { defineTransform, eachValue } from "../define-transform.ts";
import { formatDecimal, parseDecimal } from "./decimal-text.ts";
import { compareDecimals, decimalOption, decimalsOf, NO_FINITE_NUMBER, readDecimal, toDecimals } from "./number-column.ts";

/**
 * Cuts off the ends of a range (top and bottom coding): with `max: 250000`, `1830000.00` becomes `250000.00`. What lies between stays.
 *
 * Hides the few that stand out, and nothing of the rest. Infinities are cut off too; NaN stays. Hint: for the rest, `chain` with `addNoise` or `roundNumber`.
 */
export const clampNumber = defineTransform({
  name: "clampNumber",
  technique: "generalization",
  accepts: ["integer", "decimal", "float", "text"],
  guarantees: {
    deterministic: true,
    uniqueness: { kind: "lossy" },
    reversible: false,
    preservesLength: false,
    changesInput: "not-promised",
  },
  fixedPoints: { description: "an empty string and NaN", isFixed: (value) => value === "" || value === "NaN" },
  options: {
    min: decimalOption("Least result: smaller numbers become this one."),
    max: decimalOption("Largest result: larger numbers become this one."),
  },
  maxOutputLength: (_, { maxLength }) => maxLength,
  checkColumn: ({ min, max }, column) => {
    const { range, type } = column;
    const held = decimalsOf(column);
    const given = [min, max].filter((bound) => bound !== undefined).map(readDecimal);
    return [
      ...(given.length === 0 ? ["clampNumber needs min, max or both"] : []),
      ...(given.length === 2 && compareDecimals(given[0]!, given[1]!) > 0 ? ["min is above max"] : []),
      ...(held !== null && given.some(({ decimals }) => decimals > held)
        ? [`a column of type ${type} holds fewer decimals than min or max`]
        : []),
      ...(range !== null &&
      given.some(
        (bound) =>
          compareDecimals(bound, { scaled: range.min, decimals: 0 }) < 0 ||
          compareDecimals(bound, { scaled: range.max, decimals: 0 }) > 0,
      )
        ? ["min or max lies outside of the column's type"]
        : []),
    ];
  },
  prepare: ({ min, max }, { column: { maxLength } }) => {
    const least = min === undefined ? null : readDecimal(min);
    const most = max === undefined ? null : readDecimal(max);
    return eachValue((value) => {
      if (value === "" || value === "NaN") return value;
      if (NO_FINITE_NUMBER.isFixed(value)) {
        const bound = value.startsWith("-") ? least : most;
        return bound === null ? value : formatDecimal(bound);
      }
      const parsed = parseDecimal(value);
      if (parsed === null) return undefined;
      const bound =
        least !== null && compareDecimals(parsed, least) < 0
          ? least
          : most !== null && compareDecimals(parsed, most) > 0
            ? most
            : null;
      if (bound === null) return value;
      const decimals = Math.max(parsed.decimals, bound.decimals);
      const text = formatDecimal({ scaled: toDecimals(bound, decimals), decimals });
      return maxLength !== null && text.length > maxLength ? undefined : text;
    });
  },
});
