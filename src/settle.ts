import type { ColumnValues, MaskedValues, RowBatch, Rule, TableRef } from "./contracts.ts";
import { isStandinError, StandinError } from "./errors.ts";
import { tableName } from "./table-ref.ts";

/** What errors say of the place of a mask's values. */
export interface MaskPlace {
  readonly rule: Rule;
  readonly table: TableRef;
  readonly column: string;
  /** The ordinal, from 1, of the row that a value stands in. */
  rowOf(index: number): number;
}

/** The ordinal, from 1, of a row of a batch, for errors. */
export function rowNumber(batch: RowBatch, index: number): number {
  return (batch.ordinalOf?.(index) ?? batch.firstRow + index) + 1;
}

/** Runs a mask. Of what it throws only our own errors go on: they hold no value, and whatever else a mask throws may quote one. */
export async function runMask(place: MaskPlace, mask: () => MaskedValues | Promise<MaskedValues>): Promise<MaskedValues> {
  try {
    const masked = mask();
    return masked instanceof Promise ? await masked : masked;
  } catch (error) {
    if (isStandinError(error)) throw error;
    throw failed(place, `${nameOf(place)} failed on ${columnOf(place)}.`);
  }
}

/** NULL stays NULL, here and nowhere else; and what a mask could not handle becomes what the policy says, never the original. */
export function settle(place: MaskPlace, originals: ColumnValues, masked: MaskedValues): ColumnValues {
  return settleBy(place, originals, masked, (index) => {
    throw tooFewRows(place, originals.length) ?? notSupported(place, index);
  }) as ColumnValues;
}

/** The same for parts of values: undefined where the value around the part is one that cannot be handled. */
export function settleParts(place: MaskPlace, originals: ColumnValues, masked: MaskedValues): MaskedValues {
  return settleBy(place, originals, masked, () => undefined);
}

function settleBy(
  place: MaskPlace,
  originals: ColumnValues,
  masked: MaskedValues,
  fail: (index: number) => undefined,
): MaskedValues {
  if (masked.length !== originals.length) throw failed(place, `${nameOf(place)} gave another number of values than it got.`);
  const { onUnsupported, transform } = place.rule;
  const { seesNull } = transform;
  if (!needsSettling(originals, masked, seesNull)) return masked;
  const settled = new Array<string | null | undefined>(masked.length);
  for (let index = 0; index < masked.length; index++) {
    const value = masked[index];
    if (originals[index] === null && !seesNull) settled[index] = null;
    else if (value === undefined)
      settled[index] = onUnsupported === "fail" ? fail(index) : suppressed(onUnsupported, originals[index]!);
    else if (value === null || typeof value === "string") settled[index] = value;
    else throw noText(place, index);
  }
  return settled;
}

function needsSettling(originals: ColumnValues, masked: MaskedValues, seesNull: boolean): boolean {
  for (let index = 0; index < masked.length; index++) {
    const value = masked[index];
    if (typeof value !== "string" && value !== null) return true;
    if (!seesNull && originals[index] === null && value !== null) return true;
  }
  return false;
}

/** A transform of somebody else's, outside of the types: a number would be written as nothing. */
function noText(place: MaskPlace, index: number): StandinError {
  const row = place.rowOf(index);
  return failed(place, `${nameOf(place)} gave something other than text for ${columnOf(place)} in row ${row}.`, row);
}

function suppressed(onUnsupported: "nullify" | "redact", value: string): string | null {
  return onUnsupported === "nullify" ? null : "*".repeat([...value].length);
}

function notSupported(place: MaskPlace, index: number): StandinError {
  const row = place.rowOf(index);
  const { unsupported = null } = place.rule.transform;
  const what = unsupported === null ? "" : `It cannot handle ${unsupported}. `;
  return new StandinError("VALUE_UNSUPPORTED", `${nameOf(place)} cannot handle the value of ${columnOf(place)} in row ${row}.`, {
    table: tableName(place.table),
    column: place.column,
    row,
    hint: `${what}Say what becomes of such values (onUnsupported: "nullify" or "redact"), or choose another transform.`,
  });
}

/** The only word on a table of a few rows would else be that its first value is at fault. */
function tooFewRows(place: MaskPlace, rows: number): StandinError | null {
  const { fewestRows = 1 } = place.rule.transform;
  if (rows >= fewestRows) return null;
  const table = tableName(place.table);
  const have = `${table} has ${rows === 1 ? "one" : rows}`;
  return new StandinError(
    "TOO_FEW_ROWS",
    `${nameOf(place)} on ${columnOf(place)} needs at least ${fewestRows} rows, and ${have}.`,
    {
      table,
      column: place.column,
      hint: `Use fake, redact or nullify, or say what becomes of so few (onUnsupported: "nullify" or "redact").`,
    },
  );
}

const nameOf = ({ rule }: MaskPlace): string => rule.transform.name;
const columnOf = ({ table, column }: MaskPlace): string => `${tableName(table)}.${column}`;

function failed({ table, column }: MaskPlace, message: string, row?: number): StandinError {
  return new StandinError("TRANSFORM_FAILED", message, { table: tableName(table), column, row });
}
