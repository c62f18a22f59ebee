import type { FileKind } from "../table-files.ts";

export const CSV_FILES: FileKind = {
  format: "CSV",
  endings: [".csv", ".tsv", ".txt"],
  pipe: "Read a pipe with `standin pipe` or csvStreamSource.",
};
