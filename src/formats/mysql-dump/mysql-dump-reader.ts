import type { BatchSize, DataSchema, SchemaDefinition, TableRef } from "../../contracts.ts";
import { StandinError } from "../../errors.ts";
import type { DumpPart, DumpReader } from "../dump-format.ts";
import { isSameName } from "../mysql/mysql-ddl-table.ts";
import { BoundsBuilder, cutBatches, RowCollector } from "../row-collector.ts";
import { BufferHold } from "./buffer-hold.ts";
import { MysqlDumpCells } from "./mysql-dump-cells.ts";
import { readDelimiter } from "./mysql-dump-delimiter.ts";
import { refuseForeign, saysComplete, saysMysql, saysWhoseItIs } from "./mysql-dump-ends.ts";
import { type InsertHead, readInsertHead } from "./mysql-dump-insert.ts";
import { DumpPlace } from "./mysql-dump-place.ts";
import { MysqlDumpSchema } from "./mysql-dump-schema.ts";
import { DumpSettings } from "./mysql-dump-settings.ts";
import { judgeStatement } from "./mysql-dump-statements.ts";
import { INCOMPLETE, type Incomplete, type Token } from "./mysql-dump-token.ts";
import { readStatement, TokenReader } from "./mysql-dump-tokens.ts";
import { type TupleRules, TupleScanner } from "./mysql-dump-tuples.ts";

/** A statement that brings no rows and is longer than this is none that a dump has. */
const LONGEST_STATEMENT = 64 * 1024 * 1024;
const UTF8 = /^utf8(?:mb[34])?$/;

/** The rows that are being read. */
interface OpenInsert {
  readonly table: TableRef;
  readonly columns: readonly string[];
  readonly cells: MysqlDumpCells;
  readonly rules: TupleRules;
  /** Where in the dump the statement begins. */
  statement: number;
  /** Where in the bytes at hand it begins, while none of its rows is read. */
  readonly from: number;
  isBegun: boolean;
}

/** Reads what mysqldump and mariadb-dump write: statements as text, INSERTs and REPLACEs as rows. */
export class MysqlDumpReader implements DumpReader {
  readonly #schema: MysqlDumpSchema;
  readonly #settings: DumpSettings;
  readonly #collector: RowCollector;
  readonly #bounds = new BoundsBuilder();
  readonly #place = new DumpPlace();
  readonly #rowsOf = new Map<string, number>();
  #insert: OpenInsert | null = null;
  /** The settings that rows are read by. */
  #atRows: DumpSettings | null = null;
  /** Bytes to wait for: a statement that was not whole is not looked at again before there is twice as much of it. */
  #wanted = 0;
  /** The last bytes of text, which say whether the dump is whole. */
  #tail = "";
  #hasHeader = false;

  /** Begins with what `former` knew. `batchSize` bounds the batches that rows come in. */
  constructor(former?: MysqlDumpReader, batchSize: BatchSize = {}) {
    this.#collector = new RowCollector(batchSize);
    this.#schema = new MysqlDumpSchema(former === undefined ? undefined : former.#schema);
    this.#settings = new DumpSettings(former === undefined ? undefined : (former.#atRows ?? former.#settings));
  }

