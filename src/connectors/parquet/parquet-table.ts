import type { SchemaElement } from "hyparquet";
import type { ColumnKind, Table } from "../../contracts.ts";

/** A column as a file's schema has it: plain data. */
export interface ColumnElements {
  /** The elements of its part of the schema, the column's own first. */
  readonly elements: readonly SchemaElement[];
  /** What a caller says that its bytes hold. */
  readonly as: ColumnKind | null;
}

/** What a sink needs to know of a Parquet file to write its columns as they came. */
export interface ParquetTable extends Table {
  readonly parquet: {
    /** Where the file is, null for bytes of a caller's. */
    readonly path: string | null;
    readonly columns: readonly ColumnElements[];
  };
}

export function isParquetTable(table: Table): table is ParquetTable {
  return "parquet" in table;
}
