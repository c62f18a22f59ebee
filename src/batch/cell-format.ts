import type { ByteBatch } from "./byte-batch.ts";
import type { ByteWriter } from "./byte-writer.ts";

/** How one system writes a cell in bytes: COPY text, CSV in a dialect, MySQL's text rows. */
export interface CellFormat {
  /** Formats with equal ids write every cell in the same bytes, so unmasked bytes are copied from one to the other. */
  readonly id: string;
  /** The text of one column, NULL as null. Called once per masked column: a loop of its own, no call per cell. */
  decodeColumn(batch: ByteBatch, column: number): (string | null)[];
}

/** A format that rows can be written in. */
export interface WritableFormat extends CellFormat {
  /**
   * Writes a masked cell in place of `original[start, end)`, whose style (quotes) it keeps where the format has several.
   * Where there was no original in this format, `original` is null.
   */
  writeCell(writer: ByteWriter, value: string | null, original: Buffer | null, start: number, end: number): void;
  readonly delimiter: Uint8Array;
  readonly terminator: Uint8Array;
}
