import { ByteWriter } from "../batch/byte-writer.ts";
import type { EncodedRows, RowBatch, TableWriter } from "../contracts.ts";
import type { ByteSink } from "./file-bytes.ts";

const CHUNK_BYTES = 256 * 1024;
/** A cell of so many bytes is written from where it stands. */
const BORROWED_BYTES = 1024 * 1024;
const NOTHING = new Uint8Array(0);

/** Appends a batch's rows in a format. Where rows are long it yields between their parts, for what is there to be sent on. */
export type EncodeRows = (batch: RowBatch, writer: ByteWriter) => Iterable<void> | void;

/** Writes batches as bytes, which are handed on in large chunks, one under way at a time. */
export class BytesTableWriter implements TableWriter {
  readonly #sink: ByteSink;
  readonly #encode: EncodeRows;
  readonly #writer = new ByteWriter(2 * CHUNK_BYTES, BORROWED_BYTES);
  #rows = 0;

  /** `start` stands before the first row. */
  constructor(sink: ByteSink, encode: EncodeRows, start: Uint8Array = NOTHING) {
    this.#sink = sink;
    this.#encode = encode;
    this.#writer.copy(start, 0, start.length);
  }

  async write(batch: RowBatch): Promise<void> {
    const writer = this.#writer;
    for (const _ of this.#encode(batch, writer) ?? []) if (writer.position >= CHUNK_BYTES) await this.#flush();
    this.#rows += batch.rowCount;
    if (writer.position >= CHUNK_BYTES || writer.isBorrowing) await this.#flush();
  }

  async writeEncoded({ rows, pieces }: EncodedRows): Promise<void> {
    await this.#flush();
    for (const { buffer, byteOffset, length } of pieces) await this.#sink.write(Buffer.from(buffer, byteOffset, length));
    this.#rows += rows;
  }

  async end(): Promise<number> {
    await this.#flush();
    await this.#sink.end();
    return this.#rows;
  }

  async #flush(): Promise<void> {
    for (const piece of this.#writer.pieces()) await this.#sink.write(piece);
    this.#writer.clear();
  }
}
