import { ByteWriter } from "../../batch/byte-writer.ts";
import { encodeBatch } from "../../batch/encode-batch.ts";
import type { EncodedRows, RowBatch, RowEncoder, RowEncoding, TableToWrite } from "../../contracts.ts";
import type { CsvDialect } from "../../formats/csv-dialect.ts";
import { csvFormat } from "../../formats/csv-format.ts";

const PIECE_BYTES = 512 * 1024;

/** How rows are to be written out for a file of this dialect. */
export function csvEncoding(dialect: CsvDialect): RowEncoding {
  return { system: "csv", how: dialect };
}

/** Writes batches out as the sink that gave `how` would write them. */
export function csvEncoder(how: unknown, { columns }: TableToWrite): RowEncoder {
  const format = csvFormat(how as CsvDialect);
  const writer = new ByteWriter(PIECE_BYTES);
  return {
    encode(batch: RowBatch): EncodedRows {
      encodeBatch(batch, columns.length, format, writer);
      return { rows: batch.rowCount, pieces: [writer.take()], tally: 0 };
    },
  };
}
