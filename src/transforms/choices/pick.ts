import type { Column, ColumnContext, MaskColumn } from "../../contracts.ts";
import { StandinError } from "../../errors.ts";
import { canonicalOf } from "../../keys/canonical.ts";
import { createColumnPrf } from "../../keys/column-prf.ts";
import { createPrng } from "../../keys/prng.ts";
import { fileOption } from "../../local-file.ts";
import { json, type OptionsValue, text } from "../../option-spec.ts";
import { tableName } from "../../table-ref.ts";
import { counted, someOf } from "../../written-numbers.ts";
import { canStandIn } from "../cell-form.ts";
import { ALL_KINDS, defineTransform, EMPTY_STAYS, isEmptyCell } from "../define-transform.ts";
import { cellOf } from "../plain/constant.ts";
import { chooseSome, createChooser, unitOf } from "./choose.ts";
import { readChoices } from "./value-file.ts";

type Scalar = string | number | boolean;
type Weights = readonly number[] | { readonly [choice: string]: number };

const isWeight = (value: unknown): boolean => typeof value === "number" && Number.isFinite(value) && value >= 0;

const OPTIONS = {
  from: json<readonly Scalar[] | undefined>({
    kind: "list",
    describe:
      "What to choose from. Where neither this nor a file is given: the labels of the column, an enum or a set, else the values that have weights.",
    optional: true,
    problem: (value) => {
      if (!Array.isArray(value) || value.length === 0) return "must be a list of values, at least one";
      return value.every((one) => ["string", "number", "boolean"].includes(typeof one))
        ? null
        : "must be a list of text, numbers, true and false";
    },
  }),
  file: fileOption({ describe: "A file of values to choose from: CSV with a header, or a list in JSON." }),
  column: text({ describe: "The column of the file. Where this is not given: its first.", optional: true, minLength: 1 }),
  weights: json<Weights | undefined>({
    describe:
      "How often each is chosen: numbers in the order of the values, or by value, where one that is left out is never chosen.",
    optional: true,
    problem: (value) => {
      if (typeof value !== "object" || value === null) return "must be a list of numbers, or numbers by value";
      const weights = Object.values(value);
      return weights.every(isWeight) && weights.some((weight) => weight > 0)
        ? null
        : "must be numbers, none below 0 and one above";
    },
  }),
} as const;

type Options = OptionsValue<typeof OPTIONS>;

/**
 * Replaces a value by one out of a list, chosen by the key: `pick({ from: ["gold", "silver"] })` makes `platinum` into `silver`, the same one for the same
 * value everywhere.
 *
 * In an enum column it chooses among the labels unless told otherwise, and in a set column as many labels as the value has. `weights` say how often each
 * is chosen over many different values; a value that occurs often takes its choice along. The choice may be the value itself: of two labels every second
 * value keeps its own, which nobody without the key can tell. Shows how often a value occurs as far as few values share a choice. A value that cannot
 * stand in the column is refused before the run. Hint: to hide frequencies use `resample`; for names `fake`.
 */
export const pick = defineTransform({
  name: "pick",
  technique: "substitution",
  accepts: ALL_KINDS,
  unsupported: "in a set column more labels than there are",
  guarantees: {
    deterministic: true,
    uniqueness: { kind: "lossy" },
    reversible: false,
    preservesLength: false,
    changesInput: "not-promised",
  },
  fixedPoints: EMPTY_STAYS,
  isKeyed: true,
  options: OPTIONS,
  shorthand: "from",
  maxOutputLength: (options, column) => {
    const choices = choicesOf(options, column);
    // The spaces of an empty padded cell stay.
    if (choices === null || isSet(options, column) || column.isPadded) return column.maxLength;
    return choices.reduce((longest, choice) => Math.max(longest, [...choice].length), 0);
  },
  checkColumn: (options, column) => {
    if (options.from !== undefined && options.file !== undefined)
      return ["pick takes its values from a list or from a file, and both are given"];
    if (options.column !== undefined && options.file === undefined) return ["pick has a column of a file, and no file"];
    if (options.file !== undefined) return options.weights === undefined ? [] : ["pick from a file has no weights"];
    const choices = choicesOf(options, column);
    if (choices === null) return [`pick needs \`from\` or \`file\`: a column of type ${column.type} has no labels`];
    return [...wrongChoices(choices, column), ...wrongWeights(options, choices, column)];
  },
  prepare: async (options, context): Promise<MaskColumn> => {
    const { column } = context;
    if (isSet(options, column)) return someLabels(context, column.labels!);
    const choices = options.file === undefined ? choicesOf(options, column)! : await choicesOfFile(options, context);
    const choose = createChooser(weightsOf(options, choices), choices.length);
    const prf = createColumnPrf(context.deriveKey("pick"));
    return eachByWords(
      column,
      (values) => prf.words(values),
      (words, at) => choices[choose(unitOf(words[at]!, words[at + 1]!))]!,
    );
  },
});

