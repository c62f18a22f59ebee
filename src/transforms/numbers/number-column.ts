import type { Column, FixedPoints } from "../../contracts.ts";
import { json, type OptionSpec } from "../../option-spec.ts";
import { type Decimal, parseDecimal } from "./decimal-text.ts";

/** What is in a column of numbers and is none. */
export const NO_FINITE_NUMBER: FixedPoints = {
  description: "an empty string, NaN and the infinities",
  isFixed: (value) => value === "" || /^(NaN|[+-]?Infinity)$/.test(value),
};

/** Digits behind the point that a column holds, null where its type sets no bound. */
export function decimalsOf(column: Pick<Column, "kind" | "type">): number | null {
  if (column.kind === "integer") return 0;
  return precisionOf(column)?.scale ?? null;
}

/** The least and the largest number that a column holds, in units of its last decimal. */
export interface NumberLimits {
  readonly least: bigint | null;
  readonly most: bigint | null;
}

/** The limits of a column by the decimals that a number is written with. */
export function limitsOf(column: Column): (decimals: number) => NumberLimits {
  const { range } = column;
  const precision = precisionOf(column);
  return (decimals) => {
    const unit = 10n ** BigInt(decimals);
    if (range !== null) return { least: range.min * unit, most: range.max * unit };
    if (precision === null) return { least: null, most: null };
    const most = 10n ** BigInt(precision.digits - precision.scale) * unit - 1n;
    return { least: -most, most };
  };
}

/** A `numeric(10,2)` holds eight digits before the point. */
function precisionOf({ kind, type }: Pick<Column, "kind" | "type">): { readonly digits: number; readonly scale: number } | null {
  if (kind !== "decimal") return null;
  const [, digits, scale = "0"] = /^(?:numeric|decimal)\((\d+)(?:,\s*(-?\d+))?\)/i.exec(type) ?? [];
  return digits === undefined ? null : { digits: Number(digits), scale: Number(scale) };
}

/** A number in options: `0.05`, or as text where a JavaScript number has too few digits, `"9007199254740993"`. */
export type DecimalOption = number | string;

export function decimalOption(describe: string): OptionSpec<DecimalOption | undefined, true> {
  return json<DecimalOption | undefined>({
    describe,
    optional: true,
    problem: (value) => (isDecimalOption(value) ? null : "must be a number, or a number as text"),
  });
}

export function isDecimalOption(value: unknown): value is DecimalOption {
  return (typeof value === "number" && Number.isFinite(value)) || (typeof value === "string" && parseDecimal(value) !== null);
}

/** Without zeros at its end: `1.50` has one decimal. */
export function readDecimal(option: DecimalOption): Decimal {
  let { scaled, decimals } = parseDecimal(String(option))!;
  while (decimals > 0 && scaled % 10n === 0n) {
    scaled /= 10n;
    decimals--;
  }
  return { scaled, decimals };
}

/** The same number in units of another last decimal; what lies between two of them goes down or up. */
export function toDecimals({ scaled, decimals }: Decimal, to: number, rounding: "down" | "up" = "down"): bigint {
  if (to >= decimals) return scaled * 10n ** BigInt(to - decimals);
  const unit = 10n ** BigInt(decimals - to);
  return rounding === "down" ? floorDivide(scaled, unit) : -floorDivide(-scaled, unit);
}

export function floorDivide(value: bigint, by: bigint): bigint {
  const quotient = value / by;
  return value % by < 0n ? quotient - 1n : quotient;
}

export function compareDecimals(one: Decimal, other: Decimal): number {
  const decimals = Math.max(one.decimals, other.decimals);
  const difference = toDecimals(one, decimals) - toDecimals(other, decimals);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}
