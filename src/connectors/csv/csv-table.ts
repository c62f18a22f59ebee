import { bareColumn } from "../../bare-column.ts";
import type { Column, ColumnKind, Table } from "../../contracts.ts";
import { StandinError } from "../../errors.ts";
import type { CsvDialect } from "../../formats/csv/csv-dialect.ts";
import type { CsvHeader } from "../../formats/csv/csv-scanner.ts";
import { counted } from "../../written-numbers.ts";
import { dottedRef } from "../dotted-ref.ts";
import type { CsvReadOptions } from "./csv-options.ts";
import type { OpenedCsv } from "./csv-reader.ts";

/** What a CSV sink needs to know of a CSV source to write its files the way they came. */
export interface CsvTable extends Table {
  readonly csv: {
    readonly dialect: CsvDialect;
    /** Byte order mark and header line, as they came. */
    readonly header: Buffer;
    readonly hasHeader: boolean;
    /** File name with all its endings. */
    readonly fileName: string;
    /** Where the file is, null for a stream. */
    readonly path: string | null;
    readonly isGzip: boolean;
    /** Whether a row can be found from the middle of the file on: it is neither packed nor read through another parser. */
    readonly canEnterAnywhere: boolean;
    readonly columnNames: readonly string[];
  };
}

export function isCsvTable(table: Table): table is CsvTable {
  return "csv" in table;
}

/** A column of a file: text that may be missing, unless the caller knows more. */
export function csvColumn(name: string, kind: ColumnKind = "text"): Column {
  return bareColumn(name, kind, { type: "csv" });
}

/** The names of a file's columns: its header's, else the caller's, else `column_1` and so on. */
export function columnNames(header: CsvHeader, given: readonly string[] | undefined, file: string): readonly string[] {
  if (header.names !== null) return header.names;
  const names = given ?? Array.from({ length: header.columnCount }, (_, index) => `column_${index + 1}`);
  if (header.columnCount > 0 && names.length !== header.columnCount) {
    const message = `${file} has ${counted(header.columnCount, "column")}, and ${counted(names.length, "name")} ${names.length === 1 ? "was" : "were"} given.`;
    throw new StandinError("FORMAT_INVALID", message, { file });
  }
  if (new Set(names).size < names.length) {
    throw new StandinError("OPTION_INVALID", `Two columns of ${file} were given one name.`, {
      file,
      hint: "Name each of `columns` once.",
    });
  }
  return names;
}

/** The table of bytes that are no file's. */
export function openedTable(
  name: string,
  { dialect }: Pick<OpenedCsv, "dialect">,
  header: CsvHeader,
  options: CsvReadOptions,
): CsvTable {
  const names = columnNames(header, options.columns, name);
  const types = options.types?.[name] ?? {};
  return {
    ref: dottedRef(name),
    columns: names.map((column) => csvColumn(column, Object.hasOwn(types, column) ? types[column] : "text")),
    uniqueKeys: [],
    foreignKeys: [],
    rowEstimate: null,
    csv: {
      dialect,
      header: header.bytes,
      hasHeader: header.names !== null,
      fileName: name,
      path: null,
      isGzip: false,
      canEnterAnywhere: false,
      columnNames: names,
    },
  };
}
