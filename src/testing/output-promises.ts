import type { Column, MaskedValues } from "../contracts.ts";
import { canonicalOf } from "../keys/canonical.ts";
import { canStandIn } from "../transforms/cell-form.ts";
import { daysInMonth } from "../transforms/dates/calendar.ts";
import type { Masked, Sitting } from "./mask-sitting.ts";

/** One input and its output, both text. */
interface Pair {
  readonly row: number;
  readonly input: string;
  readonly output: string;
}

/** What a transform says of its outputs: length, form, difference from the input, NULL. */
export function brokenOutputPromises(sitting: Sitting, { values: masked }: Masked): string[] {
  const { rule, column, values } = sitting;
  const { transform, options } = rule;
  const broken: string[] = [];
  /** Says a thing once, with the first row that shows it. */
  const say = (what: string, row: number | undefined) => {
    if (row !== undefined) broken.push(`${what} (row ${row + 1})`);
  };

  const pairs: Pair[] = [];
  for (const [row, input] of values.entries()) {
    const output = masked[row];
    if (input !== null && typeof output === "string") pairs.push({ row, input, output });
  }
  const firstRow = (isBroken: (pair: Pair) => boolean) => pairs.find(isBroken)?.row;

  if (!transform.seesNull)
    say(
      "gives text for NULL",
      indexOf(values, (value, row) => value === null && typeof masked[row] === "string"),
    );
  if (!transform.givesNull(options) && !transform.seesNull)
    say(
      "gives NULL for a value, and does not say so",
      indexOf(values, (value, row) => value !== null && masked[row] === null),
    );

  const { preservesLength } = transform.guarantees(options, column);
  if (preservesLength)
    say(
      "says that it preserves the length, and does not",
      firstRow(({ input, output }) => lengthOf(input) !== lengthOf(output)),
    );
  const longest = transform.maxOutputLength(options, column);
  if (longest !== null)
    say(
      `gives more characters than the ${longest} it says`,
      firstRow(({ output }) => lengthOf(output) > longest),
    );
  const { maxLength } = column;
  if (maxLength !== null)
    say(
      "gives more characters than the column holds, and does not say so",
      firstRow(({ input, output }) => lengthOf(input) <= maxLength && lengthOf(output) > maxLength),
    );
  say(
    `makes a valid cell into one that a column of type ${column.type} does not hold`,
    firstRow(({ input, output }) => isValid(input, column) && !isValid(output, column)),
  );
  return [...broken, ...brokenChange(sitting, pairs, masked)];
}

/** Share of values that a mapping which "almost always" changes its input may leave, one at least. */
const ALMOST = 0.01;

function brokenChange({ rule, column, values }: Sitting, pairs: readonly Pair[], masked: MaskedValues): string[] {
  const { transform, options } = rule;
  const canonical = canonicalOf(column) ?? ((value: string) => value);
  const isSame = ({ input, output }: Pair) => canonical(input) === canonical(output);
  const isFixedCell = (cell: string) => transform.fixedPoints?.isFixed(cell, options, column) === true;
  const isFixed = ({ input }: Pair) => isFixedCell(input);
  const broken: string[] = [];
  const moved = pairs.find((pair) => isFixed(pair) && !isSame(pair));
  if (moved !== undefined) broken.push(`changes a value that it declares a fixed point (row ${moved.row + 1})`);
  const refused = values.findIndex((value, row) => value !== null && masked[row] === undefined && isFixedCell(value));
  if (refused >= 0) broken.push(`cannot handle a value that it declares a fixed point (row ${refused + 1})`);
  const { changesInput } = transform.guarantees(options, column);
  if (changesInput === "not-promised") return broken;
  const free = pairs.filter((pair) => !isFixed(pair));
  const kept = free.filter(isSame);
  const allowed = changesInput === "always" ? 0 : Math.max(1, free.length * ALMOST);
  if (kept.length > allowed)
    broken.push(
      `says that it changes its input ${changesInput}, and leaves ${kept.length} of ${free.length} values (row ${kept[0]!.row + 1})`,
    );
  return broken;
}

function indexOf<T>(items: readonly T[], matches: (item: T, index: number) => boolean): number | undefined {
  const found = items.findIndex(matches);
  return found < 0 ? undefined : found;
}

/** In characters as the servers count them: code points. */
function lengthOf(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

function isValid(cell: string, column: Column): boolean {
  return canStandIn(cell, column) && isRealDay(cell, column) && fitsPrecision(cell, column);
}

function isRealDay(cell: string, { kind }: Column): boolean {
  if (kind !== "date" && kind !== "timestamp") return true;
  const found = /^(\d+)-(\d\d)-(\d\d)/.exec(cell);
  if (found === null) return true;
  const year = cell.endsWith(" BC") ? 1 - Number(found[1]) : Number(found[1]);
  const day = Number(found[3]);
  return Number(found[1]) > 0 && day >= 1 && day <= daysInMonth(year, Number(found[2]));
}

/** A `numeric(10,2)` holds eight digits before the point. */
function fitsPrecision(cell: string, { type }: Column): boolean {
  const [, precision, scale = "0"] = /^(?:numeric|decimal)\((\d+)(?:,\s*(\d+))?\)/i.exec(type) ?? [];
  const [, whole, fraction = ""] = /^-?0*(\d*)(?:\.(\d*))?$/.exec(cell) ?? [];
  if (precision === undefined || whole === undefined) return true;
  return whole.length <= Number(precision) - Number(scale) && fraction.length <= Number(scale);
}
