import type { Column, ColumnValues, FixedPoints, MaskedValues } from "../../contracts.ts";
import { canonicalOf } from "../../keys/canonical.ts";
import { createColumnPrf } from "../../keys/column-prf.ts";
import { integer, number, text } from "../../option-spec.ts";
import { defineTransform } from "../define-transform.ts";
import { formatDecimal, parseDecimal } from "./decimal-text.ts";
import { keepSum as evenOut } from "./keep-sum.ts";
import { limitsOf, type NumberLimits, readDecimal, toDecimals } from "./number-column.ts";

const NO_NUMBER: FixedPoints = {
  description: "an empty string, zero, NaN and the infinities",
  isFixed: (value) => /^([+-]?0*(\.0*)?([eE][+-]?\d+)?|NaN|[+-]?Infinity)$/.test(value),
};

/** Noise is drawn in this many steps to either side. */
const STEPS = 1n << 30n;

/**
 * Moves numbers by a keyed amount: with `ratio: 0.1`, `250.00` becomes `263.18`, at most a tenth away. The number of decimals, the sign and zero
 * stay.
 *
 * Equal values move alike, or, with `by`, all values of a subject by the same share. A value's size stays visible, and an average over many subjects
 * is close to the true one. With `keepSum: 1000` the sum and the mean of every 1,000 rows are exact, where the numbers' bounds leave room, at the price that
 * a number depends on the rows around it: equal values move apart, and another order gives other numbers. Hint: to keep a column's whole distribution,
 * use `shuffle`. Hint: for a number that tells who it is, use `encryptDigits` or `tokenize`.
 */
export const addNoise = defineTransform({
  name: "addNoise",
  technique: "perturbation",
  accepts: ["integer", "decimal", "float", "text"],
  guarantees: ({ keepSum }) => ({
    // A window's noise depends on the rows that stand in it.
    deterministic: keepSum === undefined,
    uniqueness: { kind: "lossy" },
    reversible: false,
    preservesLength: false,
    changesInput: "not-promised",
  }),
  fixedPoints: NO_NUMBER,
  isKeyed: true,
  options: {
    ratio: number({
      describe: "Farthest move as a share of the value, where no amount is given.",
      default: 0.1,
      min: 0.000001,
      max: 1,
    }),
    amount: number({ describe: "Farthest move as a number, instead of a share.", optional: true, min: 0.000001 }),
    min: number({ describe: "Least result.", optional: true }),
    max: number({ describe: "Largest result.", optional: true }),
    by: text({
      describe: "The column that names the subject: its numbers move by the same share.",
      optional: true,
      minLength: 1,
    }),
    keepSum: integer({
      describe: "Rows whose sum, and mean, stay: their noise is evened out among them. The last window has up to twice as many.",
      optional: true,
      min: 20,
      max: 100_000,
    }),
  },
  windowRows: ({ keepSum }) => keepSum ?? 1,
  reads: ({ by }) => (by === undefined ? [] : [by]),
  checkColumn: ({ min, max }, { range }) => {
    const problems: string[] = [];
    if (min !== undefined && max !== undefined && min > max) problems.push("min is above max.");
    if (range !== null && ((min ?? -Infinity) > Number(range.max) || (max ?? Infinity) < Number(range.min))) {
      problems.push("min or max lies outside of the column's type.");
    }
    return problems;
  },
  prepare: ({ ratio, amount, min, max, by, keepSum }, context) => {
    const prf = createColumnPrf(context.deriveKey("addNoise"));
    const subject = by === undefined ? null : context.other(by);
    const canonical = canonicalOf(subject?.column ?? context.column);
    const limitsAt = boundsOf(context.column, min, max);
    return (values, batch) => {
      const subjects = subject === null ? values : batch.column(subject.index);
      const words = prf.words(
        canonical === null ? subjects : subjects.map((value) => (value === null ? null : canonical(value))),
      );
      const moved = values.map((value, index) => {
        if (value === null || NO_NUMBER.isFixed(value)) return value;
        if (subjects[index] === null) return undefined;
        return noisy(value, words[index * 4]!, ratio, amount ?? null, limitsAt);
      });
      return keepSum === undefined ? moved : withSum(values, moved, limitsAt);
    };
  },
});

function noisy(
  value: string,
  word: number,
  ratio: number,
  amount: number | null,
  limitsAt: (decimals: number) => NumberLimits,
): string | undefined {
  const parsed = parseDecimal(value);
  if (parsed === null) return undefined;
  const { scaled, decimals } = parsed;
  const size = scaled < 0n ? -scaled : scaled;
  // Share of the farthest move, from -2^30 to 2^30 without 0.
  const drawn = BigInt(word >>> 2) + 1n;
  const share = (word & 1) === 0 ? drawn : -drawn;
  const farthest =
    amount === null ? (size * BigInt(Math.round(ratio * 1e6))) / 1_000_000n : toDecimals(readDecimal(amount), decimals);
  let move = (farthest * share) / STEPS;
  // What rounds to no move at all moves by one step of its last decimal, away from zero.
  if (move === 0n) move = scaled < 0n ? -1n : 1n;
  const sign = scaled < 0n ? -1n : 1n;
  let moved = scaled + move;
  // Noise never turns a debt into a credit, nor anything into nothing.
  if (moved * sign <= 0n) moved = sign;
  const { least, most } = limitsAt(decimals);
  if (least !== null && moved < least) moved = least;
  if (most !== null && moved > most) moved = most;
  return formatDecimal({ scaled: moved, decimals });
}

/** The nearer of the rule's own bounds and the column's, in units of the last decimal. */
function boundsOf(column: Column, min: number | undefined, max: number | undefined): (decimals: number) => NumberLimits {
  const limitsAt = limitsOf(column);
  return (decimals) => {
    const { least, most } = limitsAt(decimals);
    const lower = min === undefined ? least : toDecimals(readDecimal(min), decimals, "up");
    const upper = max === undefined ? most : toDecimals(readDecimal(max), decimals);
    return {
      least: lower !== null && least !== null && lower < least ? least : lower,
      most: upper !== null && most !== null && upper > most ? most : upper,
    };
  };
}

/** Evens the noise out among the numbers that have any. */
function withSum(values: ColumnValues, moved: MaskedValues, limitsAt: (decimals: number) => NumberLimits): MaskedValues {
  const rows = [...values.keys()].filter((row) => typeof moved[row] === "string" && !NO_NUMBER.isFixed(values[row]!));
  const even = evenOut(
    rows.map((row) => values[row]!),
    rows.map((row) => moved[row]!),
    limitsAt,
  );
  const result = [...moved];
  for (const [slot, row] of rows.entries()) result[row] = even[slot];
  return result;
}
