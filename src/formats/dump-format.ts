import type { ByteWriter } from "../batch/byte-writer.ts";
import type { DataSchema, RowBatch, SchemaDefinition, TableRef } from "../contracts.ts";

/** A piece of a dump. All pieces, one behind the other, are the dump to the byte. */
export type DumpPart =
  /** Whatever is no row: statements, comments, the lines that begin and end a block of rows. Ends at the end of a statement. */
  | { readonly type: "text"; readonly bytes: Uint8Array }
  /** Rows of one table, with the bytes between them. Left out, all of a table's leave a dump without its rows. */
  | {
      readonly type: "rows";
      /** The table that speaks for them in the schema: of a partition, its root. */
      readonly table: TableRef;
      /** The column of each cell. What the server computes (`DEFAULT`) reads as NULL. */
      readonly columns: readonly string[];
      /** Counts its rows on over all of the table's, whatever stands between. */
      readonly batch: RowBatch;
      /** Where in the dump the statement that they stand in begins, in bytes from the reader's first: a second reader may begin there. */
      readonly statement: number;
      /** The columns that say to which partition a row belongs, where these go into one by name: the server takes no row of another there. */
      readonly partitionedBy?: readonly string[] | undefined;
    };

/** Reads a dump once, from its first byte to its last. */
export interface DumpReader {
  /** Ends at the end of the dump; throws DUMP_INVALID where it breaks off, and on whatever could do something that rows do not. */
  parts(chunks: AsyncIterable<Uint8Array>, signal: AbortSignal): AsyncIterable<DumpPart>;
  /** The tables that the statements up to the last part make, with the keys that they have by then. */
  schema(): DataSchema;
  /** The statements up to the last part that make those tables on a server of the target's own: without owners, grants and settings. */
  definition(): SchemaDefinition;
}

/** One kind of dump: how it is read and how its rows are written. */
export interface DumpFormat {
  /** The system whose dump it is: cells and types are that system's. */
  readonly system: "postgres" | "mysql";
  /** True where every table is made before the first row; else each is made before its own rows. */
  readonly tablesComeFirst?: boolean;
  /** A reader that knows what `former` knew at its end: of the same dump, which is then read from some `statement` on, or of its schema. */
  reader(former?: DumpReader): DumpReader;
  /** Appends a batch of this reader's, or a slice of one: to the byte as it came, but for what a mask replaced. */
  writeRows(batch: RowBatch, writer: ByteWriter): void;
  /** What makes whoever runs the output fail too, to be written behind `last`, a part of that reader's, when the run ends there. */
  failure(last: DumpPart, reader: DumpReader): string;
}
