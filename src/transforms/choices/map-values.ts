import type { Column, ColumnContext, Guarantees, MaskColumn, Rule, Uniqueness } from "../../contracts.ts";
import { StandinError } from "../../errors.ts";
import { innerGuarantees, refuseWindows, ruleOption } from "../../inner-rules.ts";
import { canonicalOf } from "../../keys/canonical.ts";
import { fileOption } from "../../local-file.ts";
import { json, type OptionsValue, text } from "../../option-spec.ts";
import { tableName } from "../../table-ref.ts";
import { someOf } from "../../written-numbers.ts";
import { canStandIn } from "../cell-form.ts";
import { ALL_KINDS, defineTransform } from "../define-transform.ts";
import { cellOf } from "../plain/constant.ts";
import { readPairs } from "./value-file.ts";

type Scalar = string | number | boolean;
type Pairs = readonly (readonly [string, string | null])[];

const OPTIONS = {
  map: json<{ readonly [value: string]: Scalar | null } | undefined>({
    describe: "What each value becomes; null: NULL.",
    optional: true,
    problem: (value) => {
      if (typeof value !== "object" || value === null || Array.isArray(value)) return "must be an object: value by value";
      const outputs = Object.values(value);
      if (outputs.length === 0) return "must have at least one value";
      return outputs.every((one) => one === null || ["string", "number", "boolean"].includes(typeof one))
        ? null
        : "must lead to text, numbers, true, false or null";
    },
  }),
  file: fileOption({ describe: "A file with the map: CSV with a header, or an object in JSON." }),
  from: text({
    describe: "The column of the file with the values. Where this is not given: its first.",
    optional: true,
    minLength: 1,
  }),
  to: text({
    describe: "The column of the file with what they become. Where this is not given: its second.",
    optional: true,
    minLength: 1,
  }),
  unmatched: ruleOption({
    describe:
      "The rule for values that the map does not have. Where this is not given they cannot be handled, and `onUnsupported` decides.",
    optional: true,
    problem: refuseWindows,
  }),
} as const;

type Options = OptionsValue<typeof OPTIONS>;

/**
 * Replaces values by a table of yours: `mapValues({ map: { active: "open", banned: "closed" } })` makes `banned` into `closed`. A value that the table does
 * not have stops the run.
 *
 * `unmatched` gives such values to another rule, `unmatched: nullify` empties them. Numbers match by value: 7 is also `007`. Protects as much as the table does:
 * it is not secret, so whoever has it and the copy has the values. A value or an output that cannot stand in the column is refused before the run.
 * Hint: for a keyed choice out of a list use `pick`.
 */
export const mapValues = defineTransform({
  name: "mapValues",
  technique: "substitution",
  accepts: ALL_KINDS,
  unsupported: "without `unmatched` a value that the map does not have, and with it one that this rule cannot handle",
  guarantees: (options, column): Guarantees => {
    const other = options.unmatched === undefined ? null : innerGuarantees(options.unmatched, column);
    return {
      deterministic: other?.deterministic ?? true,
      uniqueness: other === null ? uniquenessOf(inlinePairs(options, column), column) : { kind: "lossy" },
      reversible: false,
      preservesLength: false,
      changesInput: "not-promised",
    };
  },
  options: OPTIONS,
  defaultDomain: ({ unmatched }) =>
    unmatched === undefined ? "mapValues" : unmatched.transform.defaultDomain(unmatched.options),
  givesNull: ({ map, file, unmatched }) =>
    file !== undefined || Object.values(map ?? {}).includes(null) || (unmatched !== undefined && canGiveNull(unmatched)),
  maxOutputLength: ({ unmatched, ...options }, column) => {
    const outputs = inlinePairs(options, column)?.map(([, output]) => [...(output ?? "")].length);
    const other = unmatched === undefined ? 0 : unmatched.transform.maxOutputLength(unmatched.options, column);
    return outputs === undefined || other === null ? column.maxLength : Math.max(...outputs, other);
  },
  checkColumn: (options, column) => {
    if ((options.map === undefined) === (options.file === undefined)) return ["mapValues needs `map` or `file`, one of the two"];
    if (options.file === undefined && (options.from ?? options.to) !== undefined)
      return ["mapValues has columns of a file, and no file"];
    const { unmatched } = options;
    const inner =
      unmatched === undefined
        ? []
        : unmatched.transform.accepts.includes(column.kind)
          ? unmatched.transform.checkColumn(unmatched.options, column)
          : [`${unmatched.transform.name} cannot mask a column of type ${column.type}`];
    const pairs = inlinePairs(options, column);
    return [...(pairs === null ? [] : wrongPairs(pairs, column)), ...inner];
  },
  prepare: async (options, context): Promise<MaskColumn> => {
    const { column } = context;
    const pairs = inlinePairs(options, column) ?? (await pairsOfFile(options, context));
    const canonical = canonicalOf(column) ?? ((value: string) => value);
    const outputs = new Map(pairs.map(([value, output]) => [canonical(value), output]));
    const other = options.unmatched === undefined ? null : await context.inner(options.unmatched);
    return (values, batch) => {
      const masked = new Array<string | null | undefined>(values.length).fill(null);
      const left: number[] = [];
      for (let row = 0; row < values.length; row++) {
        const value = values[row]!;
        if (value === null) continue;
        const output = outputs.get(canonical(value));
        if (output === undefined) left.push(row);
        masked[row] = output;
      }
      if (other === null || left.length === 0) return masked;
      return other(
        left.map((row) => values[row]!),
        batch,
        left,
      ).then((parts) => {
        for (const [slot, row] of left.entries()) masked[row] = parts[slot];
        return masked;
      });
    };
  },
});

