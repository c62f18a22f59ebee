import type { ColumnContext, ColumnValues, MaskedValues, RowBatch, Rule } from "../../contracts.ts";
import { StandinError } from "../../errors.ts";
import { callback, json } from "../../option-spec.ts";
import { rowNumber } from "../../settle.ts";
import { tableName } from "../../table-ref.ts";
import { ALL_KINDS, createRule, defineTransform, type RuleInput } from "../define-transform.ts";
import { callStopped } from "./ask-once.ts";

/**
 * What a function of the caller's may give back. undefined: it cannot handle the value, and `onUnsupported` decides; so does null where the column is
 * NOT NULL.
 */
export type CustomResult = string | number | bigint | boolean | Date | null | undefined;

/** What a function of `custom` is given beside the value. */
export interface CustomContext {
  /** The originals of the same row, by column: those named in `reads`. */
  readonly row: { readonly [column: string]: string | null };
  /** Aborts when the run is stopped, by its caller or by a failure: hand it to what the function waits for, as `fetch`. */
  readonly signal: AbortSignal;
}

/** Gets one value (never NULL) as text and gives its stand-in, at once or as a promise. */
export type CustomMask = (value: string, context: CustomContext) => CustomResult | Promise<CustomResult>;

const OPTIONS = {
  mask: callback<CustomMask>({ describe: "The function that masks one value." }),
  reads: json<readonly string[]>({
    kind: "list",
    describe: "Other columns of the row that the function looks at.",
    optional: true,
    problem: (value) =>
      Array.isArray(value) && value.every((name) => typeof name === "string") ? null : "must be a list of column names",
  }),
};

const definition = defineTransform({
  name: "custom",
  technique: "substitution",
  accepts: ALL_KINDS,
  unsupported: "a value for which the function gives nothing, or null where the column is NOT NULL",
  guarantees: {
    deterministic: false,
    uniqueness: { kind: "lossy" },
    reversible: false,
    preservesLength: false,
    changesInput: "not-promised",
  },
  options: OPTIONS,
  givesNull: () => false,
  reads: ({ reads }) => reads ?? [],
  prepare: ({ mask, reads }, context) => {
    const others = (reads ?? []).map((name) => ({ name, index: context.other(name).index }));
    return (values, batch) => maskEach(mask, values, batch, others, context);
  },
});

/**
 * Replaces a value by what a function of yours gives: `custom((name) => name.slice(0, 1))`, `Jane` becomes `J`. NULL stays NULL and is not asked for.
 *
 * What it throws stops the run without its message, which may quote the value. standin promises nothing of the result: neither that it is the same
 * next time, nor that it differs from the value. Only a policy in code can hold one.
 * A function that waits gets the run's signal: `custom((name, { signal }) => ask(name, signal))`. Hint: for a service that takes many values at a time, and
 * a time limit, `callService`.
 */
export const custom = Object.assign(
  (mask: CustomMask, options: Omit<RuleInput<typeof OPTIONS>, "mask"> = {}): Rule =>
    createRule(definition.transform, { mask, ...options }),
  { transform: definition.transform },
);

interface OtherColumn {
  readonly name: string;
  readonly index: number;
}

function maskEach(
  mask: CustomMask,
  values: ColumnValues,
  batch: RowBatch,
  others: readonly OtherColumn[],
  context: ColumnContext,
): MaskedValues | Promise<MaskedValues> {
  const columns = others.map(({ name, index }) => ({ name, values: batch.column(index) }));
  const { column, signal } = context;
  const textOf = (result: CustomResult) => (result === null && !column.nullable ? undefined : resultText(result));
  const masked = new Array<string | null | undefined>(values.length);
  const pending: Promise<void>[] = [];
  for (let index = 0; index < values.length; index++) {
    const value = values[index]!;
    if (value === null) {
      masked[index] = null;
      continue;
    }
    const failed = () => failure(context, rowNumber(batch, index));
    try {
      const result = mask(value, { row: rowOf(columns, index), signal });
      if (!isPromise(result)) masked[index] = textOf(result);
      else {
        pending.push(
          Promise.resolve(result).then(
            (settled) => {
              masked[index] = textOf(settled);
            },
            () => {
              throw failed();
            },
          ),
        );
      }
    } catch {
      throw failed();
    }
  }
  return pending.length === 0 ? masked : Promise.all(pending).then(() => masked);
}

const EMPTY_ROW: CustomContext["row"] = Object.freeze(Object.create(null));

function rowOf(
  columns: readonly { readonly name: string; readonly values: ColumnValues }[],
  index: number,
): CustomContext["row"] {
  if (columns.length === 0) return EMPTY_ROW;
  const row: Record<string, string | null> = Object.create(null);
  for (const { name, values } of columns) row[name] = values[index]!;
  return row;
}

/** Also of another library. */
function isPromise(result: CustomResult | PromiseLike<CustomResult>): result is PromiseLike<CustomResult> {
  return typeof result === "object" && result !== null && "then" in result && typeof result.then === "function";
}

function resultText(result: CustomResult): string | null | undefined {
  if (result === null || result === undefined || typeof result === "string") return result;
  if (result instanceof Date) return result.toISOString();
  if (!["number", "bigint", "boolean"].includes(typeof result)) throw new TypeError("This is no text.");
  return String(result);
}

function failure(context: ColumnContext, row: number): StandinError {
  const { table, column, signal } = context;
  if (signal.aborted) return callStopped("function", context);
  const name = tableName(table);
  return new StandinError("TRANSFORM_FAILED", `The custom transform of ${name}.${column.name} threw in row ${row}.`, {
    table: name,
    column: column.name,
    row,
    hint: "Its message is not shown, as it may quote the value. Call the function on a value of your own to see it.",
  });
}
