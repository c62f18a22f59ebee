import type { ColumnContext, MaskedValues, RowBatch } from "../../contracts.ts";
import { integer, text } from "../../option-spec.ts";
import { type DateOrder, instantReader, type WrittenInstant } from "./written-instant.ts";

/** The options of transforms that keep a row's dates in order. */
export const ORDER_OPTIONS = {
  after: text({
    describe: "A column of dates of the same row: what was not before it stays not before what it becomes.",
    optional: true,
    minLength: 1,
  }),
  gap: integer({ describe: "Least distance behind `after`, in the unit of the move.", default: 0, min: 0 }),
} as const;

const DAY = 86_400;

/** Moves back behind another date what had stood behind it. `draws` gives a word for each row: where in the distance that there was it will stand. */
export type KeepOrder = (
  values: readonly (string | null)[],
  masked: MaskedValues,
  draws: (row: number) => number,
  batch: RowBatch,
) => MaskedValues;

/** `unit`: seconds by which dates move, 1 or a day. */
export function keepOrder(
  { column, other }: ColumnContext,
  { after, gap, order }: { readonly after: string; readonly gap: number; readonly order: DateOrder },
  unit: number,
): KeepOrder {
  const { index, column: otherColumn } = other(after);
  const readOwn = instantReader(column, order);
  const readOther = instantReader(otherColumn, order);
  return (values, masked, draws, batch) => {
    const before = batch.column(index);
    const beforeMasked = batch.replacement(index) ?? before;
    return masked.map((text, row) => {
      if (typeof text !== "string" || before[row] == null || beforeMasked[row] == null) return text;
      const [from, to] = [readOther(before[row]), readOwn(values[row]!)];
      const [fromMasked, toMasked] = [readOther(beforeMasked[row]), readOwn(text)];
      if (from === null || to === null || fromMasked === null || toMasked === null) return text;
      // Beside a date without a time, days alone compare.
      const inDays = from.second === null || to.second === null;
      const distance = instantOf(to, inDays) - instantOf(from, inDays);
      if (distance < 0) return text;
      const earliest = instantOf(fromMasked, inDays) + gap * unit;
      if (instantOf(toMasked, inDays) >= earliest) return text;
      const room = Math.max(0, distance - gap * unit);
      return moveTo(toMasked, earliest + Math.floor((draws(row) / 2 ** 32) * room), earliest, inDays ? DAY : unit);
    });
  };
}

/** Seconds from 1970 in UTC; whole days where only they count. */
function instantOf({ day, second, offset, fraction }: WrittenInstant, inDays: boolean): number {
  if (inDays || second === null) return day * DAY;
  return day * DAY + second - offset + (fraction === "" ? 0 : Number(`0.${fraction}`));
}

/** The text with another instant, whole units from where it is, at `wanted` or as soon as possible after `earliest`. */
function moveTo(instant: WrittenInstant, wanted: number, earliest: number, unit: number): string | undefined {
  const now = instantOf(instant, unit === DAY && instant.second === null);
  let units = Math.floor((wanted - now) / unit);
  if (now + units * unit < earliest) units++;
  if (unit === DAY) return instant.write(instant.day + units);
  const local = instant.day * DAY + instant.second! + units;
  return instant.write(Math.floor(local / DAY), local - Math.floor(local / DAY) * DAY);
}
