import type { Column, ColumnContext, ColumnValues, MaskColumn, MaskParts, RowBatch, Rule, TableRef } from "./contracts.ts";
import { StandinError } from "./errors.ts";
import { type MaskPlace, rowNumber, runMask, settleParts } from "./settle.ts";
import { tableName } from "./table-ref.ts";

/** Where a rule is prepared, and what it may use there. */
export interface ColumnSurroundings {
  readonly table: TableRef;
  readonly rowEstimate: number | null;
  /** The key for a purpose in a domain, for a rule of this column. */
  deriveKey(rule: Rule, purpose: string, domain: string): Uint8Array;
  other(name: string): { readonly index: number; readonly column: Column };
  /** Aborts when the run is stopped. @default never */
  readonly signal?: AbortSignal | undefined;
  /** Whether rules are prepared for the way back. @default false */
  readonly isReveal?: boolean;
}

/** Prepares a rule, or the way back of what it did. Throws REVEAL_REFUSED where there is none. */
export async function prepareRule(
  surroundings: ColumnSurroundings,
  rule: Rule,
  column: Column,
  domain: string,
): Promise<MaskColumn> {
  const { transform, options } = rule;
  const context = createColumnContext(surroundings, rule, column, domain);
  if (surroundings.isReveal !== true) return transform.prepare(options, context);
  if (transform.reveal === undefined || !transform.guarantees(options, column).reversible)
    throw irreversible(surroundings.table, column, rule);
  return transform.reveal(options, context);
}

function irreversible(table: TableRef, { name }: Column, { transform }: Rule): StandinError {
  const place = { table: tableName(table), column: name };
  return new StandinError("REVEAL_REFUSED", `${place.table}.${name} is masked by ${transform.name}, which has no way back.`, {
    ...place,
    hint: "These have one: encryptDigits, encryptId, encryptIp, encryptPhone, encryptText, permuteDates, scramble, and tokenize where it gives integers.",
  });
}

/** What a rule, and every rule that stands in it, learns of its column. */
export function createColumnContext(surroundings: ColumnSurroundings, rule: Rule, column: Column, domain: string): ColumnContext {
  const { table, rowEstimate, other, signal = new AbortController().signal } = surroundings;
  return {
    table,
    column,
    rowEstimate,
    domain,
    signal,
    deriveKey: (purpose) => surroundings.deriveKey(rule, purpose, domain),
    other,
    inner: async (within, parts = column) => {
      const owner = within.domain ?? rule.domain ?? within.transform.defaultDomain(within.options);
      // A rule further in looks for a domain at this one, which has its own or has been given one.
      const named = rule.domain === null || within.domain !== null ? within : { ...within, domain: rule.domain };
      return prepareParts(surroundings, named, parts, owner, column.name);
    },
  };
}

async function prepareParts(
  surroundings: ColumnSurroundings,
  rule: Rule,
  column: Column,
  domain: string,
  owner: string,
): Promise<MaskParts> {
  const mask = await prepareRule(surroundings, rule, column, domain);
  return async (parts, batch, rows) => {
    const place: MaskPlace = {
      rule,
      table: surroundings.table,
      column: owner,
      rowOf: (index) => rowNumber(batch, rows?.[index] ?? index),
    };
    const seen = rows === undefined ? batch : new PartBatch(batch, rows);
    return settleParts(place, parts, await runMask(place, () => mask(parts, seen)));
  };
}

/** The rows that parts of a column's values belong to: a row stands in it once for each of its parts. */
class PartBatch implements RowBatch {
  readonly #batch: RowBatch;
  readonly #rows: readonly number[];

  constructor(batch: RowBatch, rows: readonly number[]) {
    this.#batch = batch;
    this.#rows = rows;
  }

  get table(): TableRef {
    return this.#batch.table;
  }

  get rowCount(): number {
    return this.#rows.length;
  }

  get firstRow(): number {
    return this.#batch.firstRow;
  }

  ordinalOf(index: number): number {
    return rowNumber(this.#batch, this.#rows[index]!) - 1;
  }

  column(index: number): ColumnValues {
    return this.#gather(this.#batch.column(index));
  }

  replacement(index: number): ColumnValues | undefined {
    const replaced = this.#batch.replacement(index);
    return replaced === undefined ? undefined : this.#gather(replaced);
  }

  replace(): never {
    throw notWritable(this.table);
  }

  slice(from: number, to: number): RowBatch {
    return new PartBatch(this.#batch, this.#rows.slice(from, to));
  }

  #gather(values: ColumnValues): ColumnValues {
    return this.#rows.map((row) => values[row]!);
  }
}

function notWritable(table: TableRef): StandinError {
  const name = tableName(table);
  return new StandinError("TRANSFORM_FAILED", `A mask of ${name} replaced a column that is not its own.`, { table: name });
}
