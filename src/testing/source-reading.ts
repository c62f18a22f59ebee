import type { BatchSize, Column, ColumnValues, RowBatch, Shard, Source, Table } from "../contracts.ts";
import { isSameTable } from "../table-ref.ts";
import type { BrokenPromises } from "./broken-promises.ts";
import { isSame } from "./mask-sitting.ts";

/** The cells of a table, column by column. */
export type Cells = readonly ColumnValues[];

export interface Reading {
  readonly columns: readonly Column[];
  readonly batchSize: BatchSize;
  readonly signal?: AbortSignal | undefined;
  /** Gives each batch back before the next is asked for, as a sink does. @default true */
  readonly releases?: boolean | undefined;
  /** The part to read, and the ordinal of its first row. @default the whole table */
  readonly shard?: Shard | undefined;
  readonly firstRow?: number | undefined;
}

/** The columns of a table that rows are read in. */
export const readable = ({ columns }: Table): readonly Column[] => columns.filter(({ isGenerated }) => !isGenerated);

/** A new one for each use: sources listen to it. */
const neverAborted = () => new AbortController().signal;

/** Reads a table to its end. Each batch is copied, then given back. */
export async function readCells(source: Pick<Source, "read">, table: Table, reading: Reading): Promise<Cells> {
  const { columns, batchSize, signal = neverAborted(), releases = true, shard, firstRow } = reading;
  const cells: (string | null)[][] = columns.map(() => []);
  const held: RowBatch[] = [];
  const copy = (batch: RowBatch) => {
    for (const [index, values] of cells.entries()) for (const value of batch.column(index)) values.push(value);
  };
  for await (const batch of source.read(table, { columns, batchSize, signal, shard, firstRow })) {
    if (!releases) held.push(batch);
    else {
      copy(batch);
      batch.release?.();
    }
  }
  for (const batch of held) copy(batch);
  return cells;
}

/** Reads a table and looks at the shape of each batch. */
export async function examineBatches(source: Source, table: Table, maxRows: number, broken: BrokenPromises): Promise<void> {
  const columns = readable(table);
  let next = 0;
  for await (const batch of source.read(table, { columns, batchSize: { maxRows }, signal: neverAborted() })) {
    broken.expect(isSameTable(batch.table, table.ref), "a batch names another table");
    broken.expect(batch.rowCount <= maxRows, "a batch has more rows than maxRows");
    broken.expect(batch.firstRow === next, "firstRow does not count on from the batch before");
    next += batch.rowCount;
    for (const [index, column] of columns.entries()) {
      const values = batch.column(index);
      broken.expect(values.length === batch.rowCount, "a column has another number of cells than its batch has rows");
      broken.expect(values.every(isCell), "a cell is neither text nor null");
      broken.expect(column.nullable || !values.includes(null), `a column that is not nullable (${column.name}) has a NULL`);
      examineReplacement(batch, index, values.slice(), broken);
    }
    batch.release?.();
  }
}

const isCell = (value: unknown) => value === null || typeof value === "string";

function examineReplacement(batch: RowBatch, index: number, originals: ColumnValues, broken: BrokenPromises): void {
  broken.expect(batch.replacement(index) === undefined, "a batch has a replacement that nobody set");
  const half = batch.rowCount >> 1;
  const slice = batch.slice(half, batch.rowCount);
  broken.expect(
    slice.rowCount === batch.rowCount - half &&
      slice.firstRow === batch.firstRow + half &&
      isSame(slice.column(index), originals.slice(half)),
    "a slice has other rows than those asked for",
  );
  const replaced = originals.map(() => "replaced");
  batch.replace(index, replaced);
  broken.expect(isSame(batch.replacement(index) ?? [], replaced), "a batch does not give back what was set by replace");
  broken.expect(isSame(batch.column(index), originals), "replace changes what column gives");
}

export const isSameCells = (one: Cells, other: Cells): boolean =>
  one.length === other.length && one.every((values, index) => isSame(values, other[index]!));
