import type { Column, FixedPoints } from "../contracts.ts";
import { canonicalOf } from "../keys/canonical.ts";
import { createColumnPrf } from "../keys/column-prf.ts";
import { number, text } from "../option-spec.ts";
import { formatDecimal, parseDecimal } from "./decimal-text.ts";
import { defineTransform } from "./define-transform.ts";

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
 * is close to the true one. Hint: for a number that tells who it is, use `encryptDigits` or `tokenize`.
 */
export const addNoise = defineTransform({
  name: "addNoise",
  technique: "perturbation",
  accepts: ["integer", "decimal", "float", "text"],
  guarantees: {
    deterministic: true,
    uniqueness: { kind: "lossy" },
    reversible: false,
    preservesLength: false,
    changesInput: "not-promised",
  },
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
  },
  reads: ({ by }) => (by === undefined ? [] : [by]),
  checkColumn: ({ min, max }, { range }) => {
    const problems: string[] = [];
    if (min !== undefined && max !== undefined && min > max) problems.push("min is above max.");
    if (range !== null && ((min ?? -Infinity) > Number(range.max) || (max ?? Infinity) < Number(range.min))) {
      problems.push("min or max lies outside of the column's type.");
    }
    return problems;
  },
  prepare: ({ ratio, amount, min, max, by }, context) => {
    const prf = createColumnPrf(context.deriveKey("addNoise"));
    const subject = by === undefined ? null : context.other(by);
    const canonical = canonicalOf(subject?.column ?? context.column);
    const bounds = {
      min: min ?? null,
      max: max ?? null,
      range: context.column.range,
      wholeDigits: wholeDigitsOf(context.column),
    };
    return (values, batch) => {
      const subjects = subject === null ? values : batch.column(subject.index);
      const words = prf.words(
        canonical === null ? subjects : subjects.map((value) => (value === null ? null : canonical(value))),
      );
      return values.map((value, index) => {
        if (value === null || NO_NUMBER.isFixed(value)) return value;
        if (subjects[index] === null) return undefined;
        return noisy(value, words[index * 4]!, ratio, amount ?? null, bounds);
      });
    };
  },
});

interface Bounds {
  readonly min: number | null;
  readonly max: number | null;
  readonly range: { readonly min: bigint; readonly max: bigint } | null;
  /** Digits that the column holds before the point. */
  readonly wholeDigits: number | null;
}

/** A `numeric(10,2)` holds eight digits before the point. */
function wholeDigitsOf({ kind, type }: Column): number | null {
  if (kind !== "decimal") return null;
  const [, precision, scale = "0"] = /^(?:numeric|decimal)\((\d+)(?:,\s*(-?\d+))?\)/i.exec(type) ?? [];
  return precision === undefined ? null : Number(precision) - Number(scale);
}

function noisy(value: string, word: number, ratio: number, amount: number | null, bounds: Bounds): string | undefined {
  const parsed = parseDecimal(value);
  if (parsed === null) return undefined;
  const { scaled, decimals } = parsed;
  const scale = 10n ** BigInt(decimals);
  const size = scaled < 0n ? -scaled : scaled;
  // Share of the farthest move, from -2^30 to 2^30 without 0.
  const drawn = BigInt(word >>> 2) + 1n;
  const share = (word & 1) === 0 ? drawn : -drawn;
  const farthest = amount === null ? (size * BigInt(Math.round(ratio * 1e6))) / 1_000_000n : scaleNumber(amount, decimals);
  let move = (farthest * share) / STEPS;
  // What rounds to no move at all moves by one step of its last decimal, away from zero.
  if (move === 0n) move = scaled < 0n ? -1n : 1n;
  const sign = scaled < 0n ? -1n : 1n;
  let moved = scaled + move;
  // Noise never turns a debt into a credit, nor anything into nothing.
  if (moved * sign <= 0n) moved = sign;
  moved = clamp(moved, decimals, scale, bounds);
  return formatDecimal({ scaled: moved, decimals });
}

function clamp(scaled: bigint, decimals: number, scale: bigint, { min, max, range, wholeDigits }: Bounds): bigint {
  let clamped = scaled;
  const least = min === null ? null : scaleNumber(min, decimals);
  const highest = max === null ? null : scaleNumber(max, decimals);
  if (least !== null && clamped < least) clamped = least;
  if (highest !== null && clamped > highest) clamped = highest;
  if (range !== null && clamped > range.max * scale) clamped = range.max * scale;
  if (range !== null && clamped < range.min * scale) clamped = range.min * scale;
  if (wholeDigits !== null) {
    const most = 10n ** BigInt(wholeDigits) * scale - 1n;
    if (clamped > most) clamped = most;
    if (clamped < -most) clamped = -most;
  }
  return clamped;
}

/** A JavaScript number as a scaled integer, rounded to so many decimals. */
function scaleNumber(value: number, decimals: number): bigint {
  const parsed = parseDecimal(value.toString())!;
  const shift = decimals - parsed.decimals;
  return shift >= 0 ? parsed.scaled * 10n ** BigInt(shift) : parsed.scaled / 10n ** BigInt(-shift);
}
