import type { ByteBatch } from "../../batch/byte-batch.ts";
import type { ByteWriter } from "../../batch/byte-writer.ts";
import type { CellFormat } from "../../batch/cell-format.ts";
import type { Column, TableRef } from "../../contracts.ts";
import { StandinError } from "../../errors.ts";
import { tableName } from "../../table-ref.ts";
import { isHex, typeName } from "../mysql/mysql-types.ts";
import { bitText, fullFloat, hexText, NUMBER, writeLiteral } from "./mysql-dump-encode.ts";
import { type Literal, readLiteral } from "./mysql-dump-literals.ts";

const QUOTE = 0x27;
const BACKSLASH = 0x5c;
const NOT_ASCII = 0x80;
const UPPER_N = 0x4e;
const LOWER_N = 0x6e;
const UPPER_D = 0x44;
const LOWER_D = 0x64;

/** How the literals of a column are read and written. */
export type DumpCellKind = "text" | "number" | "bytes" | "bits" | "float";

const NUMBERS: readonly string[] = ["integer", "decimal", "float"];

/** How a column's literals are read and written. */
export function cellKind(column: Column): DumpCellKind {
  const type = typeName(column);
  if (isHex(column)) return "bytes";
  if (type === "bit") return "bits";
  if (type === "float") return "float";
  return NUMBERS.includes(column.kind) || type === "year" ? "number" : "text";
}

/** Cells of a dump's INSERTs: SQL literals. Their texts are those that a session of the live database gives. */
export class MysqlDumpCells implements CellFormat {
  readonly id = "mysql-dump";
  readonly kinds: readonly DumpCellKind[];
  /** Columns that the server computes, by index. */
  readonly computed: readonly number[];
  readonly backslashes: boolean;
  /** Whether texts may hold characters outside the basic plane, which `SET NAMES utf8` does not know. */
  readonly isWide: boolean;
  readonly columns: readonly Column[];

  constructor(columns: readonly Column[], backslashes: boolean, charset: string) {
    this.columns = columns;
    this.kinds = columns.map(cellKind);
    this.computed = columns.flatMap(({ isGenerated }, index) => (isGenerated ? [index] : []));
    this.backslashes = backslashes;
    this.isWide = charset === "utf8mb4";
  }

  decodeColumn(batch: ByteBatch, column: number): (string | null)[] {
    const { bytes, starts, ends, columnCount, rowCount } = batch;
    // What the server computes is its own to tell.
    if (this.computed.includes(column)) return new Array<null>(rowCount).fill(null);
    const kind = this.kinds[column]!;
    // A number's digits are its text; so is a text's inside where nothing in it is escaped.
    const takesPlain = kind === "text" || kind === "number";
    const values = new Array<string | null>(rowCount);
    for (let row = 0, cell = column; row < rowCount; row++, cell += columnCount) {
      const start = starts[cell]!;
      const end = ends[cell]!;
      const first = bytes[start]!;
      if (first === QUOTE && takesPlain) {
        const last = end - 1;
        let isAscii = true;
        let at = start + 1;
        for (; at < last; at++) {
          const byte = bytes[at]!;
          if (byte === BACKSLASH || byte === QUOTE) break;
          if (byte >= NOT_ASCII) isAscii = false;
        }
        if (at < last) values[row] = this.#text(batch, row, column, start, end);
        else values[row] = isAscii ? batch.ascii(start + 1, last) : bytes.toString("utf8", start + 1, last);
      } else if (first === UPPER_N || first === LOWER_N || first === UPPER_D || first === LOWER_D) values[row] = null;
      else values[row] = this.#text(batch, row, column, start, end);
    }
    return values;
  }

  /** Writes a masked value in place of the literal `batch.bytes[start, end)`. */
  writeCell(writer: ByteWriter, value: string | null, batch: ByteBatch, row: number, column: number, start: number): void {
    const { backslashes, isWide } = this;
    const isWritten = writeLiteral(writer, value, this.kinds[column]!, batch.bytes, start, { backslashes, isWide });
    if (!isWritten)
      throw this.#unsupported(batch.table, row + batch.firstRow, column, "is masked with what is no value of its type");
  }

  #text(batch: ByteBatch, row: number, column: number, start: number, end: number): string {
    const literal = readLiteral(batch.bytes, start, end, this.backslashes);
    const { charset = "utf8mb4" } = this.columns[column]!;
    const text = textOf(literal, this.kinds[column]!, charset);
    if (text !== null) return text;
    throw this.#unsupported(batch.table, row + batch.firstRow, column, `is written in a character set that is not read`);
  }

  #unsupported(ref: TableRef, row: number, index: number, what: string): StandinError {
    const table = tableName(ref);
    const column = this.columns[index]!.name;
    return new StandinError("VALUE_UNSUPPORTED", `${table}.${column} ${what} (row ${row + 1}).`, { table, column, row: row + 1 });
  }
}

/** The text of a literal in a column of some kind; null where its character set is none that is read. `charset` is the column's. */
function textOf({ form, introducer, bytes }: Literal, kind: DumpCellKind, charset: string): string | null {
  if (kind === "bytes") return hexText(bytes);
  if (kind === "bits") return form === "word" ? bytes.toString("latin1") : bitText(bytes);
  if (form === "word") return kind === "float" ? fullFloat(bytes.toString("latin1")) : bytes.toString("latin1");
  // Digits of bytes are a number where one is due.
  if (form === "bits" && kind !== "text") return bitText(bytes);
  if (kind === "float" && NUMBER.test(bytes.toString("latin1"))) return fullFloat(bytes.toString("latin1"));
  // Bytes without a character set are in the column's own.
  const isRaw = introducer === "binary" || (introducer === null && form === "bits");
  const written = isRaw ? charset : (introducer ?? "utf8mb4");
  if (written === "latin1") return new TextDecoder("windows-1252").decode(bytes);
  return /^(?:utf8(?:mb[34])?|ascii)$/.test(written) ? bytes.toString("utf8") : null;
}
