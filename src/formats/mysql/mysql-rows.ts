import { ByteBatch } from "../../batch/byte-batch.ts";
import { USUAL_BYTES, USUAL_ROWS } from "../../batch/usual-size.ts";
import type { BatchSize, TableRef } from "../../contracts.ts";
import { BoundsBuilder } from "../row-collector.ts";
import { MYSQL_ESCAPE_LETTERS, mysqlText } from "./mysql-text.ts";

const FREE_BUFFERS = 4;

const TAB = 0x09;
const NEWLINE = 0x0a;
const BACKSLASH = 0x5c;
const UPPER_N = 0x4e;
const LOWER_X = 0x78;
const HEX_DIGITS = Buffer.from("0123456789abcdef");

/** Length prefixes of the protocol (MySQL client/server protocol, "Length-Encoded Integer"). */
const NULL_CELL = 0xfb;
const TWO_BYTES = 0xfc;
const THREE_BYTES = 0xfd;

/** Gathers rows as the server's text protocol sends them into batches of LOAD DATA text: one pass over the bytes, no value decoded. */
export class MysqlRows {
  readonly #table: TableRef;
  readonly #columnCount: number;
  readonly #hexColumns: readonly boolean[];
  readonly #maxRows: number;
  readonly #maxBytes: number;
  readonly #bounds = new BoundsBuilder();
  readonly #free: Buffer[] = [];
  #bytes: Buffer;
  #length = 0;
  #rows = 0;
  #firstRow: number;

  /**
   * `hexColumns` says per column whether its cells are bytes, to be written as `\x` and hexadecimal digits. `firstRow` is the ordinal in the table of the first row
   * that comes.
   */
  constructor(
    table: TableRef,
    hexColumns: readonly boolean[],
    { maxRows = USUAL_ROWS, maxBytes = USUAL_BYTES }: BatchSize,
    firstRow = 0,
  ) {
    this.#table = table;
    this.#columnCount = hexColumns.length;
    this.#hexColumns = hexColumns;
    this.#maxRows = maxRows;
    this.#maxBytes = maxBytes;
    this.#firstRow = firstRow;
    this.#bytes = this.#allocate();
  }

  /** Adds the row of the packet payload `packet[from, to)`. Returns true when a batch is full. */
  add(packet: Buffer, from: number, to: number): boolean {
    const columnCount = this.#columnCount;
    // Each byte may become two, and a cell may need a prefix of three bytes and a delimiter.
    this.#reserve((to - from) * 2 + columnCount * 4);
    const bytes = this.#bytes;
    const hexColumns = this.#hexColumns;
    const firstCell = this.#rows * columnCount;
    this.#bounds.reserve(firstCell + columnCount);
    const { starts, ends } = this.#bounds;
    let position = from;
    let length = this.#length;
    for (let column = 0, cell = firstCell; column < columnCount; column++, cell++) {
      starts[cell] = length;
      let size = packet[position++]!;
      if (size === NULL_CELL) {
        bytes[length++] = BACKSLASH;
        bytes[length++] = UPPER_N;
      } else {
        if (size === TWO_BYTES) {
          size = packet.readUInt16LE(position);
          position += 2;
        } else if (size === THREE_BYTES) {
          size = packet.readUIntLE(position, 3);
          position += 3;
        } else if (size > THREE_BYTES) {
          size = Number(packet.readBigUInt64LE(position));
          position += 8;
        }
        const end = position + size;
        length = hexColumns[column]
          ? writeHex(packet, position, end, bytes, length)
          : writeText(packet, position, end, bytes, length);
        position = end;
      }
      ends[cell] = length;
      bytes[length++] = TAB;
    }
    bytes[length - 1] = NEWLINE;
    this.#length = length;
    this.#rows++;
    return this.#rows >= this.#maxRows || length >= this.#maxBytes;
  }

  /** The rows that were added since, null where there are none. */
  take(): ByteBatch | null {
    const rowCount = this.#rows;
    if (rowCount === 0) return null;
    const cells = rowCount * this.#columnCount;
    const bytes = this.#bytes;
    const batch = new ByteBatch({
      table: this.#table,
      format: mysqlText,
      bytes,
      from: 0,
      to: this.#length,
      starts: this.#bounds.starts.slice(0, cells),
      ends: this.#bounds.ends.slice(0, cells),
      columnCount: this.#columnCount,
      rowCount,
      firstRow: this.#firstRow,
      onRelease: () => {
        if (this.#free.length < FREE_BUFFERS) this.#free.push(bytes);
      },
    });
    this.#bytes = this.#allocate();
    this.#length = 0;
    this.#rows = 0;
    this.#firstRow += rowCount;
    return batch;
  }

  /** Fresh memory costs a page fault for every 4 KiB, so released buffers come back. */
  #allocate(): Buffer {
    return this.#free.pop() ?? Buffer.allocUnsafeSlow(this.#maxBytes + 64 * 1024);
  }

  #reserve(length: number): void {
    const needed = this.#length + length;
    if (needed <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.#bytes.length * 2));
    this.#bytes.copy(grown, 0, 0, this.#length);
    this.#bytes = grown;
  }
}

/** Writes a text with its escapes. Returns where it ends. */
function writeText(source: Buffer, from: number, to: number, bytes: Buffer, start: number): number {
  let length = start;
  for (let position = from; position < to; position++) {
    const byte = source[position]!;
    const letter = MYSQL_ESCAPE_LETTERS[byte]!;
    if (letter === 0) bytes[length++] = byte;
    else {
      bytes[length++] = BACKSLASH;
      bytes[length++] = letter;
    }
  }
  return length;
}

function writeHex(source: Buffer, from: number, to: number, bytes: Buffer, start: number): number {
  bytes[start] = BACKSLASH;
  bytes[start + 1] = BACKSLASH;
  bytes[start + 2] = LOWER_X;
  let length = start + 3;
  for (let position = from; position < to; position++) {
    const byte = source[position]!;
    bytes[length++] = HEX_DIGITS[byte >> 4]!;
    bytes[length++] = HEX_DIGITS[byte & 0xf]!;
  }
  return length;
}
