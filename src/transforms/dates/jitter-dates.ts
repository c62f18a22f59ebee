import { canonicalOf } from "../../keys/canonical.ts";
import { createColumnPrf } from "../../keys/column-prf.ts";
import { integer, text } from "../../option-spec.ts";
import { defineTransform } from "../define-transform.ts";
import { keepOrder, ORDER_OPTIONS } from "./date-order.ts";
import { DATE_ORDER, NO_DAY, readInstant } from "./written-instant.ts";

const DAY = 86_400;

/**
 * Moves timestamps by a keyed number of seconds: with `seconds: 900`, `2024-05-01 12:30:00.25` becomes `2024-05-01 12:22:41.83`, at most a quarter of an hour
 * away.
 *
 * Digits behind the second are drawn anew, as many as there were; zone and text form stay. Each value moves by itself, or with `by` all of a subject by the same seconds.
 * With `after: "created_at"` what was not before that column's time is not before its stand-in, at least `gap` seconds behind it. Day and hour stay visible, and who
 * knows about when something happened finds it. Hint: to move by days, `shiftDates`.
 */
export const jitterDates = defineTransform({
  name: "jitterDates",
  technique: "perturbation",
  accepts: ["timestamp", "text"],
  guarantees: ({ after }) => ({
    deterministic: true,
    uniqueness: { kind: "lossy" },
    reversible: false,
    preservesLength: false,
    changesInput: after === undefined ? "always" : "not-promised",
  }),
  fixedPoints: NO_DAY,
  isKeyed: true,
  options: {
    seconds: integer({ describe: "Farthest move in seconds, to either side; never 0.", default: 3600, min: 1, max: 31_622_400 }),
    by: text({ describe: "The column that names the subject: its times move together.", optional: true, minLength: 1 }),
    ...ORDER_OPTIONS,
    order: DATE_ORDER,
  },
  shorthand: "seconds",
  reads: ({ by, after }) => [by, after].filter((name) => name !== undefined),
  readsMasked: ({ after }) => (after === undefined ? [] : [after]),
  prepare: ({ seconds, by, after, gap, order }, context) => {
    const prf = createColumnPrf(context.deriveKey("jitterDates"));
    const subject = by === undefined ? null : context.other(by);
    const canonical = canonicalOf(subject?.column ?? context.column);
    const inOrder = after === undefined ? null : keepOrder(context, { after, gap, order }, 1);
    return (values, batch) => {
      const subjects = subject === null ? values : batch.column(subject.index);
      const words = prf.words(
        canonical === null ? subjects : subjects.map((value) => (value === null ? null : canonical(value))),
      );
      const moved = values.map((value, row) => {
        if (value === null || NO_DAY.isFixed(value)) return value;
        const instant = subjects[row] === null ? null : readInstant(value, order);
        // A date without a time does not move by seconds.
        if (instant === null || instant.second === null) return undefined;
        const offset = offsetOf(words[row * 4]!, seconds);
        const at = instant.day * DAY + instant.second + offset;
        return instant.write(
          Math.floor(at / DAY),
          at - Math.floor(at / DAY) * DAY,
          digitsOf(words[row * 4 + 1]!, instant.fraction),
        );
      });
      return inOrder === null ? moved : inOrder(values, moved, (row) => words[row * 4 + 2]!, batch);
    };
  },
});

/** One of -seconds … -1, 1 … seconds, by a keyed word. */
function offsetOf(word: number, seconds: number): number {
  const drawn = Math.floor((word / 0x1_0000_0000) * 2 * seconds);
  return drawn < seconds ? drawn - seconds : drawn - seconds + 1;
}

/** As many digits as there were; none but zeros stay zeros, which say that nobody measured them. */
function digitsOf(word: number, fraction: string): string {
  if (/^0*$/.test(fraction)) return fraction;
  return String(word % 1_000_000_000)
    .padStart(9, "0")
    .slice(0, fraction.length)
    .padEnd(fraction.length, "0");
}
