import type { ColumnKind } from "../../contracts.ts";
import type { OpenTarget } from "../given-sink.ts";
import type { FileKind } from "../table-files.ts";

/** Bytes that can be read at any place, as hyparquet takes them: a file in memory, or requests for ranges of an object. */
export interface RangeBytes {
  readonly byteLength: number;
  /** The bytes `[start, end)`; to the end where `end` is not said. */
  slice(start: number, end?: number): ArrayBuffer | Promise<ArrayBuffer>;
}

/** How Parquet files are to be read. */
export interface ParquetReadOptions {
  /** Columns of bytes that hold text or JSON, and are not annotated so, by table and column. @default bytes, as `\x…` */
  readonly types?: { readonly [table: string]: { readonly [column: string]: "text" | "json" } } | undefined;
}

/** Which Parquet files are read, or how their bytes are opened. */
export type ParquetSourceOptions = ParquetReadOptions &
  (
    | {
        /** A file, a folder, a name with `*`, or several of them. */
        readonly paths: string | readonly string[];
      }
    | {
        /** What opens the bytes of each table, by its name. */
        readonly files: { readonly [table: string]: () => RangeBytes | Promise<RangeBytes> };
      }
  );

/** How Parquet files are to be written. */
export interface ParquetWriteOptions {
  /** How the files are packed. @default "snappy" */
  readonly codec?: "snappy" | "gzip" | "none" | undefined;
  /** Rows of a row group at most; one with much text has fewer. @default 50_000 */
  readonly rowGroupRows?: number | undefined;
  /** What columns are written as, by table and column, where their own type will not do. @default as a Parquet file has them, else what the column's type says */
  readonly types?: { readonly [table: string]: { readonly [column: string]: ColumnKind } } | undefined;
}

/** Where Parquet files are written, and how: a folder, or what the caller opens. */
export type ParquetSinkOptions = ParquetWriteOptions &
  (
    | {
        /** Folder for one file per table; made where it does not exist. */
        readonly folder: string;
      }
    | {
        /** Opens what takes the bytes of each table. It is ended when the run is done, and destroyed where the run fails. */
        readonly open: OpenTarget;
      }
  );

export const PARQUET_FILES: FileKind = {
  format: "Parquet",
  endings: [".parquet"],
  pipe: "A Parquet file is read from its end, so it cannot come through a pipe.",
};
