import type { FileMetaData } from "hyparquet";
import type { Table } from "../../contracts.ts";
import type { ParquetColumn } from "./parquet-schema.ts";

/** What a sink needs to know of a Parquet file to write its columns as they came. */
export interface ParquetTable extends Table {
  readonly parquet: {
    /** Where the file is, null for bytes of a caller's. */
    readonly path: string | null;
    readonly columns: readonly ParquetColumn[];
    readonly metadata: FileMetaData;
  };
}

export function isParquetTable(table: Table): table is ParquetTable {
  return "parquet" in table;
}
