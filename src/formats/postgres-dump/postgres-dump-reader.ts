import type { DataSchema, SchemaDefinition, TableRef } from "../../contracts.ts";
import { tableName } from "../../table-ref.ts";
import type { DumpPart, DumpReader } from "../dump-format.ts";
import { ddlSchema } from "../postgres/postgres-ddl-tables.ts";
import { RowCollector } from "../row-collector.ts";
import { type InsertHeader, readEmptyInsert, readInsertHeader } from "./postgres-dump-inserts.ts";
import { DumpKnowledge } from "./postgres-dump-knowledge.ts";
import { ForeignByte, INCOMPLETE, skipBlank, skipStatement, skipWord } from "./postgres-dump-lexer.ts";
import { brokenOff, foreignByte, refuseOther } from "./postgres-dump-refusals.ts";
import { PostgresDumpRows, type RowsBlock } from "./postgres-dump-rows.ts";
import { refused } from "./postgres-dump-statements.ts";

const NEWLINE = 0x0a;
const BACKSLASH = 0x5c;
/** pg_dump cuts what is long by itself: a statement without rows that goes on for longer is none of its. */
const LONGEST_STATEMENT = 256 * 1024 * 1024;

/** Reads plain pg_dump output: statements as text, COPY blocks and INSERTs as rows. */
export class PostgresDumpReader implements DumpReader {
  readonly known: DumpKnowledge;
  readonly #collector = new RowCollector({});
  readonly #rows = new PostgresDumpRows(this.#collector);
  /** Where in the dump the collector's first byte is. */
  #offset = 0;
  #block: RowsBlock | null = null;
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
        else at = yield* this.#readRows(bytes, at, length, this.#block);
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
      return yield* this.#readRows(bytes, start, to, this.#block);
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

  *#readRows(bytes: Buffer, from: number, to: number, block: RowsBlock): Generator<DumpPart, number> {
    const { at, isOver } = yield* this.#rows.read(bytes, from, to, block);
    // An INSERT ends in its line, which a newline may follow; the end of COPY's rows is a line.
    if (block.header !== null && at > from) this.#isWithinLine = true;
    if (isOver) this.#block = null;
    return at;
  }

  #blockOf(
    schema: string | null,
    name: string,
    columns: RowsBlock["columns"] | null,
    start: number,
    header: InsertHeader | null,
  ): RowsBlock {
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
}

function text(bytes: Buffer, from: number, to: number): DumpPart {
  return { type: "text", bytes: bytes.subarray(from, to) };
}

/** Whether the last line is a comment, without a newline behind it. */
function isBlankLine(bytes: Buffer): boolean {
  const line = Buffer.concat([bytes, Buffer.of(NEWLINE)]);
  return skipBlank(line, 0, line.length) === line.length;
}
