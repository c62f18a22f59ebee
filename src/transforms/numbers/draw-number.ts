import { canonicalOf } from "../../keys/canonical.ts";
import { createColumnPrf } from "../../keys/column-prf.ts";
import { scale32 } from "../../keys/prng.ts";
import { integer } from "../../option-spec.ts";
import { defineTransform, EMPTY_STAYS, isEmptyCell, LOSSY } from "../define-transform.ts";
import { formatDecimal, parseDecimal } from "./decimal-text.ts";
import { type DecimalOption, decimalOption, decimalsOf, limitsOf, readDecimal, toDecimals } from "./number-column.ts";
import { fitted, NUMBERS, numberText } from "./number-mask.ts";

const OPTIONS = {
  min: decimalOption("Least result, 0 where it is not said."),
  max: decimalOption("Largest result, 1000 where it is not said."),
  decimals: integer({
    describe: "Digits behind the point, where not as many as the value has.",
    optional: true,
    min: 0,
    max: 100,
  }),
} as const;

/** Digits behind the point that a drawn float has at most: `5e-324` has 324. */
const FLOAT_DECIMALS = 15;

/**
 * Puts a number drawn between two bounds in the place of a value, the same for the same value and key: with `min: 18, max: 99`, `34` becomes `71`.
 *
 * Every number between the bounds is equally likely, whatever the value was: sizes, sums and distribution are lost. Different values may get the same
 * number. Exact beyond 2^53; bounds of more digits are given as text. Hint: to keep sizes, use `addNoise`; for keys, `tokenize`.
 */
export const drawNumber = defineTransform({
  ...NUMBERS,
  name: "drawNumber",
  unsupported:
    "what is no number alone (1,234.50, 5 EUR), one with so few decimals that none such lies between `min` and `max`, and a result that is too long for its column",
  technique: "substitution",
  guarantees: LOSSY,
  fixedPoints: EMPTY_STAYS,
  isKeyed: true,
  options: OPTIONS,
  defaultDomain: ({ min = 0, max = 1000, decimals }) =>
    ["drawNumber", min, max, ...(decimals === undefined ? [] : [decimals])].join(":"),
  checkColumn: (options, column) => {
    const held = decimalsOf(column);
    const decimals = options.decimals ?? 0;
    const { least, size } = drawing(options, held === null ? decimals : Math.min(held, decimals));
    const limits = limitsOf(column)(held === null ? decimals : Math.min(held, decimals));
    return [
      ...(size < 1n ? ["there is no number between min and max"] : []),
      ...(held !== null && decimals > held ? [`a column of type ${column.type} holds fewer decimals`] : []),
      ...((limits.least !== null && least < limits.least) || (limits.most !== null && least + size - 1n > limits.most)
        ? ["min or max lies outside of the column's type"]
        : []),
    ];
  },
  prepare: (options, { column, deriveKey }) => {
    const prf = createColumnPrf(deriveKey("drawNumber"));
    const canonical = canonicalOf(column) ?? ((value: string) => value);
    const byDecimals = new Map<number, Drawing>();
    const drawingOf = (decimals: number): Drawing => {
      const known = byDecimals.get(decimals) ?? drawing(options, decimals);
      byDecimals.set(decimals, known);
      return known;
    };
    return (values) => {
      const words = prf.words(values.map((value) => (value === null ? null : canonical(value))));
      return values.map((value, index) => {
        if (value === null || isEmptyCell(value, column.isPadded)) return value;
        const written = writtenDecimals(numberText(value, column));
        if (written === null) return undefined;
        const decimals = options.decimals ?? (column.kind === "float" ? Math.min(written, FLOAT_DECIMALS) : written);
        const { least, size } = drawingOf(decimals);
        if (size < 1n) return undefined;
        return fitted(formatDecimal({ scaled: least + drawBelow(size, words, index * 4), decimals }), column);
      });
    };
  },
});

interface Drawing {
  readonly least: bigint;
  /** How many numbers there are to draw from. */
  readonly size: bigint;
}

function drawing(
  { min = 0, max = 1000 }: { readonly min?: DecimalOption | undefined; readonly max?: DecimalOption | undefined },
  decimals: number,
): Drawing {
  const least = toDecimals(readDecimal(min), decimals, "up");
  return { least, size: toDecimals(readDecimal(max), decimals) - least + 1n };
}

/** null where the value is no number; NaN and the infinities are written without decimals. */
function writtenDecimals(value: string): number | null {
  const point = value.indexOf(".");
  if (/^[-+]?\d+\.?\d*$/.test(value)) return point < 0 ? 0 : value.length - point - 1;
  if (/^(NaN|[-+]?Infinity)$/.test(value)) return 0;
  return parseDecimal(value)?.decimals ?? null;
}

const FEW = 2n ** 32n;

/** Draws from 0 … size - 1; the bias is below size / 2^128 where the size has more than 32 bits, else below 2^-32. */
function drawBelow(size: bigint, words: Uint32Array, at: number): bigint {
  if (size <= FEW) return BigInt(scale32(words[at]!, Number(size)));
  let bits = 0n;
  for (let index = 0; index < 4; index++) bits = (bits << 32n) | BigInt(words[at + index]!);
  return (bits * size) >> 128n;
}
