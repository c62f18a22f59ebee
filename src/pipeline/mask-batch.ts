import type { ColumnValues, MaskedValues, RowBatch } from "../contracts.ts";
import { isStandinError, StandinError } from "../errors.ts";
import type { PreparedColumn, PreparedTable } from "./prepare-table.ts";

/** Column by column: each inner loop calls one function only, and a column nobody masks is never decoded. */
export async function maskBatch(table: PreparedTable, batch: RowBatch): Promise<void> {
  for (const column of table.columns) {
    const originals = batch.column(column.index);
    const masked = await runMask(table, column, originals, batch);
    batch.replace(column.index, settle(table, column, originals, masked, batch.firstRow));
  }
}

async function runMask(
  table: PreparedTable,
  column: PreparedColumn,
  originals: ColumnValues,
  batch: RowBatch,
): Promise<MaskedValues> {
  try {
    const masked = column.mask(originals, batch);
    return masked instanceof Promise ? await masked : masked;
  } catch (error) {
    // Only our own errors are known to hold no value; whatever else a mask throws may quote one.
    if (isStandinError(error)) throw error;
    throw new StandinError("TRANSFORM_FAILED", `${column.rule.transform.name} failed on ${table.name}.${column.name}.`, {
      table: table.name,
      column: column.name,
    });
  }
}

/** NULL stays NULL, here and nowhere else; and what a mask could not handle becomes what the policy says, never the original. */
function settle(
  table: PreparedTable,
  column: PreparedColumn,
  originals: ColumnValues,
  masked: MaskedValues,
  firstRow: number,
): ColumnValues {
  if (masked.length !== originals.length) {
    throw new StandinError("TRANSFORM_FAILED", `${column.rule.transform.name} gave another number of values than it got.`, {
      table: table.name,
      column: column.name,
    });
  }
  const { seesNull } = column.rule.transform;
  const settled: (string | null)[] | null = needsSettling(originals, masked, seesNull) ? new Array(masked.length) : null;
  if (settled === null) return masked as ColumnValues;
  for (let index = 0; index < masked.length; index++) {
    const value = masked[index];
    if (originals[index] === null && !seesNull) settled[index] = null;
    else if (value === undefined) settled[index] = unsupported(table, column, originals[index]!, firstRow + index + 1);
    else if (value === null || typeof value === "string") settled[index] = value;
    else throw noText(table, column, firstRow + index + 1);
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
function noText(table: PreparedTable, column: PreparedColumn, row: number): StandinError {
  const what = `${column.rule.transform.name} gave something other than text for ${table.name}.${column.name} in row ${row}.`;
  return new StandinError("TRANSFORM_FAILED", what, { table: table.name, column: column.name, row });
}

function unsupported(table: PreparedTable, column: PreparedColumn, value: string, row: number): string | null {
  const { transform, onUnsupported } = column.rule;
  if (onUnsupported === "nullify") return null;
  if (onUnsupported === "redact") return "*".repeat([...value].length);
  throw new StandinError(
    "VALUE_UNSUPPORTED",
    `${transform.name} cannot handle the value of ${table.name}.${column.name} in row ${row}.`,
    {
      table: table.name,
      column: column.name,
      row,
      hint: `Say what becomes of such values (onUnsupported: "nullify" or "redact"), or choose another transform.`,
    },
  );
}
