import type { ColumnKind } from "../../contracts.ts";
import type { CsvDialect } from "../../formats/csv/csv-dialect.ts";
import type { OpenTarget } from "../given-sink.ts";

/** How CSV files are to be read. */
export interface CsvReadOptions {
  /** What is known of the dialect; the delimiter and UTF-16 are told from the file's start where it is not said. */
  readonly dialect?: Partial<CsvDialect> | undefined;
  /** Whether the first row names the columns. @default true, false where `columns` is given */
  readonly header?: boolean | undefined;
  /** Names for files without a header row. */
  readonly columns?: readonly string[] | undefined;
  /** What a column holds, by table and column: `{ orders: { placed_at: "timestamp" } }`. @default text for all */
  readonly types?: { readonly [table: string]: { readonly [column: string]: ColumnKind } } | undefined;
}

/** Where CSV files are written, and how. */
export interface CsvSinkOptions {
  /** Folder for one file per table; made where it does not exist. */
  readonly folder: string;
  /** @default the dialect of the source's file; for rows from elsewhere RFC 4180 with LF, NULL empty and the empty string in quotes */
  readonly dialect?: Partial<CsvDialect> | undefined;
  /** Packs the files. @default as the source's files are; no for rows from elsewhere */
  readonly gzip?: boolean | undefined;
}

/** Where CSV goes that is written to what the caller opens: an object store, a response. */
export interface CsvGivenSinkOptions {
  /** Opens what takes the bytes of each table. It is ended when the run is done, and destroyed where the run fails. */
  readonly open: OpenTarget;
}
