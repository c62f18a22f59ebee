import type { ColumnValues, RowBatch } from "../contracts.ts";
import { ByteBatch } from "./byte-batch.ts";
import type { ByteWriter } from "./byte-writer.ts";
import type { WritableFormat } from "./cell-format.ts";

/** Appends a batch's rows in `format`: bytes that came in the same format are copied as they are, but for the masked cells. */
export function encodeBatch(batch: RowBatch, columnCount: number, format: WritableFormat, writer: ByteWriter): void {
  if (batch instanceof ByteBatch && batch.format.id === format.id) spliceBatch(batch, format, writer);
  else rewriteBatch(batch, columnCount, format, writer);
}

/** Copies everything between the masked cells in one run each, across rows. */
function spliceBatch(batch: ByteBatch, format: WritableFormat, writer: ByteWriter): void {
  const { bytes, starts, ends, columnCount, rowCount } = batch;
  const masked: number[] = [];
  const originals: ColumnValues[] = [];
  const replacements: ColumnValues[] = [];
  for (let column = 0; column < columnCount; column++) {
    const replacement = batch.replacement(column);
    if (replacement === undefined) continue;
    masked.push(column);
    originals.push(batch.column(column));
    replacements.push(replacement);
  }
  let copied = batch.from;
  for (let row = 0; row < rowCount; row++) {
    for (let index = 0; index < masked.length; index++) {
      const value = replacements[index]![row]!;
      // An unchanged value (NULL, a fixed point) keeps the very bytes it came in: quoted or not, escaped this way or that.
      if (value === originals[index]![row]) continue;
      const cell = row * columnCount + masked[index]!;
      const start = starts[cell]!;
      writer.copy(bytes, copied, start);
      format.writeCell(writer, value, bytes, start, ends[cell]!);
      copied = ends[cell]!;
    }
  }
  writer.copy(bytes, copied, batch.to);
}

/** Writes every cell anew: rows that came from another kind of system. */
function rewriteBatch(batch: RowBatch, columnCount: number, format: WritableFormat, writer: ByteWriter): void {
  const columns = Array.from({ length: columnCount }, (_, column) => batch.replacement(column) ?? batch.column(column));
  const { delimiter, terminator } = format;
  for (let row = 0; row < batch.rowCount; row++) {
    for (let column = 0; column < columnCount; column++) {
      if (column > 0) writer.copy(delimiter, 0, delimiter.length);
      format.writeCell(writer, columns[column]![row]!, null, 0, 0);
    }
    writer.copy(terminator, 0, terminator.length);
  }
}
