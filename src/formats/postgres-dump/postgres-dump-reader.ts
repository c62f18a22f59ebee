import { ByteBatch } from "../../batch/byte-batch.ts";
import type { DataSchema, SchemaDefinition, TableRef } from "../../contracts.ts";
import type { StandinError } from "../../errors.ts";
import { tableName } from "../../table-ref.ts";
import type { DumpPart, DumpReader } from "../dump-format.ts";
import { copyFormat } from "../postgres/copy-format.ts";
import { countCopyRows, scanCopyRows } from "../postgres/copy-scanner.ts";
import { ddlSchema } from "../postgres/postgres-ddl-tables.ts";
import { scanUsualRows } from "../postgres/scan-usual-rows.ts";
import { BoundsBuilder, cutBatches, RowCollector } from "../row-collector.ts";
import { refuseForeign } from "./postgres-dump-head.ts";
import { type InsertHeader, readEmptyInsert, readInsertHeader, scanInserts } from "./postgres-dump-inserts.ts";
import { DumpKnowledge } from "./postgres-dump-knowledge.ts";
import { ForeignByte, INCOMPLETE, skipBlank, skipStatement, skipWord } from "./postgres-dump-lexer.ts";
import { refused } from "./postgres-dump-statements.ts";
import { postgresInsertFormat } from "./postgres-insert-format.ts";

const NEWLINE = 0x0a;
const BACKSLASH = 0x5c;
const END_OF_ROWS = Buffer.from("\\.\n");
/** pg_dump cuts what is long by itself: a statement without rows that goes on for longer is none of its. */
const LONGEST_STATEMENT = 256 * 1024 * 1024;

/** The rows that are being read: whose they are, and where the statement that they stand in begins. */
interface Block {
  readonly table: TableRef;
  readonly columns: readonly string[];
  readonly statement: number;
  readonly partitionedBy: readonly string[] | undefined;
  /** Null for COPY. */
  readonly header: InsertHeader | null;
  /** Within an INSERT, behind a comma. */
  isWithin: boolean;
}

/** Reads plain pg_dump output: statements as text, COPY blocks and INSERTs as rows. */
export class PostgresDumpReader implements DumpReader {
  readonly known: DumpKnowledge;
  readonly #collector = new RowCollector({});
  readonly #bounds = new BoundsBuilder();
  readonly #rowsOf = new Map<string, number>();
  /** Where in the dump the collector's first byte is. */
  #offset = 0;
  #block: Block | null = null;
  /** Whether the line goes on in which the last statement ended. */
  #isWithinLine = false;
  /** Bytes that have to be there before it is worth to look again. */
  #wanted: number;

  constructor(former?: PostgresDumpReader) {
    this.known = new DumpKnowledge(former?.known);
    this.#wanted = this.#collector.maxBytes;
  }

  schema(): DataSchema {
    return ddlSchema(this.known.ddl());
  }

  definition(): SchemaDefinition {
    return this.known.definition();
  }

