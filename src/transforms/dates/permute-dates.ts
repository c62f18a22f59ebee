import type { ColumnContext, MaskColumn } from "../../contracts.ts";
import { createPermutation } from "../../keys/permutation.ts";
import type { OptionsValue } from "../../option-spec.ts";
import { defineTransform } from "../define-transform.ts";
import { SMALL_DOMAIN } from "../tokens/small-domains.ts";
import { dayNumber } from "./calendar.ts";
import { checkRange, DAY_SECONDS, dayRange, needRange, RANGE_OPTIONS } from "./day-range.ts";
import { DATE_ORDER, DATES, instantReader, NO_DAY, type WrittenInstant } from "./written-instant.ts";

const OPTIONS = { ...RANGE_OPTIONS, order: DATE_ORDER } as const;

type Options = OptionsValue<typeof OPTIONS>;

/**
 * Exchanges dates between two days one for one, so that a unique column stays unique: `1987-03-14` becomes `2061-10-30`. Dates without a time are exchanged
 * day for day, timestamps second for second.
 *
 * A keyed permutation of all of them: order, distances and seasons are lost, equality stays. A date outside of `min` and `max` is unsupported: choose bounds that
 * hold every date. Digits behind the second and the zone stay. Days are few: who knows the key's other pairs, or tries a date and sees the result, learns the
 * pair. Hint: for dates that need not be unique, `drawDates`, or `shiftDates`, which keeps distances.
 */
export const permuteDates = defineTransform({
  ...DATES,
  name: "permuteDates",
  unsupported:
    "what is no date in ISO's form or that of `order`, with four digits for the year, dates without all their digits (1.5.1980, 12:30), or outside of `min` and `max`",
  technique: "pseudonymization",
  guarantees: {
    deterministic: true,
    uniqueness: { kind: "preserved" },
    reversible: true,
    preservesLength: true,
    changesInput: "almost-always",
  },
  isKeyed: true,
  options: OPTIONS,
  defaultDomain: ({ min, max }) => ["permuteDates", min ?? "", max ?? ""].join(":"),
  smallDomain: (options, { kind }) => {
    const { days } = dayRange(options);
    const size = kind === "timestamp" ? days * DAY_SECONDS : days;
    return size < SMALL_DOMAIN ? size : null;
  },
  checkColumn: checkRange,
  prepare: (options, context) => createMask(options, context, "forward"),
  reveal: (options, context) => createMask(options, context, "backward"),
});

function createMask(options: Options, { column, deriveKey }: ColumnContext, direction: "forward" | "backward"): MaskColumn {
  const { first, days } = needRange(options);
  const byDay = createPermutation(deriveKey("permuteDates:days"), days)[direction];
  const bySecond = createPermutation(deriveKey("permuteDates:seconds"), days * DAY_SECONDS)[direction];
  const read = instantReader(column, options.order);
  return (values) => {
    const masked = new Array<string | null | undefined>(values.length).fill(undefined);
    const dates: Slot[] = [];
    const times: Slot[] = [];
    for (const [row, value] of values.entries()) {
      if (value === null || NO_DAY.isFixed(value, undefined, column)) masked[row] = value;
      else {
        const instant = read(value);
        if (instant === null || !isWhole(instant, options.order)) continue;
        const [rank, size] =
          instant.second === null
            ? [instant.day - first, days]
            : [(instant.day - first) * DAY_SECONDS + instant.second - instant.offset, days * DAY_SECONDS];
        if (rank >= 0 && rank < size) (instant.second === null ? dates : times).push({ row, instant, rank });
      }
    }
    place(dates, byDay, (rank, { write }) => write(first + rank), masked);
    place(times, bySecond, (rank, { write, offset }) => writeAt(write, first * DAY_SECONDS + rank + offset), masked);
    return masked;
  };
}

interface Slot {
  readonly row: number;
  readonly instant: WrittenInstant;
  readonly rank: number;
}

function place(
  slots: readonly Slot[],
  permute: (ranks: Float64Array) => Float64Array,
  write: (rank: number, instant: WrittenInstant) => string | undefined,
  masked: (string | null | undefined)[],
): void {
  const ranks = permute(Float64Array.from(slots, ({ rank }) => rank));
  for (const [index, { row, instant }] of slots.entries()) masked[row] = write(ranks[index]!, instant);
}

/** By the clock of its own zone: instants are exchanged, and equal ones in two zones stay equal. */
function writeAt(write: WrittenInstant["write"], seconds: number): string | undefined {
  const day = Math.floor(seconds / DAY_SECONDS);
  return write(day, seconds - day * DAY_SECONDS);
}

/** Two days that differ in length where a text writes no zeros before one digit. */
const SHORT_DAY = dayNumber(2000, 1, 1);
const LONG_DAY = dayNumber(2000, 12, 31);

/** Whether the text writes all digits of day, month and second: others (1.5.1980, 12:30) have room for less than every result. */
function isWhole({ write, second, hasSeconds }: WrittenInstant, order: Options["order"]): boolean {
  if (second !== null && !hasSeconds) return false;
  return order === "iso" || write(SHORT_DAY)?.length === write(LONG_DAY)?.length;
}
