import type { RowBatch } from "../contracts.ts";
import { StandinError } from "../errors.ts";
import { WindowBatch } from "../pipeline/masking/gather-windows.ts";
import { maskBatch } from "../pipeline/masking/mask-batch.ts";
import type { PreparedTable } from "../pipeline/masking/prepare-table.ts";
import type { StandingDatabase } from "../standing-database.ts";
import { tableName } from "../table-ref.ts";
import { untilAborted } from "../until-aborted.ts";
import { counted } from "../written-numbers.ts";
import type { RunNotes, TableNote } from "./run-notes.ts";
import type { StandingPlan } from "./standing-tables.ts";

/** Bytes that a batch aims at: what is in memory is a few times as much. */
const AIM_BYTES = 4 * 1024 * 1024;
const FIRST_ROWS = 500;
const MOST_ROWS = 20_000;

export interface TableOptions {
  readonly signal: AbortSignal;
  /** Most rows of a batch. */
  readonly batchRows: number | undefined;
  onRows(rows: number, bytes: number): void;
}

/**
 * Masks one table from where its note says: in one transaction each, a batch is read by key, masked, written, and noted. So after a kill at any moment a row was masked
 * once or not at all, and the note says which. Resolves with all rows of the table that are masked.
 */
export async function maskTable(
  database: StandingDatabase,
  { standing }: StandingPlan,
  prepared: PreparedTable,
  notes: RunNotes,
  options: TableOptions,
): Promise<number> {
  const name = tableName(standing.table.ref);
  const { windowRows } = prepared;
  const most = options.batchRows ?? MOST_ROWS;
  const first = {
    generation: await database.generation(standing),
    rows: 0,
    after: null,
    batchRows: Math.min(FIRST_ROWS, most),
    isDone: false,
  };
  let note: TableNote = notes.of(name) ?? first;
  while (!note.isDone) {
    options.signal.throwIfAborted();
    const former = note;
    const masked = await database.transact(async () => {
      // A window takes the rest of its table along where that would make no window of its own, as in a copy.
      const wanted = windowRows > 1 ? 2 * windowRows : former.batchRows;
      const found = inTable(await database.read(standing, former.after, wanted), former.rows);
      const batch = windowRows > 1 && found !== null && found.rowCount === wanted ? found.slice(0, windowRows) : found;
      if (batch === null) {
        note = { ...former, isDone: true };
        await notes.put(name, note);
        return null;
      }
      await untilAborted(maskBatch(prepared, batch), options.signal);
      const bytes = bytesOf(batch);
      const updated = await database.update(standing, batch);
      if (updated !== batch.rowCount) throw mismatch(name, batch.rowCount, updated);
      note = {
        ...former,
        rows: former.rows + batch.rowCount,
        after: standing.key.map((index) => batch.column(index)[batch.rowCount - 1]!),
        batchRows: nextRows(former.batchRows, bytes, most),
      };
      await notes.put(name, note);
      return { rows: batch.rowCount, bytes };
    });
    if (masked !== null) options.onRows(masked.rows, masked.bytes);
  }
  return note.rows;
}

/** Throws COUNT_MISMATCH where a table has other rows than were masked: those that somebody added behind the masks are in clear. */
export async function refuseChanged(database: StandingDatabase, { standing }: StandingPlan, masked: number): Promise<void> {
  const rows = await database.countRows(standing);
  if (rows !== masked) throw changed(tableName(standing.table.ref), masked, rows);
}

/** Batches of one reading as one, counted on from the rows before. */
function inTable(batches: readonly RowBatch[], firstRow: number): RowBatch | null {
  return batches.length === 0 ? null : new LaterBatch(batches, firstRow);
}

/** Rows whose ordinals are those of the table, not of one reading. */
class LaterBatch extends WindowBatch {
  override readonly firstRow: number;

  constructor(batches: readonly RowBatch[], firstRow: number) {
    super(batches);
    this.firstRow = firstRow;
  }

  override slice(from: number, to: number): RowBatch {
    const { batches } = super.slice(from, to) as WindowBatch;
    return new LaterBatch(batches, this.firstRow + from);
  }
}

/** What masking and writing hold in memory is as large as the cells. */
function bytesOf(batch: RowBatch): number {
  return (batch as WindowBatch).batches.reduce((sum, part) => sum + (part.byteCount ?? 0), 0);
}

/** Half or twice as many at most, so that a few large rows do not decide for all. */
function nextRows(rows: number, bytes: number, most: number): number {
  const wanted = Math.round((rows * AIM_BYTES) / Math.max(bytes, 1));
  return Math.max(1, Math.min(wanted, 2 * rows, most));
}

function mismatch(table: string, read: number, updated: number): StandinError {
  return new StandinError(
    "COUNT_MISMATCH",
    `${table}: ${counted(read, "row")} were read, and ${updated} found again to be written.`,
    { table },
  );
}

function changed(table: string, masked: number, there: number): StandinError {
  return new StandinError(
    "COUNT_MISMATCH",
    `${table}: ${counted(masked, "row")} were masked, and ${there} are there: somebody writes to it.`,
    {
      table,
      hint: "Restore the backup anew, keep every other writer out, and mask again.",
    },
  );
}
