import type { Column } from "../../contracts.ts";
import { choice, integer, json, type OptionsValue } from "../../option-spec.ts";
import { defineTransform, eachValue, LOSSY } from "../define-transform.ts";
import { type Decimal, formatDecimal } from "./decimal-text.ts";
import {
  compareDecimals,
  type DecimalOption,
  decimalOption,
  decimalsOf,
  floorDivide,
  isDecimalOption,
  limitsOf,
  readDecimal,
  toDecimals,
} from "./number-column.ts";
import { NO_FINITE_NUMBER, NUMBERS, numberMask } from "./number-mask.ts";

const numbers = (describe: string) =>
  json<readonly DecimalOption[] | undefined>({
    describe,
    kind: "list",
    optional: true,
    problem: (value) =>
      Array.isArray(value) && value.length > 0 && value.every(isDecimalOption) ? null : "must be a list of numbers, at least one",
  });

const OPTIONS = {
  width: decimalOption("Width of buckets that are all equally wide, with a border at 0."),
  bounds: numbers("Borders between buckets, from the least to the largest; what lies outside has a bucket on either side."),
  samples: numbers(
    "Numbers like those of the column, of which borders are made that part them into `count` buckets of equally many (quantiles).",
  ),
  count: integer({ describe: "Buckets that are made of samples.", default: 4, min: 2, max: 1000 }),
  as: choice({
    describe:
      "What stands for a bucket: its borders, `[20,30)`, as PostgreSQL writes ranges; the lower border; the middle; or its label. Auto: a label where there are any, else the lower border in a column of numbers and both borders elsewhere.",
    choices: ["auto", "range", "lower", "middle"],
    default: "auto",
  }),
  labels: json<readonly string[] | undefined>({
    describe: "Names of the buckets between bounds, from below the first to above the last: one more than there are bounds.",
    kind: "list",
    optional: true,
    problem: (value) =>
      Array.isArray(value) && value.every((label) => typeof label === "string") ? null : "must be a list of texts",
  }),
} as const;

type Options = OptionsValue<typeof OPTIONS>;

/**
 * Puts numbers into buckets: with `width: 10`, `34` becomes `[30,40)` in a column of text and `30` in one of numbers.
 *
 * Buckets of equal width, between bounds of your own (with labels), or between quantiles of samples, which then show in the bounds. A number that is the
 * lower border of its bucket stays. A bucket with few rows hides little. Hint: to cut off the rare ends first, `chain` with `clampNumber`; for ages, `generalizeAge`.
 */
export const bucketNumber = defineTransform({
  ...NUMBERS,
  name: "bucketNumber",
  technique: "generalization",
  guarantees: LOSSY,
  fixedPoints: NO_FINITE_NUMBER,
  options: OPTIONS,
  checkColumn,
  prepare: (options, { column }) => {
    const write = writer(options, column);
    const find = options.width === undefined ? between(boundsOf(options)) : equallyWide(readDecimal(options.width));
    return eachValue(numberMask(column, (number) => write(find(number), number.decimals)));
  },
});

interface Bucket {
  /** null where it has no end on that side. */
  readonly lower: Decimal | null;
  readonly upper: Decimal | null;
  readonly index: number;
}

function checkColumn(options: Options, column: Column): string[] {
  const { width, bounds, samples, labels, as } = options;
  const problems: string[] = [];
  if ([width, bounds, samples].filter((one) => one !== undefined).length !== 1)
    return [
      "bucketNumber takes one of width, bounds and samples: { width: 10 }, { bounds: [18, 65] }, { samples: [20, 34, 51, 70] }",
    ];
  if (width !== undefined && readDecimal(width).scaled <= 0n) problems.push("a bucket's width must be above 0");
  const borders = width === undefined ? boundsOf(options) : [readDecimal(width)];
  if (bounds !== undefined && borders.some((bound, index) => index > 0 && compareDecimals(borders[index - 1]!, bound) >= 0))
    problems.push("bounds must go up from one to the next");
  if (labels !== undefined && (width !== undefined || labels.length !== borders.length + 1))
    problems.push("there must be one label more than there are bounds");
  const isNumber = isNumberColumn(column);
  if (isNumber && (labels !== undefined || as === "range"))
    problems.push(`a column of type ${column.type} holds no names of buckets`);
  const held = decimalsOf(column);
  if (held !== null && borders.some(({ decimals }) => decimals > held))
    problems.push(`a column of type ${column.type} holds fewer decimals than the borders have`);
  return problems;
}

function isNumberColumn({ kind }: Column): boolean {
  return kind === "integer" || kind === "decimal" || kind === "float";
}

function equallyWide(width: Decimal): (value: Decimal) => Bucket {
  return (value) => {
    const decimals = Math.max(value.decimals, width.decimals);
    const index = floorDivide(toDecimals(value, decimals), toDecimals(width, decimals));
    const border = (at: bigint): Decimal => ({ scaled: at * width.scaled, decimals: width.decimals });
    return { lower: border(index), upper: border(index + 1n), index: 0 };
  };
}

function between(bounds: readonly Decimal[]): (value: Decimal) => Bucket {
  return (value) => {
    let [low, high] = [0, bounds.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compareDecimals(value, bounds[middle]!) < 0) high = middle;
      else low = middle + 1;
    }
    return { lower: bounds[low - 1] ?? null, upper: bounds[low] ?? null, index: low };
  };
}

/** Those that are given, or the samples that begin each of `count` equal parts of all, each once. */
function boundsOf({ bounds, samples = [], count }: Options): readonly Decimal[] {
  if (bounds !== undefined) return bounds.map(readDecimal);
  const sorted = samples.map(readDecimal).sort(compareDecimals);
  const found = Array.from({ length: count - 1 }, (_, index) => sorted[Math.floor((sorted.length * (index + 1)) / count)]!);
  return found.filter((bound, index) => index === 0 || compareDecimals(found[index - 1]!, bound) < 0);
}

function writer({ as, labels }: Options, column: Column): (bucket: Bucket, decimals: number) => Decimal | string {
  if (labels !== undefined) return ({ index }) => labels[index]!;
  const form = as === "auto" ? (isNumberColumn(column) ? "lower" : "range") : as;
  if (form === "range")
    return ({ lower, upper }) =>
      `${lower === null ? "(" : `[${formatDecimal(lower)}`},${upper === null ? "" : formatDecimal(upper)})`;
  const limits = limitsOf(column);
  return ({ lower, upper }, written) => {
    const decimals = Math.max(written, lower?.decimals ?? 0, upper?.decimals ?? 0);
    // The last number before a border stands for all below it: the border itself is of the next bucket.
    const last = upper === null ? toDecimals(lower!, decimals) : toDecimals(upper, decimals) - 1n;
    const low = lower === null ? last : toDecimals(lower, decimals);
    const scaled = form === "lower" || upper === null ? low : floorDivide(low + last + 1n, 2n);
    const { least, most } = limits(decimals);
    return {
      scaled: least !== null && scaled < least ? least : most !== null && scaled > most ? most : scaled,
      decimals,
    };
  };
}
