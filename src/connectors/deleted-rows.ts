import type { ChangingTable } from "../contracts.ts";
import { isStandinError, StandinError } from "../errors.ts";
import { tableName } from "../table-ref.ts";
import { amount, counted } from "../written-numbers.ts";

/** Rows of one table that are to go, of all that the target had. */
export interface Going {
  readonly gone: number;
  readonly all: number;
}

/** Throws where more rows would go than may: the source may be another, or empty. */
export function refuseTooMany({ table, deletes }: ChangingTable, { gone, all }: Going): void {
  const { maxPercent } = deletes!;
  if (gone <= (all * maxPercent) / 100) return;
  const name = tableName(table.ref);
  throw new StandinError(
    "TOO_MANY_DELETED",
    `${name}: the source no longer holds ${amount(gone)} of the ${counted(all, "row")} in the target, and at most ${maxPercent} % may go in one run.`,
    {
      table: name,
      hint: `See whether the source is the right one. If so, raise incremental → ${name} → maxDeletedPercent, or run the whole once, without --incremental.`,
    },
  );
}

/** Throws where rows of the source have neither come now nor before: what tells the changed ones has not told them. */
export function refuseMissing({ table }: ChangingTable, { keys, held }: { readonly keys: number; readonly held: number }): void {
  if (keys === held) return;
  const name = tableName(table.ref);
  throw new StandinError(
    "COUNT_MISMATCH",
    `${name}: the source holds ${counted(keys, "row")}, and the target would hold ${amount(held)}.`,
    {
      table: name,
      hint: `Rows came that incremental → ${name} → changedBy does not tell: make the overlap longer or choose another column, and run the whole once, without --incremental.`,
    },
  );
}

/** The keys of a table with `deletes` have not come: all of its rows would go. */
export function keysMissing(): TypeError {
  return new TypeError("commit without the keys of a table whose deleted rows are to go");
}

/** Two rows that held a unique value one after the other: the first is gone in the source, which an incremental run does not see by itself. */
export function stillTaken(refused: StandinError): StandinError {
  const { code, message, table, column } = refused;
  const hint =
    "A row that is gone in the source may still hold the value: write deletes: compare for the table, or run the whole once, without --incremental.";
  return new StandinError(code, message, { table, column, hint });
}

/** An incremental run that leaves rows alone: what it did not see may be why. */
export function leftAlone(error: unknown): unknown {
  if (!isStandinError(error) || error.code !== "REFERENCE_BROKEN") return error;
  const hint =
    "The source may have deleted rows that stay here, or set references to NULL without changing the row's `changedBy`: run the whole once, without --incremental.";
  return new StandinError(error.code, error.message, { table: error.table, hint });
}
