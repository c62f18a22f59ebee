import type { ByteWriter } from "../batch/byte-writer.ts";
import type { DataSchema, RowBatch, TableRef } from "../contracts.ts";

/** A piece of a dump. All pieces, one behind the other, are the dump to the byte. */
export type DumpPart =
  /** Whatever is no row: statements, comments, the lines that begin and end a block of rows. */
  | { readonly type: "text"; readonly bytes: Uint8Array }
  /** Rows of one table, with the bytes between them. */
  | { readonly type: "rows"; readonly table: TableRef; readonly columns: readonly string[]; readonly batch: RowBatch };

/** Reads a dump once, from its first byte to its last. */
export interface DumpReader {
  /** Ends at the end of the dump; throws DUMP_INVALID where it breaks off, and on whatever could do something that rows do not. */
  parts(chunks: AsyncIterable<Uint8Array>, signal: AbortSignal): AsyncIterable<DumpPart>;
  /** The tables that the statements up to the last part make, with the keys that they have by then. */
  schema(): DataSchema;
}

/** One kind of dump: how it is read and how its rows are written. */
export interface DumpFormat {
  /** The system whose dump it is: cells and types are that system's. */
  readonly system: "postgres" | "mysql";
  reader(): DumpReader;
  /** Appends a batch of this reader's: to the byte as it came, but for what a mask replaced. */
  writeRows(batch: RowBatch, writer: ByteWriter): void;
}
