import { canonicalOf } from "../../keys/canonical.ts";
import { createColumnPrf } from "../../keys/column-prf.ts";
import { scale32 } from "../../keys/prng.ts";
import { defineTransform, LOSSY } from "../define-transform.ts";
import { checkRange, DAY_SECONDS, needRange, RANGE_OPTIONS } from "./day-range.ts";
import { drawnFraction } from "./moves.ts";
import { DATE_ORDER, DATES, instantReader, NO_DAY } from "./written-instant.ts";

/**
 * Puts a date drawn between two days in the place of a date, the same for the same value and key: with `min: "2020-01-01", max: "2024-12-31"`, `1987-03-14`
 * becomes `2022-08-09`.
 *
 * Every day is equally likely, and so is every time of day where there is one; zone, digits and text form stay. Order and distances are lost, and two dates
 * may meet. Hint: where dates are unique, use `permuteDates`; to keep distances, `shiftDates`.
 */
export const drawDates = defineTransform({
  ...DATES,
  name: "drawDates",
  technique: "substitution",
  guarantees: LOSSY,
  isKeyed: true,
  options: {
    ...RANGE_OPTIONS,
    order: DATE_ORDER,
  },
  defaultDomain: ({ min, max }) => ["drawDates", min ?? "", max ?? ""].join(":"),
  checkColumn: checkRange,
  prepare: (options, { column, deriveKey }) => {
    const { first, days } = needRange(options);
    const prf = createColumnPrf(deriveKey("drawDates"));
    const read = instantReader(column, options.order);
    const canonical = canonicalOf(column) ?? ((value: string) => value);
    return (values) => {
      const words = prf.words(values.map((value) => (value === null ? null : canonical(value))));
      return values.map((value, row) => {
        if (value === null || NO_DAY.isFixed(value, undefined, column)) return value;
        const instant = read(value);
        if (instant === null) return undefined;
        const at = row * 4;
        const fraction = drawnFraction(words[at + 2]!, instant.fraction);
        return instant.write(first + scale32(words[at]!, days), scale32(words[at + 1]!, DAY_SECONDS), fraction);
      });
    };
  },
});
