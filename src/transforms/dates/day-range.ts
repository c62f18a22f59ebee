import type { Column } from "../../contracts.ts";
import { StandinError } from "../../errors.ts";
import { limitsOfType } from "./instant-limits.ts";
import { isoDate } from "./written-date.ts";
import { dayOf, dayOption } from "./written-instant.ts";

export const DAY_SECONDS = 86_400;

/** The options of transforms whose results lie between two days. */
export const RANGE_OPTIONS = {
  min: dayOption("First day of the results, 1900-01-01 where it is not said."),
  max: dayOption("Last day of the results, 2099-12-31 where it is not said."),
} as const;

export interface DayRange {
  readonly first: number;
  /** Days from the first to the last. */
  readonly days: number;
}

interface Bounds {
  readonly min?: string | undefined;
  readonly max?: string | undefined;
}

export function dayRange({ min = "1900-01-01", max = "2099-12-31" }: Bounds): DayRange {
  return { first: dayOf(min), days: dayOf(max) - dayOf(min) + 1 };
}

export function checkRange(bounds: Bounds, column?: Column): string[] {
  const { first, days } = dayRange(bounds);
  const limits = column === undefined ? null : limitsOfType(column);
  if (days < 2) return ["max must lie behind min"];
  return limits !== null && (first < limits.firstDay || first + days - 1 > limits.lastDay)
    ? [
        `a column of type ${column!.type} holds days from ${isoDate(limits.firstDay)} to ${isoDate(limits.lastDay)}: min and max must lie within`,
      ]
    : [];
}

/** What `checkColumn` refuses, for a rule that nobody has checked. */
export function needRange(bounds: Bounds): DayRange {
  const [problem] = checkRange(bounds);
  if (problem !== undefined) throw new StandinError("OPTION_INVALID", `${problem}.`);
  return dayRange(bounds);
}
