import { ByteWriter } from "../../../batch/byte-writer.ts";
import { encodeBatch } from "../../../batch/encode-batch.ts";
import type { EncodedRows, RowBatch, TableToWrite, TableWriter } from "../../../contracts.ts";
import { copyFormat } from "../../../formats/postgres/copy-format.ts";
import { tableName } from "../../../table-ref.ts";
import type { CopyIn } from "../postgres-client.ts";
import { fromPostgresError } from "../postgres-errors.ts";

/** Smaller writes cost more in system calls than they bring in overlap. */
const WRITE_BYTES = 64 * 1024;

/** A cell of so many bytes is sent from where it stands. */
const BORROWED_BYTES = 1024 * 1024;

/** Writes one table by COPY FROM STDIN. */
export class PostgresWriter implements TableWriter {
  readonly #copy: CopyIn;
  readonly #name: string;
  readonly #columnCount: number;
  readonly #writer = new ByteWriter(4 * WRITE_BYTES, BORROWED_BYTES);

  constructor(copy: CopyIn, { table, columns }: TableToWrite) {
    this.#copy = copy;
    this.#name = tableName(table.ref);
    this.#columnCount = columns.length;
  }

  async write(batch: RowBatch): Promise<void> {
    encodeBatch(batch, this.#columnCount, copyFormat, this.#writer);
    if (this.#writer.position >= WRITE_BYTES || this.#writer.isBorrowing) await this.#flush();
  }

  async writeEncoded({ pieces }: EncodedRows): Promise<void> {
    if (this.#writer.position > 0) await this.#flush();
    await this.#send(pieces);
  }

  async end(): Promise<number> {
    if (this.#writer.position > 0) await this.#flush();
    return this.#rebuilding(() => this.#copy.end());
  }

  abort(): Promise<void> {
    return this.#copy.abort();
  }

  #flush(): Promise<void> {
    return this.#send(this.#writer.takePieces());
  }

  #send(pieces: readonly Uint8Array[]): Promise<void> {
    return this.#rebuilding(async () => {
      for (const piece of pieces) {
        for (let from = 0; from < piece.length; from += BORROWED_BYTES)
          await this.#copy.write(piece.subarray(from, from + BORROWED_BYTES));
      }
    });
  }

  async #rebuilding<Result>(step: () => Promise<Result>): Promise<Result> {
    try {
      return await step();
    } catch (error) {
      throw fromPostgresError(error, "target", `writing ${this.#name}`, this.#name);
    }
  }
}
