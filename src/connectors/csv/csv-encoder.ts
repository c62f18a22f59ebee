import { ByteWriter } from "../../batch/byte-writer.ts";
import { encodeBatch } from "../../batch/encode-batch.ts";
import type { EncodedRows, RowBatch, RowEncoder, RowEncoding, TableToWrite } from "../../contracts.ts";
import type { CsvDialect } from "../../formats/csv/csv-dialect.ts";
import { csvFormat } from "../../formats/csv/csv-format.ts";
import { isOfLongCells, rewriteLongCells } from "../../formats/csv/csv-long-cells.ts";
import type { EncodeRows } from "../bytes-table-writer.ts";

const PIECE_BYTES = 512 * 1024;

/** How rows are to be written out for a file of this dialect. */
export function csvEncoding(dialect: CsvDialect): RowEncoding {
  return { system: "csv", how: dialect };
}

/** Writes a table's batches in a dialect. */
export function csvRows(dialect: CsvDialect, columnCount: number): EncodeRows {
  const format = csvFormat(dialect);
  return (batch, writer) => {
    if (isOfLongCells(batch, format)) return rewriteLongCells(batch, format, writer);
    encodeBatch(batch, columnCount, format, writer);
  };
}

/** Writes batches out as the sink that gave `how` would write them. */
export function csvEncoder(how: unknown, { columns }: TableToWrite): RowEncoder {
  const encode = csvRows(how as CsvDialect, columns.length);
  const writer = new ByteWriter(PIECE_BYTES);
  return {
    encode(batch: RowBatch): EncodedRows {
      // Pieces go to another thread as a whole.
      for (const _ of encode(batch, writer) ?? []);
      return { rows: batch.rowCount, pieces: [writer.take()], tally: 0 };
    },
  };
}