/** Null where they are in a file, or nowhere. */
function choicesOf({ from, file, weights }: Options, column: Column): readonly string[] | null {
  if (file !== undefined) return null;
  const named = weights === undefined || Array.isArray(weights) ? null : Object.keys(weights);
  return from?.map((one) => cellOf(one, column)) ?? column.labels ?? named;
}

/** A set column without a list of its own: its values are several labels. */
function isSet({ from, file }: Options, { type, labels }: Column): boolean {
  return from === undefined && file === undefined && labels !== null && /^set\b/i.test(type);
}

async function choicesOfFile({ file, column: name }: Options, { table, column }: ColumnContext): Promise<readonly string[]> {
  const choices = await readChoices(file!, name);
  const [problem] = wrongChoices(choices, column);
  if (problem === undefined) return choices;
  const place = { table: tableName(table), column: column.name };
  throw new StandinError("OPTION_INVALID", `${place.table}.${place.column}: ${problem}.`, place);
}

function wrongChoices(choices: readonly string[], column: Column): string[] {
  const { maxLength, type } = column;
  const fits = (choice: string) => canStandIn(choice, column) && (maxLength === null || [...choice].length <= maxLength);
  const wrong = choices.filter((choice) => !fits(choice)).length;
  return wrong === 0 ? [] : [`${someOf(wrong, choices.length, "value")} to choose from cannot stand in a column of type ${type}`];
}

function wrongWeights(options: Options, choices: readonly string[], column: Column): string[] {
  const { weights } = options;
  if (weights === undefined) return [];
  if (isSet(options, column)) return ["pick of the labels of a set has no weights: give the sets to choose from in `from`"];
  if (Array.isArray(weights))
    return weights.length === choices.length
      ? []
      : [`pick has ${counted(weights.length, "weight")} for ${counted(choices.length, "value")}`];
  const strangers = Object.keys(weights).filter((choice) => !choices.includes(choice)).length;
  return strangers === 0
    ? []
    : [
        `${strangers} of the weights ${strangers === 1 ? "is for a value that is" : "are for values that are"} not among those to choose from`,
      ];
}

function weightsOf({ weights }: Options, choices: readonly string[]): readonly number[] | null {
  if (weights === undefined) return null;
  if (Array.isArray(weights)) return weights;
  return choices.map((choice) => (Object.hasOwn(weights, choice) ? (weights as { [choice: string]: number })[choice]! : 0));
}

/** As many labels as the value has: a set of a MySQL column. */
function someLabels({ column, deriveKey }: ColumnContext, labels: readonly string[]): MaskColumn {
  const prf = createColumnPrf(deriveKey("pick"));
  const random = createPrng();
  return eachByWords(
    column,
    (values) => prf.words(values),
    (words, at, value) => {
      const wanted = new Set(value.split(",")).size;
      if (wanted > labels.length) return undefined;
      random.seed(words[at]!, words[at + 1]!, words[at + 2]!, words[at + 3]!);
      return chooseSome(labels.length, wanted, random.nextUint32)
        .map((index) => labels[index]!)
        .join(",");
    },
  );
}

function eachByWords(
  column: Column,
  wordsOf: (values: readonly (string | null)[]) => Uint32Array,
  choose: (words: Uint32Array, at: number, value: string) => string | undefined,
): MaskColumn {
  const canonical = canonicalOf(column);
  return (values) => {
    const words = wordsOf(canonical === null ? values : values.map((value) => (value === null ? null : canonical(value))));
    return values.map((value, row) =>
      value === null || isEmptyCell(value, column.isPadded) ? value : choose(words, row * 4, value),
    );
  };
}
