import type { Column } from "../contracts.ts";
import type { OptionSpec } from "../option-spec.ts";
import { ALL_KINDS, defineTransform, eachValue } from "./define-transform.ts";

type Scalar = string | number | bigint | boolean;

const value: OptionSpec<Scalar, false> = {
  kind: "any",
  describe: "What every value becomes.",
  isOptional: false,
  default: undefined,
  problem: (given) =>
    ["string", "number", "bigint", "boolean"].includes(typeof given) ? null : "must be text, a number, true or false",
};

/**
 * Gives every value the same stand-in: `constant({ value: "n/a" })` makes `Ana` and `Bo` both `n/a`.
 *
 * NULL stays NULL, so who sees the copy sees which rows had a value. A value that cannot stand in the column is refused before the run. Hint: to
 * take that away too, use `nullify`.
 */
export const constant = defineTransform({
  name: "constant",
  technique: "suppression",
  accepts: ALL_KINDS,
  guarantees: {
    deterministic: true,
    uniqueness: { kind: "lossy" },
    reversible: false,
    preservesLength: false,
    changesInput: "always",
  },
  fixedPoints: {
    description: "a value that is the constant",
    isFixed: (text, options, column) => text === cellOf(options.value, column),
  },
  options: { value },
  shorthand: "value",
  maxOutputLength: (options, column) => [...cellOf(options.value, column)].length,
  checkColumn: (options, column) =>
    canStandIn(cellOf(options.value, column), column) ? [] : [`the constant cannot stand in a column of type ${column.type}`],
  prepare: (options, { column }) => {
    const cell = cellOf(options.value, column);
    return eachValue(() => cell);
  },
});

/** PostgreSQL has a type for truth and writes `t`; elsewhere it is a small integer. */
function cellOf(given: Scalar, column: Column | undefined): string {
  if (typeof given !== "boolean" || column?.kind !== "boolean") return String(given);
  if (/^bool/i.test(column.type)) return given ? "t" : "f";
  return given ? "1" : "0";
}

const FORMS: Partial<Record<Column["kind"], RegExp>> = {
  integer: /^-?\d+$/,
  decimal: /^-?(\d+\.?\d*|\.\d+)$|^NaN$/,
  float: /^-?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$|^NaN$|^-?Infinity$/,
  boolean: /^(t|f|true|false|1|0|yes|no|on|off)$/i,
  date: /^\d{4,}-\d\d-\d\d( BC)?$|^-?infinity$/,
  time: /^-?\d{1,3}:\d\d(:\d\d(\.\d+)?)?([-+]\d\d(:\d\d)?)?$/,
  timestamp: /^\d{4,}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[-+]\d\d(:?\d\d)?)?)?( BC)?$|^-?infinity$/,
  uuid: /^\{?[0-9a-fA-F]{4}(-?[0-9a-fA-F]{4}){7}\}?$/,
};

/** Kinds with forms of their own beyond counting (arrays, intervals, XML) are left to the server. */
function canStandIn(cell: string, { kind, type, range, labels }: Column): boolean {
  if (FORMS[kind]?.test(cell) === false) return false;
  if (kind === "integer") return range === null || (BigInt(cell) >= range.min && BigInt(cell) <= range.max);
  if (kind === "json") return isJson(cell);
  if (labels === null) return true;
  const chosen = /^set\b/i.test(type) ? cell.split(",").filter((label) => label !== "") : [cell];
  return chosen.every((label) => labels.includes(label));
}

function isJson(cell: string): boolean {
  try {
    JSON.parse(cell);
    return true;
  } catch {
    return false;
  }
}
