import type { Column, ColumnValues, FixedPoints, MaskedValues } from "../../contracts.ts";
import { createColumnPrf } from "../../keys/column-prf.ts";
import { integer, number } from "../../option-spec.ts";
import { defineTransform, isEmptyCell } from "../define-transform.ts";
import { columnsOf, subjectOption, subjectReader } from "../subject.ts";
import { formatDecimal, parseDecimal } from "./decimal-text.ts";
import { keepSum as evenOut } from "./keep-sum.ts";
import { areHeld, limitsOf, type NumberLimits, readDecimal, toDecimals } from "./number-column.ts";
import { fitted, NUMBERS, numberText } from "./number-mask.ts";

const NO_NUMBER: FixedPoints = {
  description: "an empty string, zero, NaN and the infinities",
  isFixed: (value, _, column) =>
    isEmptyCell(value, column?.isPadded ?? false) || /^([+-]?(0+\.?0*|\.0+)([eE][+-]?\d+)?|NaN|[+-]?Infinity) *$/.test(value),
};

/** A number alone in its window would become itself again, and of two each tells the other's noise. */
const FEWEST_NUMBERS = 20;

/**
 * Moves numbers by a keyed amount: with `ratio: 0.1`, `250.00` becomes `263.18`, at most a tenth away, or by one step of its last decimal where a tenth is
 * less. The number of decimals, the sign and zero stay.
 *
 * Every distance within reach is equally likely; near a bound, and near zero, to which no number gets, the reach is as far as there is room.
 * Equal values move alike, or, with `by`, all values of a subject by the same share. A value's size stays visible, and an average over many subjects
 * is close to the true one. With `keepSum: 1000` the sum and the mean of every 1,000 rows are exact, where the numbers' bounds leave room, at the price that
 * a number depends on the rows around it: equal values move apart, and another order gives other numbers. Hint: to keep a column's whole distribution,
 * use `shuffle`. Hint: for a number that tells who it is, use `encryptDigits` or `tokenize`.
 */
export const addNoise = defineTransform({
  ...NUMBERS,
  name: "addNoise",
  unsupported: "what is no number alone (1,234.50, 5 EUR), one whose `by` is NULL, and a result that is too long for its column",
  technique: "perturbation",
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
    by: subjectOption("The column that names the subject, or the columns that do together: its numbers move by the same share."),
    keepSum: integer({
      describe:
        "Rows whose sum, and mean, stay: their noise is evened out among them, where 20 or more of them are numbers. The last window has up to twice as many.",
      optional: true,
      min: FEWEST_NUMBERS,
      max: 100_000,
    }),
  },
  windowRows: ({ keepSum }) => keepSum ?? 1,
  reads: ({ by }) => columnsOf(by),
  checkColumn: ({ min, max }, column) => {
    const given = [min, max].filter((bound) => bound !== undefined).map(readDecimal);
    return [
      ...(min !== undefined && max !== undefined && min > max ? ["min is above max"] : []),
      ...(areHeld(given, column) ? [] : ["min or max lies outside of the column's type"]),
    ];
  },
  prepare: ({ ratio, amount, min, max, by, keepSum }, context) => {
    const prf = createColumnPrf(context.deriveKey("addNoise"));
    const { column } = context;
    const subjectsOf = subjectReader(by, context);
    const limitsAt = boundsOf(column, min, max);
    const share = BigInt(Math.round(ratio * 1e6));
    const distance = amount === undefined ? null : readDecimal(amount);
    const reachOf: Reach = (size, decimals) => (distance === null ? (size * share) / 1_000_000n : toDecimals(distance, decimals));
    return (values, batch) => {
      const subjects = subjectsOf(values, batch);
      const words = prf.words(subjects);
      const moved = values.map((value, index) => {
        if (value === null || NO_NUMBER.isFixed(value, undefined, column)) return value;
        return subjects[index] === null ? undefined : noisy(numberText(value, column), words, index * 4, reachOf, limitsAt);
      });
      const even = keepSum === undefined ? moved : withSum(values, moved, column, limitsAt);
      return even.map((text, row) => (typeof text === "string" && text !== values[row] ? fitted(text, column) : text));
    };
  },
});

/** How far a number moves at most, in units of its last decimal. */
type Reach = (size: bigint, decimals: number) => bigint;

function noisy(
  value: string,
  words: Uint32Array,
  at: number,
  reachOf: Reach,
  limitsAt: (decimals: number) => NumberLimits,
): string | undefined {
  const parsed = parseDecimal(value);
  if (parsed === null) return undefined;
  const { scaled, decimals } = parsed;
  const { least, most } = limitsAt(decimals);
  const from = least !== null && scaled < least ? least : most !== null && scaled > most ? most : scaled;
  const isNegative = from < 0n;
  const size = isNegative ? -from : from;
  // One step at least: what rounds to no move would tell the number.
  const reach = reachOf(size, decimals) || 1n;
  const outermost = isNegative ? least : most;
  const innermost = isNegative ? most : least;
  // Noise never turns a debt into a credit, nor anything into nothing.
  const inwards = within(reach, size - 1n, innermost === null ? null : size - (isNegative ? -innermost : innermost));
  const outwards = within(reach, reach, outermost === null ? null : (isNegative ? -outermost : outermost) - size);
  const isInwards = outwards === 0n || ((words[at]! & 1) === 0 && inwards > 0n);
  const room = isInwards ? inwards : outwards;
  const drawn = (BigInt(words[at]! >>> 2) << 32n) | BigInt(words[at + 1]!);
  const move = room === 0n ? 0n : ((drawn * room) >> DRAWN_BITS) + 1n;
  const moved = isInwards ? size - move : size + move;
  return formatDecimal({ scaled: isNegative ? -moved : moved, decimals });
}

/** Keyed bits of a distance. */
const DRAWN_BITS = 62n;

function within(reach: bigint, most: bigint, room: bigint | null): bigint {
  const shorter = reach < most ? reach : most;
  const held = room !== null && room < shorter ? room : shorter;
  return held < 0n ? 0n : held;
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
function withSum(
  values: ColumnValues,
  moved: MaskedValues,
  column: Column,
  limitsAt: (decimals: number) => NumberLimits,
): MaskedValues {
  const rows = [...values.keys()].filter(
    (row) => typeof moved[row] === "string" && !NO_NUMBER.isFixed(values[row]!, undefined, column),
  );
  if (rows.length < FEWEST_NUMBERS) return moved;
  const even = evenOut(
    rows.map((row) => numberText(values[row]!, column)),
    rows.map((row) => moved[row]!),
    limitsAt,
  );
  const result = [...moved];
  for (const [slot, row] of rows.entries()) result[row] = even[slot];
  return result;
}
