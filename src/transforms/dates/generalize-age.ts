import { integer } from "../../option-spec.ts";
import { defineTransform, EMPTY_STAYS, eachValue, isEmptyCell, LOSSY } from "../define-transform.ts";
import { dateOf } from "./calendar.ts";
import { DATE_ORDER, dayOf, dayOption, readInstant } from "./written-instant.ts";

/** Nobody is older. */
const OLDEST = 150;

/** `100-109` */
const LONGEST_BAND = 7;

/**
 * Puts ages into bands, the oldest into one: `34` becomes `30-39` in a column of text and `30` in one of integers, and `93` becomes `90+`.
 *
 * With `at: "2025-01-01"` a date of birth in a column of text counts as the age on that day. The band from 90 on is what HIPAA asks for (45 CFR
 * 164.514(b)(2)(i)(C)). An age that begins its band stays in a column of integers. Hint: for a column of dates, `generalizeDate` with `topAge`; for bands of
 * your own, `bucketNumber`.
 */
export const generalizeAge = defineTransform({
  name: "generalizeAge",
  technique: "generalization",
  accepts: ["integer", "text"],
  unsupported: "what is neither an age of 0 to 150 whole years nor, with `at`, a date of birth in ISO's form or that of `order`",
  guarantees: LOSSY,
  fixedPoints: EMPTY_STAYS,
  options: {
    width: integer({ describe: "Years of a band.", default: 10, min: 1, max: 100 }),
    top: integer({ describe: "First age of the band of the oldest.", default: 90, min: 1, max: OLDEST }),
    at: dayOption("The day on which the age of a date of birth counts; without it dates are unsupported."),
    order: DATE_ORDER,
  },
  shorthand: "width",
  maxOutputLength: (_, { kind, isPadded, maxLength }) =>
    kind === "text" ? Math.max(LONGEST_BAND, isPadded ? (maxLength ?? 0) : 0) : null,
  prepare: ({ width, top, at, order }, { column }) => {
    const reference = at === undefined ? null : dateOf(dayOf(at));
    const ageOf = (value: string): number => {
      if (/^\d{1,3}$/.test(value)) return Number(value);
      const born = reference === null ? null : readInstant(value, order);
      if (born === null || reference === null) return -1;
      const date = dateOf(born.day);
      const hadBirthday = reference.month > date.month || (reference.month === date.month && reference.day >= date.day);
      return reference.year - date.year - (hadBirthday ? 0 : 1);
    };
    return eachValue((value) => {
      if (isEmptyCell(value, column.isPadded)) return value;
      const age = ageOf(column.isPadded ? value.trimEnd() : value);
      if (age < 0 || age > OLDEST) return undefined;
      const first = age >= top ? top : age - (age % width);
      if (column.kind === "integer") return String(first);
      if (age >= top) return `${top}+`;
      const last = Math.min(first + width, top) - 1;
      return first === last ? String(first) : `${first}-${last}`;
    });
  },
});