  async *parts(chunks: AsyncIterable<Uint8Array>, signal: AbortSignal): AsyncGenerator<DumpPart> {
    const collector = this.#collector;
    for await (const chunk of chunks) {
      if (signal.aborted) throw new StandinError("ABORTED", "The dump was not read to its end.");
      collector.append(chunk);
      if (collector.length >= Math.max(this.#wanted, collector.maxBytes)) yield* this.#take(false);
    }
    yield* this.#take(true);
    if (this.#insert !== null) throw this.#invalid(0, "breaks off among rows");
    if (this.#settings.delimiter !== ";") throw this.#invalid(0, "breaks off where another delimiter holds");
    if (this.#hasHeader && !saysComplete(this.#tail))
      throw this.#invalid(0, "breaks off: the line that ends it is missing", "Make the dump again.");
  }

  schema(): DataSchema {
    return this.#schema.schema();
  }

  definition(): SchemaDefinition {
    return this.#schema.definition();
  }

  /** Reads what the collector holds, as far as it goes. */
  *#take(isLast: boolean): Generator<DumpPart> {
    const { bytes, length } = this.#collector;
    this.#place.from = 0;
    if (this.#place.offset === 0) this.#lookAtHead(bytes, length);
    const hold = new BufferHold(() => this.#collector.recycle(bytes));
    let at = 0;
    let text = 0;
    let isRow = false;
    while (at < length) {
      const end = this.#insert === null ? this.#statement(bytes, at, length, isLast) : at;
      if (end === INCOMPLETE) break;
      // An INSERT is a part of its rows: without them, there is nothing to be left of it.
      const from = this.#insert?.isBegun === false ? this.#insert.from : end;
      this.#pass(bytes, at, from);
      at = from;
      if (this.#insert === null) continue;
      const scanner = new TupleScanner(this.#bounds, this.#place);
      scanner.scan(bytes, end, length, this.#insert.rules);
      if (scanner.rowCount === 0) {
        // It is read again with what is still to come.
        if (!this.#insert.isBegun) this.#insert = null;
        isRow = true;
        break;
      }
      if (text < at) yield this.#text(bytes, text, at);
      yield* this.#rows(bytes, at, scanner, this.#insert, hold);
      at = scanner.end;
      text = at;
      if (scanner.isDone) this.#insert = null;
    }
    if (text < at) yield this.#text(bytes, text, at);
    if (at < length && isLast) throw this.#invalid(at, "breaks off in the middle of a statement");
    this.#wanted = at === 0 ? length * 2 : 0;
    if (!isRow && this.#wanted > LONGEST_STATEMENT) throw this.#invalid(at, "has a statement of no end");
    // Where nothing was read, what is there stays where it is.
    if (at > 0) {
      hold.release();
      this.#collector.carry(at);
    }
  }

  /** Reads the statement at `from`, or up to the rows of an INSERT. Returns where it ends. */
  #statement(bytes: Buffer, from: number, to: number, isLast: boolean): number | Incomplete {
    const reader = new TokenReader(bytes, from, to, isLast, this.#settings.rules, this.#place);
    if (!reader.skipBlanks()) return INCOMPLETE;
    // Spaces and comments may end anywhere.
    if (reader.position >= to) return to;
    const delimiter = readDelimiter(bytes, reader.position, to, isLast);
    if (delimiter === INCOMPLETE) return INCOMPLETE;
    if (delimiter !== null) {
      if (delimiter.text === null) throw this.#invalid(reader.position, "has a delimiter that no dump has");
      this.#settings.delimiter = delimiter.text;
      return delimiter.end;
    }
    const start = reader.position;
    const first = reader.next();
    if (first === INCOMPLETE)
      return isLast && reader.position >= to ? this.#refuse(from, "breaks off in the middle of a statement") : INCOMPLETE;
    if (first === null) return reader.position;
    if (first.type === "word" && /^(?:INSERT|REPLACE)$/i.test(first.text)) return this.#beginRows(bytes, reader, first);
    const statement = readStatement(reader, first);
    if (statement === INCOMPLETE) return INCOMPLETE;
    const sql = bytes.toString("utf8", start, statement.end - this.#settings.delimiter.length).trim();
    this.#takeStatement(bytes, statement.tokens, sql);
    return statement.end;
  }

  #takeStatement(bytes: Buffer, tokens: readonly Token[], sql: string): void {
    const at = tokens[0]!.start;
    const judged = judgeStatement(tokens);
    if ("refusal" in judged) this.#refuse(at, judged.refusal);
    if (judged.kind === "rows") this.#refuse(at, "has rows in a comment that servers run");
    const refusal =
      judged.kind === "set"
        ? this.#settings.take(tokens)
        : this.#schema.take(judged.kind, tokens, bytes, sql, this.#settings.sqlMode);
    if (refusal !== null) this.#refuse(at, refusal);
  }

  #beginRows(bytes: Buffer, reader: TokenReader, first: Token): number | Incomplete {
    const head = readInsertHead(reader, first);
    if (head === INCOMPLETE) return INCOMPLETE;
    if (typeof head === "string") return this.#refuse(first.start, head);
    const { rules } = this.#settings;
    if (rules.delimiter !== ";") this.#refuse(first.start, "has rows where another delimiter holds");
    const refusal = this.#schema.checkDatabase(head.database) ?? this.#settings.otherThan(this.#atRows);
    this.#atRows ??= new DumpSettings(this.#settings);
    if (refusal !== null) this.#refuse(first.start, refusal);
    if (!UTF8.test(this.#settings.charset))
      throw this.#invalid(
        first.start,
        "has texts in another character set than UTF-8",
        "Dump with --default-character-set=utf8mb4.",
      );
    const { columns, cells } = this.#columnsOf(head, first.start);
    this.#insert = {
      table: { schema: null, name: head.table },
      columns,
      cells,
      rules: { ...rules, columnCount: columns.length, head: Buffer.from(bytes.subarray(first.start, head.end)) },
      statement: this.#place.offset + first.start - this.#place.from,
      from: first.start,
      isBegun: false,
    };
    return head.end;
  }

  #columnsOf({ table, columns }: InsertHead, at: number): { columns: readonly string[]; cells: MysqlDumpCells } {
    const made = this.#schema.table(table);
    const known = made?.table(this.#schema.isMariaDb).columns;
    if (made === undefined || known === undefined) {
      const hint = "Give the schema's dump as well (mysqldump --no-data), or dump without --no-create-info.";
      throw this.#place.invalid(this.#collector.bytes, at, "has rows of a table that it does not make", hint, table);
    }
    const names = columns ?? made.columns.filter(({ isInvisible }) => !isInvisible).map(({ name }) => name);
    const found = names.map((name) => known.find((column) => isSameName(column.name, name)));
    const all = found.filter((column) => column !== undefined);
    if (all.length < names.length || new Set(all).size < all.length)
      throw this.#place.invalid(this.#collector.bytes, at, "has rows with columns that their table has not", undefined, table);
    return {
      columns: all.map(({ name }) => name),
      cells: new MysqlDumpCells(all, this.#settings.rules.backslashes, this.#settings.charset),
    };
  }

  *#rows(bytes: Buffer, from: number, scanner: TupleScanner, insert: OpenInsert, hold: BufferHold): Generator<DumpPart> {
    const { table, columns, cells } = insert;
    const firstRow = this.#rowsOf.get(table.name) ?? 0;
    const { rowCount, end } = scanner;
    const { statement } = insert;
    if (scanner.statement >= 0) insert.statement = this.#place.offset + scanner.statement - this.#place.from;
    insert.isBegun = true;
    this.#rowsOf.set(table.name, firstRow + rowCount);
    this.#place.pass(bytes, from, end, scanner.lines);
    this.#place.from = end;
    const identity = { table, format: cells, columnCount: columns.length };
    const found = { starts: this.#bounds.starts, ends: this.#bounds.ends, rowCount, to: end };
    const batches = cutBatches(bytes, from, found, identity, firstRow, this.#collector.maxRows, hold.take());
    for (const batch of batches) yield { type: "rows", table, columns, batch, statement };
  }

  /** Text is small, and may be kept for longer than the rows beside it. */
  #text(bytes: Buffer, from: number, to: number): DumpPart {
    const copied = Buffer.from(bytes.subarray(from, to));
    this.#tail = (this.#tail + copied.toString("latin1", Math.max(0, copied.length - 256))).slice(-256);
    return { type: "text", bytes: copied };
  }

  #pass(bytes: Buffer, from: number, to: number): void {
    this.#place.pass(bytes, from, to);
    this.#place.from = to;
  }

  #lookAtHead(bytes: Buffer, length: number): void {
    const head = bytes.toString("latin1", 0, Math.min(length, 2048));
    const refusal = refuseForeign(head);
    if (refusal !== null) throw this.#place.invalid(bytes, 0, refusal.what, refusal.hint);
    this.#hasHeader = saysWhoseItIs(head);
    if (this.#hasHeader) this.#schema.isMariaDb = !saysMysql(head);
  }

  #refuse(at: number, what: string): never {
    throw this.#invalid(at, what);
  }

  #invalid(at: number, what: string, hint?: string): StandinError {
    return this.#place.invalid(this.#collector.bytes, at, what, hint);
  }
}
