import type { ColumnKind } from "../../contracts.ts";
import type { OpenTarget } from "../given-sink.ts";
import type { FileKind } from "../table-files.ts";
import type { OpenBytes } from "../table-input.ts";

/** How JSON Lines are to be read. */
export interface JsonlReadOptions {
  /** Keys by table that no line shows that is looked at: `{ events: ["refunded_at"] }`. @default none */
  readonly columns?: { readonly [table: string]: readonly string[] } | undefined;
  /** What a column holds, by table and column: `{ orders: { placed_at: "timestamp" } }`. @default what its values are; a string is text */
  readonly types?: { readonly [table: string]: { readonly [column: string]: ColumnKind } } | undefined;
  /** Bytes from a file's start that are looked at for its columns. A key that comes later stops the run. @default 16 MiB */
  readonly lookAt?: number | undefined;
  /** A longer line is an error. @default 256 MiB */
  readonly maxRowBytes?: number | undefined;
}

/** Which files of JSON Lines are read, or how their bytes are opened. */
export type JsonlSourceOptions = JsonlReadOptions &
  (
    | {
        /** A file, a folder, a name with `*`, or several of them. `.gz` is unpacked. */
        readonly paths: string | readonly string[];
      }
    | {
        /** What opens the bytes of each table, by its name: called once to look at them, and once to read them. Gzip is unpacked. */
        readonly files: { readonly [table: string]: OpenBytes };
      }
  );

/** Where JSON Lines are written: a folder, or what the caller opens. */
export type JsonlSinkOptions =
  | {
      /** Folder for one file per table; made where it does not exist. */
      readonly folder: string;
      /** Packs the files. @default as the source's files are; no for rows from elsewhere */
      readonly gzip?: boolean | undefined;
    }
  | {
      /** Opens what takes the bytes of each table. It is ended when the run is done, and destroyed where the run fails. */
      readonly open: OpenTarget;
    };

export const JSONL_FILES: FileKind = {
  format: "JSON Lines",
  endings: [".jsonl", ".ndjson"],
  pipe: "Read a pipe with `standin pipe --format jsonl` or jsonlStreamSource.",
};
