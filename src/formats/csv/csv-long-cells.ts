import { ByteBatch } from "../../batch/byte-batch.ts";
import type { ByteWriter } from "../../batch/byte-writer.ts";
import type { RowBatch } from "../../contracts.ts";
import { hasTextParts } from "../backslash-text.ts";
import type { CsvFormat } from "./csv-format.ts";

/** A batch of so many bytes holds a cell that is worth reading part by part. */
const LONG_BYTES = 8 * 1024 * 1024;
const LONG_CELL = 1024 * 1024;

/** Whether cells of another format are so long that their text should not be held as a whole beside them. */
export function isOfLongCells(batch: RowBatch, format: CsvFormat): batch is ByteBatch {
  return (
    batch instanceof ByteBatch && batch.byteCount >= LONG_BYTES && batch.format.id !== format.id && hasTextParts(batch.format)
  );
}

/** Writes the rows of such a batch as `encodeBatch` does, and yields between the parts of long cells, for what is written to be sent on. */
export function* rewriteLongCells(batch: ByteBatch, format: CsvFormat, writer: ByteWriter): Generator<void> {
  const { bytes, starts, ends, columnCount, rowCount } = batch;
  const { delimiter, terminator } = format;
  for (let row = 0; row < rowCount; row++) {
    const alone = batch.slice(row, row + 1);
    for (let column = 0; column < columnCount; column++) {
      if (column > 0) writer.copy(delimiter, 0, delimiter.length);
      const [start, end] = [starts[row * columnCount + column]!, ends[row * columnCount + column]!];
      const replaced = batch.replacement(column);
      if (replaced === undefined && end - start >= LONG_CELL && hasTextParts(batch.format)) {
        const { format: source } = batch;
        yield* format.writeParts(writer, () => source.textParts(bytes, start, end));
      } else format.writeCell(writer, (replaced ?? alone.column(column))[replaced === undefined ? 0 : row]!, null, 0, 0);
    }
    writer.copy(terminator, 0, terminator.length);
  }
}
