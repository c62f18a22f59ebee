import type { Column } from "../../contracts.ts";
import { json, type OptionSpec } from "../../option-spec.ts";
import { type Decimal, parseDecimal } from "./decimal-text.ts";

/** Digits behind the point that a column holds, null where its type sets no bound. */
export function decimalsOf(column: Pick<Column, "kind" | "type">): number | null {
  if (column.kind === "integer") return 0;
  const precision = precisionOf(column);
  return precision === null ? null : Math.max(0, precision.scale);
}

/** The least and the largest number that a column holds, in units of its last decimal. */
export interface NumberLimits {
  readonly least: bigint | null;
  readonly most: bigint | null;
}

/** The limits of a column by the decimals that a number is written with. */
export function limitsOf(column: Column): (decimals: number) => NumberLimits {
  const { range, type } = column;
  if (range !== null) {
    const [least, most] = [
      { scaled: range.min, decimals: 0 },
      { scaled: range.max, decimals: 0 },
    ];
    return (decimals) => ({ least: toDecimals(least, decimals), most: toDecimals(most, decimals) });
  }
  const largest = largestOf(column);
  const isUnsigned = /\b(unsigned|zerofill)\b/i.test(type);
  return (decimals) => {
    const most = largest === null ? null : toDecimals(largest, decimals);
    return { least: isUnsigned ? 0n : most === null ? null : -most, most };
  };
}

/** Whether numbers of the options lie within what a column holds. */
export function areHeld(numbers: readonly Decimal[], column: Column): boolean {
  const limitsAt = limitsOf(column);
  return numbers.every((number) => {
    const decimals = Math.max(0, number.decimals);
    const { least, most } = limitsAt(decimals);
    const scaled = toDecimals(number, decimals);
    return (least === null || scaled >= least) && (most === null || scaled <= most);
  });
}

/** The largest numbers of IEEE 754's two formats: what is larger, a server refuses. */
const [SINGLE, DOUBLE] = [3.4028234663852886e38, Number.MAX_VALUE].map((most) => ({ scaled: BigInt(most), decimals: 0 }));

function largestOf(column: Column): Decimal | null {
  const precision = precisionOf(column);
  if (precision !== null) return { scaled: 10n ** BigInt(precision.digits) - 1n, decimals: precision.scale };
  if (column.kind !== "float") return null;
  return /^(real|float4|float(\s+unsigned)?$)/i.test(column.type) ? SINGLE! : DOUBLE!;
}

/** A `numeric(10,2)` holds eight digits before the point, a `numeric(3,-2)` five, of which the last two are zeros; MySQL's `float(7,4)` holds three. */
function precisionOf({ kind, type }: Pick<Column, "kind" | "type">): { readonly digits: number; readonly scale: number } | null {
  const found =
    kind === "decimal"
      ? /^(?:numeric|decimal)\((\d+)(?:,\s*(-?\d+))?\)/i.exec(type)
      : kind === "float"
        ? /^(?:float|double)\((\d+),\s*(\d+)\)/i.exec(type)
        : null;
  return found === null ? null : { digits: Number(found[1]), scale: Number(found[2] ?? 0) };
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
