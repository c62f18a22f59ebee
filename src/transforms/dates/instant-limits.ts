import type { Column } from "../../contracts.ts";

const DAY = 86_400;

/** The instants that a type holds, where it holds fewer than a text can write. */
export interface InstantLimits {
  /** Days that it holds whole, in every zone. */
  readonly firstDay: number;
  readonly lastDay: number;
  /** `second` in UTC, which may lie before or behind the day. */
  hold(day: number, second: number): boolean;
}

export function limitsOfType({ secondRange }: Pick<Column, "secondRange">): InstantLimits | null {
  if (secondRange === undefined) return null;
  const { min, max } = secondRange;
  return {
    firstDay: Math.ceil(min / DAY),
    lastDay: Math.floor((max + 1) / DAY) - 1,
    hold: (day, second) => day * DAY + second >= min && day * DAY + second <= max,
  };
}
