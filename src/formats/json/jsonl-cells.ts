import type { ByteBatch } from "../../batch/byte-batch.ts";
import type { CellFormat } from "../../batch/cell-format.ts";
import type { Column } from "../../contracts.ts";
import { ABSENT } from "./jsonl-rows.ts";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const NOT_ASCII = 0x80;
const N = 0x6e;

/**
 * What masks see of the cells of JSON Lines: a string is its text, a number, boolean, object or list the text that it is written in, `null` and a name that
 * is not there are NULL. A column of documents is JSON throughout: its strings keep their quotes. The first cell of each row is the row itself.
 */
export function jsonlCells(columns: readonly Column[]): CellFormat {
  return {
    id: "jsonl",
    decodeColumn(batch, cellOfRow) {
      const { bytes, starts, ends, columnCount, rowCount } = batch;
      const isDocument = columns[cellOfRow - 1]?.kind === "json";
      const values = new Array<string | null>(rowCount);
      for (let row = 0, cell = cellOfRow; row < rowCount; row++, cell += columnCount) {
        const start = starts[cell]!;
        if (start === ABSENT || bytes[start] === N) values[row] = null;
        else if (bytes[start] === QUOTE && !isDocument) values[row] = textWithin(batch, start, ends[cell]!);
        else values[row] = bytes.toString("utf8", start, ends[cell]!);
      }
      return values;
    },
  };
}

/** What the string literal `bytes[start, end)` stands for. */
function textWithin(batch: ByteBatch, start: number, end: number): string {
  const { bytes } = batch;
  for (let index = start + 1; index < end - 1; index++) {
    const byte = bytes[index]!;
    if (byte === BACKSLASH) return JSON.parse(bytes.toString("utf8", start, end));
    if (byte >= NOT_ASCII) return decodeWide(bytes, start, end);
  }
  return batch.ascii(start + 1, end - 1);
}

function decodeWide(bytes: Buffer, start: number, end: number): string {
  const text = bytes.toString("utf8", start, end);
  return text.includes("\\") ? JSON.parse(text) : text.slice(1, -1);
}
