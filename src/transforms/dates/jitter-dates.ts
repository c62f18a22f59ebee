import { createColumnPrf } from "../../keys/column-prf.ts";
import { integer } from "../../option-spec.ts";
import { defineTransform } from "../define-transform.ts";
import { subjectReader } from "../subject.ts";
import { keepOrder } from "./date-order.ts";
import { drawnFraction, MOVE_OPTIONS, MOVES, signedDraw } from "./moves.ts";
import { DATES, instantReader, NO_DAY } from "./written-instant.ts";

const DAY = 86_400;

/**
 * Moves timestamps by a keyed number of seconds: with `seconds: 900`, `2024-05-01 12:30:00.25` becomes `2024-05-01 12:22:41.83`, at most a quarter of an hour
 * away.
 *
 * Digits behind the second are drawn anew, as many as there were; zone and text form stay. Each value moves by itself, or with `by` all of a subject by the same seconds.
 * With `after: "created_at"` what was not before that column's time is not before its stand-in, at least `gap` seconds behind it. Day and hour stay visible, and who
 * knows about when something happened finds it. What would leave its column's type moves the other way. Hint: to move by days, `shiftDates`.
 */
export const jitterDates = defineTransform({
  ...DATES,
  ...MOVES,
  name: "jitterDates",
  accepts: ["timestamp", "text"],
  unsupported:
    "what is no date in ISO's form or that of `order`, with four digits for the year, a date without a time, one whose `by` is NULL, and a result that its column does not hold",
  options: {
    seconds: integer({ describe: "Farthest move in seconds, to either side; never 0.", default: 3600, min: 1, max: 31_622_400 }),
    ...MOVE_OPTIONS,
  },
  shorthand: "seconds",
  prepare: ({ seconds, by, after, gap, order }, context) => {
    const { column } = context;
    const prf = createColumnPrf(context.deriveKey("jitterDates"));
    const subjectsOf = subjectReader(by, context);
    const read = instantReader(column, order);
    const inOrder = after === undefined ? null : keepOrder(context, { after, gap, order }, 1);
    return (values, batch) => {
      const subjects = subjectsOf(values, batch);
      const words = prf.words(subjects);
      const moved = values.map((value, row) => {
        if (value === null || NO_DAY.isFixed(value, undefined, column)) return value;
        const instant = subjects[row] === null ? null : read(value);
        // A date without a time does not move by seconds.
        if (instant === null || instant.second === null) return undefined;
        const offset = signedDraw(words[row * 4]!, seconds);
        const fraction = drawnFraction(words[row * 4 + 1]!, instant.fraction);
        const now = instant.day * DAY + instant.second;
        const writeAt = (at: number) => instant.write(Math.floor(at / DAY), at - Math.floor(at / DAY) * DAY, fraction);
        return writeAt(now + offset) ?? writeAt(now - offset);
      });
      return inOrder === null ? moved : inOrder(values, moved, (row) => words[row * 4 + 2]!, batch);
    };
  },
});
