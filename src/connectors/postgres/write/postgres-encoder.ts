import { ByteWriter } from "../../../batch/byte-writer.ts";
import { encodeBatch } from "../../../batch/encode-batch.ts";
import type { EncodedRows, RowBatch, RowEncoder, TableToWrite } from "../../../contracts.ts";
import { copyFormat } from "../../../formats/postgres/copy-format.ts";

/** A cell of so many bytes is copied once, to where it is sent from: the writer's own memory would be copied again as it grows. */
const ASIDE_BYTES = 1024 * 1024;

/** Writes batches out as COPY text, which is all that there is to go by. */
export function postgresEncoder(_how: unknown, table: TableToWrite): RowEncoder {
  return new CopyEncoder(table.columns.length);
}

class CopyEncoder implements RowEncoder {
  readonly #columnCount: number;
  readonly #writer = new ByteWriter(undefined, ASIDE_BYTES);

  constructor(columnCount: number) {
    this.#columnCount = columnCount;
  }

  encode(batch: RowBatch): EncodedRows {
    encodeBatch(batch, this.#columnCount, copyFormat, this.#writer);
    const isBorrowing = this.#writer.isBorrowing;
    const pieces = this.#writer.takePieces();
    // What lies between cells of the batch's memory shares the writer's.
    return { rows: batch.rowCount, pieces: isBorrowing ? pieces.map((piece) => new Uint8Array(piece)) : pieces, tally: 0 };
  }
}
