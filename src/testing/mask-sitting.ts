import { type ColumnSurroundings, prepareRule } from "../column-context.ts";
import type { Column, ColumnValues, MaskedValues, Rule, TableRef } from "../contracts.ts";
import { isStandinError, StandinError } from "../errors.ts";
import type { MaskingKey } from "../keys/masking-key.ts";
import { TextBatch } from "./text-batch.ts";

export interface OtherColumn {
  readonly column: Column;
  readonly values: ColumnValues;
}

/** A column to mask, with the rest of its rows. */
export interface Sitting {
  readonly rule: Rule;
  readonly column: Column;
  readonly values: ColumnValues;
  /** Those that the transform says it reads, and one that it does not. */
  readonly others: readonly OtherColumn[];
}

export interface Circumstances {
  readonly key: MaskingKey;
  readonly domain: string;
  /** Rows in a batch; every row in one for a transform that needs a window. */
  readonly batchRows: number;
  /** Whether the values are stand-ins, and what they stood for is asked. @default false */
  readonly isReveal?: boolean;
}

/** What came of masking a column, and what the mask did on the way. */
export interface Masked {
  readonly kind: "masked";
  readonly values: MaskedValues;
  /** Columns that it looked at, by position: 0 is its own. */
  readonly read: ReadonlySet<number>;
  /** Those that it derived keys for: its own, and those of rules within. */
  readonly domains: ReadonlySet<string>;
  readonly replaced: boolean;
  readonly changedInput: boolean;
  /** What it gave back for a batch was another after the next batch. */
  readonly changedOutput: boolean;
}

/** It refused the column before it saw a row, which is allowed, or broke down while it saw them, which is not. */
export type Outcome =
  | Masked
  | { readonly kind: "refused"; readonly why: string }
  | { readonly kind: "failed"; readonly why: string };

export const EXAM_TABLE: TableRef = { schema: null, name: "exam" };

/** Prepares a mask anew and runs it over a column. */
export async function sit(sitting: Sitting, circumstances: Circumstances): Promise<Outcome> {
  const { rule, column, values, others } = sitting;
  const { key, domain, batchRows, isReveal = false } = circumstances;
  const domains = new Set<string>();
  const surroundings: ColumnSurroundings = {
    table: EXAM_TABLE,
    rowEstimate: values.length,
    isReveal,
    deriveKey: (_, purpose, domain) => {
      domains.add(domain);
      return key.derive(purpose, domain);
    },
    other: (name) => {
      const index = others.findIndex((one) => one.column.name === name);
      if (index < 0) throw new StandinError("COLUMN_UNKNOWN", `The exam has no column ${name}.`, { column: name });
      return { index: index + 1, column: others[index]!.column };
    },
  };

  const read = new Set<number>();
  let replaced = false;
  const watcher = {
    onColumn: (index: number) => read.add(index),
    onReplace: () => {
      replaced = true;
    },
  };

  let prepared = false;
  try {
    // Said by the rule, so that those which stand in it take it too.
    const mask = await prepareRule(surroundings, { ...rule, domain }, column, domain);
    prepared = true;
    const masked: (string | null | undefined)[] = [];
    let changedInput = false;
    let changedOutput = false;
    let former: { readonly given: MaskedValues; readonly copy: MaskedValues } | null = null;
    for (let from = 0; from < values.length || from === 0; from += batchRows) {
      const cut = (cells: ColumnValues) => cells.slice(from, from + batchRows);
      const originals = cut(values);
      const batchColumns = [values, ...others.map((other) => other.values)].map(cut);
      const given = await mask(batchColumns[0]!, new TextBatch(EXAM_TABLE, batchColumns, from, watcher));
      if (given.length !== originals.length) return failed("gave another number of values than it got");
      if (
        !isSame(batchColumns[0]!, originals) ||
        others.some((other, index) => !isSame(batchColumns[index + 1]!, cut(other.values)))
      )
        changedInput = true;
      if (former !== null && !isSame(former.given, former.copy)) changedOutput = true;
      former = { given, copy: [...given] };
      masked.push(...given);
    }
    return { kind: "masked", values: masked, read, domains, replaced, changedInput, changedOutput };
  } catch (error) {
    if (!prepared && isStandinError(error)) return { kind: "refused", why: error.message };
    return failed(describeFailure(error, values, prepared));
  }
}

const failed = (why: string): Outcome => ({ kind: "failed", why });

/** The kind of error, never its text: nobody knows whether it quotes a cell. But one of standin's own is printed, so it must not. */
function describeFailure(error: unknown, values: ColumnValues, prepared: boolean): string {
  const name = isStandinError(error) ? error.code : error instanceof Error ? error.name : typeof error;
  const what = `threw ${name} ${prepared ? "while it masked" : "while it was prepared"}`;
  return isStandinError(error) && quotesCell(error, values) ? `${what}, and its error quotes a cell` : what;
}

/** Shorter values occur in any sentence. */
const TELLING = 6;

function quotesCell(error: StandinError, values: ColumnValues): boolean {
  const printed = `${error.message} ${error.hint ?? ""} ${error.stack ?? ""} ${JSON.stringify(error)}`;
  return values.some((value) => value !== null && value.length >= TELLING && printed.includes(value));
}

export function isSame(one: MaskedValues, other: MaskedValues): boolean {
  return one.length === other.length && one.every((value, index) => value === other[index]);
}
