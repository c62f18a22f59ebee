import type { BoundsBuilder } from "../row-collector.ts";
import type { CsvDialect } from "./csv-dialect.ts";

const LF = 0x0a;
const CR = 0x0d;
const BACKSLASH = 0x5c;

/** What is wrong with a row, in words that quote nothing. */
export class CsvFault {
  readonly what: string;
  /** Rows before it in this scan. */
  readonly row: number;
  /** Fields before it in its row. */
  readonly column: number;
  /** Where in the scanned bytes. */
  readonly at: number;

  constructor(what: string, row: number, column: number, at: number) {
    this.what = what;
    this.row = row;
    this.column = column;
    this.at = at;
  }
}

/** How far a scan came: complete rows end at `to`. */
export interface CsvScan {
  readonly rowCount: number;
  readonly cellCount: number;
  readonly to: number;
}

/** Scans `bytes[from, length)` for complete rows. With `isFinal` the end of the bytes ends the last row too. */
export type ScanRows = (
  bytes: Buffer,
  from: number,
  length: number,
  isFinal: boolean,
  columnCount: number,
  bounds: BoundsBuilder,
) => CsvScan | CsvFault;

/**
 * Makes the scanner of one dialect. It is strict: a quote inside of an unquoted field, text behind a closing quote, a lone CR and a row with another
 * number of fields are faults. `columnCount` 0 reads one row only, whatever its number of fields: the header.
 */
export function createRowScanner(dialect: CsvDialect): ScanRows {
  const delimiter = dialect.delimiter.charCodeAt(0);
  const quote = dialect.quote === null ? -1 : dialect.quote.charCodeAt(0);
  const isBackslash = dialect.escape === "backslash";
  const { terminator, skipEmptyLines } = dialect;
  const ends = terminator === "\r" ? CR : LF;
  const takesCrLf = terminator === "auto" || terminator === "\r\n";
  const needsCr = terminator === "\r\n";

  // Most bytes of an unquoted field lie above all that want a closer look; for the others a look-up decides.
  const isSpecial = new Uint8Array(256);
  for (const byte of [delimiter, quote, LF, CR]) if (byte >= 0) isSpecial[byte] = 1;
  const lastSpecial = isSpecial.lastIndexOf(1);
  const firstPlain = (lastSpecial + 1) * 0x01010101;

  return (bytes, from, length, isFinal, columnCount, bounds) => {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const lastWord = length - 3;
    let { starts, ends: cellEnds } = bounds;
    let capacity = bounds.capacity;
    let position = from;
    let rowStart = from;
    let rowCount = 0;
    let cell = 0;
    let rowCell = 0;
    /** The last field that a row may have, where the rows' number of fields is known. */
    let lastOfRow = columnCount > 0 ? columnCount - 1 : Number.MAX_SAFE_INTEGER;

    // A delimiter at the very end of a file has an empty field behind it: hence the second half.
    while (position < length || (isFinal && cell > rowCell)) {
      const start = position;
      let end: number;
      if (position < length && bytes[position] === quote) {
        position = closingQuote(bytes, position + 1, length, quote, isBackslash);
        if (position < 0) {
          if (!isFinal) break;
          return new CsvFault("a quote is never closed", rowCount, cell - rowCell, start);
        }
        end = ++position;
        if (position >= length && !isFinal) break;
      } else {
        for (;;) {
          // Four bytes at a time while all lie above: a borrow into a byte's high bit tells of one that does not.
          while (position < lastWord) {
            const word = view.getUint32(position, true);
            if (((word - firstPlain) & ~word & 0x80808080) !== 0) break;
            position += 4;
          }
          if (position >= length) break;
          const byte = bytes[position]!;
          if (byte <= lastSpecial && isSpecial[byte] === 1) break;
          position++;
        }
        if (position >= length && !isFinal) break;
        end = position;
        // The way of most fields, apart: everything below is asked of one in ten.
        if (position < length && bytes[position] === delimiter && cell < lastOfRow) {
          if (cell >= capacity) {
            bounds.reserve(cell + 1);
            ({ starts, ends: cellEnds, capacity } = bounds);
          }
          starts[cell] = start;
          cellEnds[cell] = end;
          cell++;
          position++;
          continue;
        }
      }

      // Behind the field: a delimiter, a line end, or the end of the file.
      const byte = position < length ? bytes[position]! : -1;
      let closesRow = false;
      if (byte === delimiter) position++;
      else if (byte === -1) closesRow = true;
      else if (byte === ends && !needsCr) {
        closesRow = true;
        position++;
      } else if (byte === CR && takesCrLf) {
        if (position + 1 >= length && !isFinal) break;
        if (bytes[position + 1] !== LF || position + 1 >= length)
          return new CsvFault("a carriage return stands alone", rowCount, cell - rowCell, position);
        closesRow = true;
        position += 2;
      } else {
        const what =
          byte === quote
            ? "a quote stands inside of a field"
            : "text stands behind a closing quote or a line break is not the dialect's";
        return new CsvFault(what, rowCount, cell - rowCell, position);
      }

      if (closesRow && skipEmptyLines && cell === rowCell && end === start) {
        rowStart = position;
        continue;
      }
      if (cell >= capacity) {
        bounds.reserve(cell + 1);
        ({ starts, ends: cellEnds, capacity } = bounds);
      }
      starts[cell] = start;
      cellEnds[cell] = end;
      cell++;
      if (columnCount > 0 && cell - rowCell > columnCount)
        return new CsvFault(`the row has more than ${columnCount} fields`, rowCount, columnCount, start);
      if (!closesRow) continue;
      if (columnCount > 0 && cell - rowCell < columnCount) {
        return new CsvFault(`the row has ${cell - rowCell} of ${columnCount} fields`, rowCount, cell - rowCell, end);
      }
      rowCount++;
      rowCell = cell;
      lastOfRow = cell + columnCount - 1;
      rowStart = position;
      if (columnCount === 0) break;
    }
    return { rowCount, cellCount: rowCell, to: rowStart };
  };
}

/** The position of the quote that closes a field, -1 where the bytes end first. At the very end it cannot be told from half of a doubled quote. */
function closingQuote(bytes: Buffer, from: number, length: number, quote: number, isBackslash: boolean): number {
  let position = from;
  while (position < length) {
    const byte = bytes[position]!;
    if (isBackslash && byte === BACKSLASH) {
      position += 2;
      continue;
    }
    if (byte === quote) {
      if (isBackslash || position + 1 >= length || bytes[position + 1] !== quote) return position;
      position += 2;
      continue;
    }
    position++;
  }
  return -1;
}
