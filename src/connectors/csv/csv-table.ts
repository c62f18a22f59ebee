import type { Column, ColumnKind, Table, TableRef } from "../../contracts.ts";
import type { CsvDialect } from "../../formats/csv-dialect.ts";

/** What a CSV sink needs to know of a CSV source to write its files the way they came. */
export interface CsvTable extends Table {
  readonly csv: {
    readonly dialect: CsvDialect;
    /** Byte order mark and header line, as they came. */
    readonly header: Buffer;
    /** File name with all its endings. */
    readonly fileName: string;
    /** Where the file is, null for a stream. */
    readonly path: string | null;
    readonly isGzip: boolean;
    readonly columnNames: readonly string[];
  };
}

export function isCsvTable(table: Table): table is CsvTable {
  return "csv" in table;
}

/** A column of a file: text that may be missing, unless the caller knows more. */
export function csvColumn(name: string, kind: ColumnKind = "text"): Column {
  return {
    name,
    type: "csv",
    kind,
    nullable: true,
    maxLength: null,
    isPadded: false,
    range: null,
    labels: null,
    isGenerated: false,
    hasDefault: false,
  };
}

export function csvRef(name: string): TableRef {
  // `billing.invoices.csv` is what a sink makes of the table invoices in the schema billing.
  const dot = name.indexOf(".");
  return dot > 0 && dot < name.length - 1 ? { schema: name.slice(0, dot), name: name.slice(dot + 1) } : { schema: null, name };
}