  async *parts(chunks: AsyncIterable<Uint8Array>, signal: AbortSignal): AsyncGenerator<DumpPart> {
    await this.known.load();
    for await (const chunk of chunks) {
      signal.throwIfAborted();
      this.#collector.append(chunk);
      if (this.#collector.length >= this.#wanted) yield* this.#scan(false);
    }
    signal.throwIfAborted();
    yield* this.#scan(true);
    if (this.#block !== null || this.#collector.length > 0) throw brokenOff(this.#offset + this.#collector.length);
    this.known.end(this.#offset);
  }

  /** Gives all parts that are whole, and carries the rest over. */
  *#scan(isLast: boolean): Generator<DumpPart> {
    const collector = this.#collector;
    const { bytes, length } = collector;
    if (this.#offset === 0) refuseOther(bytes.subarray(0, length));
    let at = 0;
    while (at < length) {
      const from = at;
      try {
        if (this.#block === null) at = yield* this.#statements(bytes, at, length, isLast);
        else if (this.#block.header === null) at = yield* this.#copyRows(bytes, at, length, this.#block);
        else at = yield* this.#inserts(bytes, at, length, this.#block, this.#block.header);
      } catch (error) {
        throw error instanceof ForeignByte ? foreignByte(error, this.#offset) : error;
      }
      if (at === from) break;
    }
    if (length - at > LONGEST_STATEMENT && this.#block === null) throw brokenOff(this.#offset + length);
    // What was looked at in vain is looked at again once it has doubled, and not with every chunk.
    this.#wanted = Math.max(collector.maxBytes, at === 0 ? 2 * length : 0);
    this.#offset += at;
    if (at > 0) collector.carry(at);
  }

  /** One statement, or what stands before an INSERT. Returns where it ends, `at` where that is still to come. */
  *#statements(bytes: Buffer, at: number, to: number, isLast: boolean): Generator<DumpPart, number> {
    const start = skipBlank(bytes, at, to);
    if (start === INCOMPLETE || start === to) {
      if (!isLast || (start === INCOMPLETE && !isBlankLine(bytes.subarray(at, to)))) return at;
      this.known.blank(bytes, at, to);
      yield text(bytes, at, to);
      return to;
    }
    this.known.blank(bytes, at, start);
    if (bytes[start] === BACKSLASH) {
      const end = bytes.subarray(0, to).indexOf(NEWLINE, start);
      if (end < 0 && !isLast) return at;
      const line = bytes.toString("utf8", start, end < 0 ? to : end);
      const isAtLineStart = start > at ? bytes[start - 1] === NEWLINE : !this.#isWithinLine;
      if (!isAtLineStart) throw new ForeignByte(start, "command");
      this.known.command(line, this.#offset + start);
      yield text(bytes, at, end < 0 ? to : end + 1);
      this.#isWithinLine = false;
      return end < 0 ? to : end + 1;
    }
    const word = skipWord(bytes, start, to);
    if (word === to) return at;
    if (word - start === 6 && bytes.toString("latin1", start, word).toUpperCase() === "INSERT") {
      const without = readEmptyInsert(bytes, start, to);
      if (without !== null) {
        this.#refuseColumns({ schema: without.schema ?? "public", name: without.name }, start);
        this.#isWithinLine = true;
        yield text(bytes, at, without.end);
        return without.end;
      }
      const header = readInsertHeader(bytes, start, to);
      if (header === null) return at;
      this.#block = this.#blockOf(header.schema, header.name, header.columns, start, header);
      if (start > at) yield text(bytes, at, start);
      return yield* this.#inserts(bytes, start, to, this.#block, header);
    }
    const end = skipStatement(bytes, start, to, this.known.isStandard);
    if (end === INCOMPLETE) return at;
    const statement = this.known.statement(bytes.toString("utf8", start, end), this.#offset + start);
    if (statement.type !== "copy") {
      this.#isWithinLine = true;
      yield text(bytes, at, end);
      return end;
    }
    if (end === to && !isLast) return at;
    if (bytes[end] !== NEWLINE) throw new ForeignByte(end, "command");
    this.#block = this.#blockOf(statement.schema, statement.name, statement.columns, start, null);
    this.#isWithinLine = false;
    yield text(bytes, at, end + 1);
    return end + 1;
  }

  #blockOf(
    schema: string | null,
    name: string,
    columns: Block["columns"] | null,
    start: number,
    header: InsertHeader | null,
  ): Block {
    const ref = { schema: schema ?? "public", name };
    if (header !== null && !this.known.isStandard) {
      const hint = "Have it written by pg_dump, which says at its beginning how texts are to be read.";
      throw refused("An INSERT stands before SET standard_conforming_strings = on.", this.#offset + start, hint);
    }
    const known = this.known.columnsOf(ref, header === null);
    if (columns === null && known === null) {
      const hint = "Give the schema, as pg_dump --schema-only writes it, by --schema.";
      throw refused(`The dump does not say which columns ${tableName(ref)} has.`, this.#offset + start, hint);
    }
    return {
      table: this.known.beginRows(ref, this.#offset + start),
      columns: columns ?? known!,
      statement: this.#offset + start,
      partitionedBy: this.known.partitionedBy(ref),
      header,
      isWithin: false,
    };
  }

  /** A row of nothing but defaults is a row that no mask sees. */
  #refuseColumns(ref: TableRef, start: number): void {
    if (this.known.columnsOf(ref, false)?.length === 0) return;
    const hint = "Have it written by pg_dump, which does so for tables without columns alone.";
    throw refused(`A row of ${tableName(ref)} is made of defaults.`, this.#offset + start, hint);
  }

  *#copyRows(bytes: Buffer, at: number, to: number, block: Block): Generator<DumpPart, number> {
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
    if (end === null) return rowsEnd;
    this.#block = null;
    yield text(bytes, end, end + END_OF_ROWS.length);
    return end + END_OF_ROWS.length;
  }

  *#inserts(bytes: Buffer, at: number, to: number, block: Block, header: InsertHeader): Generator<DumpPart, number> {
    const { table, columns } = block;
    const bounds = this.#bounds;
    const scanned = scanInserts(bytes, at, to, header.bytes, block.isWithin, columns.length, bounds);
    const { end, rowCount } = scanned;
    block.isWithin = scanned.isWithin;
    if (rowCount > 0) {
      const first = this.#firstRow(table);
      this.#rowsOf.set(tableName(table), first + rowCount);
      const batch = new ByteBatch({
        ...{
          table,
          format: postgresInsertFormat,
          bytes,
          from: at,
          to: end,
          columnCount: columns.length,
          rowCount,
          firstRow: first,
        },
        starts: bounds.starts.slice(0, rowCount * columns.length),
        ends: bounds.ends.slice(0, rowCount * columns.length),
      });
      this.#isWithinLine = true;
      yield { type: "rows", table, columns, batch, statement: block.statement, partitionedBy: block.partitionedBy };
    }
    // What follows is another statement, perhaps one that goes on with the same rows.
    if (!scanned.isWithin && rowCount > 0) this.#block = null;
    return end;
  }

  #firstRow(table: TableRef): number {
    return this.#rowsOf.get(tableName(table)) ?? 0;
  }
}

function text(bytes: Buffer, from: number, to: number): DumpPart {
  return { type: "text", bytes: bytes.subarray(from, to) };
}

/** Whether the last line is a comment, without a newline behind it. */
function isBlankLine(bytes: Buffer): boolean {
  const line = Buffer.concat([bytes, Buffer.of(NEWLINE)]);
  return skipBlank(line, 0, line.length) === line.length;
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

function foreignByte({ at, what }: ForeignByte, offset: number): StandinError {
  const suspicious = "Do not restore this dump: ask where it comes from.";
  const told = {
    command: [
      "The dump holds a command for psql at a place where no dump has one.",
      `psql would run it, on the machine that restores. ${suspicious}`,
    ],
    zero: [
      "The dump holds a byte that no dump has (zero, or a carriage return).",
      "Have it written by pg_dump anew, with newlines alone at its lines' ends.",
    ],
    escape: ["The dump holds a text whose end hangs on settings.", `Have it written by pg_dump anew. ${suspicious}`],
    end: ["The dump holds rows that end for a server where they go on for psql.", suspicious],
  }[what];
  return refused(told[0]!, offset + at, told[1]!);
}

function refuseOther(bytes: Buffer): void {
  const foreign = refuseForeign(bytes);
  if (foreign !== null) throw refused(`The dump ${foreign.what}.`, 0, foreign.hint);
}

function brokenOff(offset: number): StandinError {
  const hint = "Make it again, and look at pg_dump's exit code (set -o pipefail).";
  return refused("The dump breaks off within a statement.", offset, hint);
}
