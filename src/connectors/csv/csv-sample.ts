import { type FileHandle, open } from "node:fs/promises";
import type { Column, ColumnValues, RowBatch, SampleOptions } from "../../contracts.ts";
import { isStandinError } from "../../errors.ts";
import { CsvScanner } from "../../formats/csv/csv-scanner.ts";
import { cutSample, evenlySpread, sampleRows } from "../../sample-bounds.ts";
import type { CsvTable } from "./csv-table.ts";

/** A smaller file is looked at from its start alone. */
const SMALL_BYTES = 4 * 1024 * 1024;
const BLOCKS = 16;
const BLOCK_BYTES = 64 * 1024;

/** Gives the asked columns of a batch, in their order. */
export type InOrder = (batch: RowBatch) => RowBatch;

/** Rows as they are collected: columns of values. */
class Collected {
  readonly columns: (string | null)[][];
  readonly #wanted: number;

  constructor(columns: readonly Column[], wanted: number) {
    this.columns = columns.map(() => []);
    this.#wanted = wanted;
  }

  get rowCount(): number {
    return this.columns[0]?.length ?? 0;
  }

  get isFull(): boolean {
    return this.rowCount >= this.#wanted;
  }

  add(batch: RowBatch, most = Number.POSITIVE_INFINITY): void {
    const rows = evenlySpread(batch.rowCount, Math.min(most, this.#wanted - this.rowCount));
    for (const [index, values] of this.columns.entries()) {
      const all = batch.column(index);
      for (const row of rows) values.push(cutSample(all[row]!));
    }
  }
}

/**
 * Looks at a file's first rows and, where it is large and can be entered anywhere (no gzip, a usual dialect), at blocks spread evenly over the rest.
 * `start` reads the file from its start.
 */
export async function sampleCsv(
  table: CsvTable,
  { columns, rows, signal }: SampleOptions,
  start: AsyncIterable<RowBatch>,
  inOrder: InOrder,
): Promise<readonly ColumnValues[]> {
  const wanted = sampleRows({ rows });
  const { path } = table.csv;
  const isSpread = path !== null && table.csv.canEnterAnywhere && (table.byteEstimate ?? 0) > SMALL_BYTES;
  const fromStart = new Collected(columns, isSpread ? Math.ceil(wanted / BLOCKS) : wanted);
  for await (const batch of start) {
    fromStart.add(batch);
    if (fromStart.isFull) break;
  }
  if (!isSpread || columns.length === 0) return fromStart.columns;
  const spread = await readBlocks(path, table, columns, wanted, inOrder, signal);
  return fromStart.columns.map((values, index) => [...values, ...spread.columns[index]!].slice(0, wanted));
}

async function readBlocks(
  path: string,
  table: CsvTable,
  columns: readonly Column[],
  wanted: number,
  inOrder: InOrder,
  signal: AbortSignal,
): Promise<Collected> {
  const collected = new Collected(columns, wanted);
  const file = await open(path);
  try {
    for (const offset of evenlySpread(table.byteEstimate!, BLOCKS).slice(1)) {
      signal.throwIfAborted();
      for (const batch of await rowsOfBlock(await readBlock(file, offset), table))
        collected.add(inOrder(batch), Math.ceil(wanted / BLOCKS));
    }
  } finally {
    await file.close();
  }
  return collected;
}

async function readBlock(file: FileHandle, offset: number): Promise<Buffer> {
  const buffer = Buffer.alloc(BLOCK_BYTES);
  const { bytesRead } = await file.read(buffer, 0, BLOCK_BYTES, offset);
  return buffer.subarray(0, bytesRead);
}

/** Thrown where a block ends: the scanner then does not take the piece of a row at the end for a row. */
class BlockEnd extends Error {}

/**
 * The whole rows of a block from the middle of a file. None where the block's first line turns out to be the middle of a quoted field: a row then has another
 * number of fields, or a quote in a wrong place.
 */
async function rowsOfBlock(block: Buffer, { ref, csv, columns }: CsvTable): Promise<readonly RowBatch[]> {
  const lineEnd = csv.dialect.terminator === "\r" ? 0x0d : 0x0a;
  const from = block.indexOf(lineEnd) + 1;
  if (from === 0) return [];
  async function* chunks(): AsyncGenerator<Uint8Array> {
    yield block.subarray(from);
    throw new BlockEnd();
  }
  const scanner = new CsvScanner(chunks(), {
    table: ref,
    dialect: csv.dialect,
    batchSize: { maxBytes: block.length - from },
    header: false,
    file: csv.fileName,
  });
  const batches: RowBatch[] = [];
  try {
    if ((await scanner.open()).columnCount !== columns.length) return [];
    for await (const batch of scanner.batches()) batches.push(batch);
  } catch (error) {
    if (error instanceof BlockEnd) return batches;
    if (isStandinError(error) && error.code === "FORMAT_INVALID") return [];
    throw error;
  }
  return batches;
}
