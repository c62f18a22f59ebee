import { ByteBatch } from "../../batch/byte-batch.ts";
import type { TableRef } from "../../contracts.ts";
import { tableName } from "../../table-ref.ts";
import type { DumpPart } from "../dump-format.ts";
import { copyFormat } from "../postgres/copy-format.ts";
import { countCopyRows, scanCopyRows } from "../postgres/copy-scanner.ts";
import { scanUsualRows } from "../postgres/scan-usual-rows.ts";
import { BoundsBuilder, cutBatches, type RowCollector } from "../row-collector.ts";
import { type InsertHeader, scanInserts } from "./postgres-dump-inserts.ts";
import { ForeignByte } from "./postgres-dump-lexer.ts";
import { postgresInsertFormat } from "./postgres-insert-format.ts";

const NEWLINE = 0x0a;
const BACKSLASH = 0x5c;
const END_OF_ROWS = Buffer.from("\\.\n");

/** The rows that are being read: whose they are, and where the statement that they stand in begins. */
export interface RowsBlock {
  readonly table: TableRef;
  readonly columns: readonly string[];
  readonly statement: number;
  readonly partitionedBy: readonly string[] | undefined;
  /** Null for COPY. */
  readonly header: InsertHeader | null;
  /** Within an INSERT, behind a comma. */
  isWithin: boolean;
}

/** Where rows end that were there to be read, and whether the block has no more of them. */
export interface RowsEnd {
  readonly at: number;
  readonly isOver: boolean;
}

/** Reads the rows of blocks, and counts those of each table over all of its blocks. */
export class PostgresDumpRows {
  readonly #bounds = new BoundsBuilder();
  readonly #rowsOf = new Map<string, number>();
  readonly #collector: RowCollector;

  constructor(collector: RowCollector) {
    this.#collector = collector;
  }

  /** Rows of a block in `bytes[at, to)`. */
  *read(bytes: Buffer, at: number, to: number, block: RowsBlock): Generator<DumpPart, RowsEnd> {
    if (block.header === null) return yield* this.#copyRows(bytes, at, to, block);
    return yield* this.#inserts(bytes, at, to, block, block.header);
  }

  *#copyRows(bytes: Buffer, at: number, to: number, block: RowsBlock): Generator<DumpPart, RowsEnd> {
    const end = endOfRows(bytes, at, to);
    const rowsEnd = end ?? bytes.subarray(at, to).lastIndexOf(NEWLINE) + 1 + at;
    if (rowsEnd > at) {
      const { table, columns } = block;
      const first = this.#firstRow(table);
      const count = columns.length;
      const bounds = this.#bounds;
      let rowCount = count === 0 ? -1 : scanUsualRows(bytes, at, rowsEnd, count, bounds);
      if (rowCount < 0) {
        const foreign = foreignIn(bytes, at, rowsEnd);
        if (foreign >= 0) throw new ForeignByte(foreign, "zero");
        rowCount =
          count === 0 ? countCopyRows(bytes, at, rowsEnd) : scanCopyRows(bytes, at, rowsEnd, count, bounds, table, first);
      }
      const { starts, ends } = bounds;
      // A buffer that holds nothing else is written to again once the batch is done with.
      const release = at === 0 && end === null ? () => this.#collector.recycle(bytes) : undefined;
      const identity = { table, format: copyFormat, columnCount: count };
      const rows = { starts, ends, rowCount, to: rowsEnd };
      this.#rowsOf.set(tableName(table), first + rowCount);
      const { maxRows } = this.#collector;
      for (const batch of cutBatches(bytes, at, rows, identity, first, maxRows, release))
        yield { type: "rows", table, columns, batch, statement: block.statement, partitionedBy: block.partitionedBy };
    }
    if (end === null) return { at: rowsEnd, isOver: false };
    const behind = end + END_OF_ROWS.length;
    yield { type: "text", bytes: bytes.subarray(end, behind) };
    return { at: behind, isOver: true };
  }

  *#inserts(bytes: Buffer, at: number, to: number, block: RowsBlock, header: InsertHeader): Generator<DumpPart, RowsEnd> {
    const { table, columns } = block;
    const bounds = this.#bounds;
    const scanned = scanInserts(bytes, at, to, header.bytes, block.isWithin, columns.length, bounds);
    const { end, rowCount } = scanned;
    block.isWithin = scanned.isWithin;
    if (rowCount > 0) {
      const first = this.#firstRow(table);
      this.#rowsOf.set(tableName(table), first + rowCount);
      const place = { bytes, from: at, to: end, columnCount: columns.length, rowCount, firstRow: first };
      const batch = new ByteBatch({
        ...place,
        table,
        format: postgresInsertFormat,
        starts: bounds.starts.slice(0, rowCount * columns.length),
        ends: bounds.ends.slice(0, rowCount * columns.length),
      });
      yield { type: "rows", table, columns, batch, statement: block.statement, partitionedBy: block.partitionedBy };
    }
    // What follows is another statement, perhaps one that goes on with the same rows.
    return { at: end, isOver: !scanned.isWithin && rowCount > 0 };
  }

  #firstRow(table: TableRef): number {
    return this.#rowsOf.get(tableName(table)) ?? 0;
  }
}

/** Where the line is that ends the rows of a COPY block; null where it is not there yet. */
function endOfRows(bytes: Buffer, from: number, to: number): number | null {
  const there = bytes.subarray(0, to);
  for (let at = there.indexOf(END_OF_ROWS, from); at >= 0; at = there.indexOf(END_OF_ROWS, at + 1)) {
    if (at === from || bytes[at - 1] === NEWLINE) return at;
    let first = at;
    while (bytes[first - 1] === BACKSLASH) first--;
    // Behind a backslash that is escaped it is data; else a server would see the end of the rows where psql sees none.
    if ((at - first) % 2 === 0) throw new ForeignByte(at, "end");
  }
  return null;
}

/** A byte that rows never hold as it is: psql takes a carriage return for a part of the line's end, and a zero for the end of all. */
function foreignIn(bytes: Buffer, from: number, to: number): number {
  const rows = bytes.subarray(from, to);
  const found = [rows.indexOf(0), rows.indexOf(0x0d)].filter((at) => at >= 0);
  return found.length === 0 ? -1 : from + Math.min(...found);
}