const canGiveNull = ({ transform, options, onUnsupported }: Rule): boolean =>
  transform.givesNull(options) || onUnsupported === "nullify";

/** Null where the map is in a file. */
function inlinePairs({ map }: Pick<Options, "map">, column: Column): Pairs | null {
  if (map === undefined) return null;
  return Object.entries(map).map(([value, output]) => [value, output === null ? null : cellOf(output, column)]);
}

async function pairsOfFile({ file, from, to }: Options, { table, column }: ColumnContext): Promise<Pairs> {
  const pairs = await readPairs(file!, from, to);
  const [problem] = wrongPairs(pairs, column);
  if (problem === undefined) return pairs;
  const place = { table: tableName(table), column: column.name };
  throw new StandinError("OPTION_INVALID", `${place.table}.${place.column}: ${problem}.`, place);
}

function wrongPairs(pairs: Pairs, column: Column): string[] {
  const { maxLength, type, nullable } = column;
  const canonical = canonicalOf(column) ?? ((value: string) => value);
  const inputs = pairs.filter(([value]) => !canStandIn(value, column)).length;
  const outputs = pairs.filter(
    ([, output]) => output !== null && !(canStandIn(output, column) && (maxLength === null || [...output].length <= maxLength)),
  ).length;
  const nulls = nullable ? 0 : pairs.filter(([, output]) => output === null).length;
  const twice = pairs.length - new Set(pairs.map(([value]) => canonical(value))).size;
  return [
    ...(inputs > 0 ? [`${someOf(inputs, pairs.length, "value")} of the map cannot stand in a column of type ${type}`] : []),
    ...(outputs > 0 ? [`${someOf(outputs, pairs.length, "output")} of the map cannot stand in a column of type ${type}`] : []),
    ...(nulls > 0
      ? [`${someOf(nulls, pairs.length, "output")} of the map ${nulls === 1 ? "is" : "are"} NULL, and the column is NOT NULL`]
      : []),
    ...(twice > 0 ? [`the map has ${twice} of its values twice`] : []),
  ];
}

/** A map whose outputs all differ is a bijection of the values that it has. */
function uniquenessOf(pairs: Pairs | null, column: Column): Uniqueness {
  if (pairs === null || pairs.some(([, output]) => output === null)) return { kind: "lossy" };
  const canonical = canonicalOf(column) ?? ((value: string) => value);
  const outputs = pairs.map(([, output]) => canonical(output!));
  if (new Set(outputs).size < outputs.length) return { kind: "lossy" };
  const isCased = new Set(outputs.map((output) => output.toLowerCase())).size < outputs.length;
  return isCased ? { kind: "preserved", ignoringCase: "lossy" } : { kind: "preserved" };
}
