import { join } from "node:path";
import type { TableToWrite } from "../../contracts.ts";
import { type CsvDialect, csvDialect, WRITTEN_DIALECT } from "../../formats/csv/csv-dialect.ts";
import { tableName } from "../../table-ref.ts";
import { fileName, type TargetFile } from "../target-files.ts";
import { csvHeaderLine } from "./csv-header-line.ts";
import type { CsvSinkOptions } from "./csv-options.ts";
import { isCsvTable } from "./csv-table.ts";

/** The file that a table is to be. */
export interface CsvTarget extends TargetFile {
  readonly isGzip: boolean;
  readonly dialect: CsvDialect;
  readonly hasHeader: boolean;
  /** Byte order mark and header line: the source's own where they say the same. */
  readonly header: Buffer;
}

export function targetOf(toWrite: TableToWrite, options: CsvSinkOptions): CsvTarget {
  const { table, columns } = toWrite;
  const origin = isCsvTable(table) ? table.csv : null;
  const isGzip = options.gzip ?? origin?.isGzip ?? false;
  const final = join(options.folder, fileName(origin?.fileName ?? `${tableName(table.ref)}.csv`, isGzip));
  const dialect = targetDialect(toWrite, options);
  const hasHeader = origin?.hasHeader ?? true;
  const names = columns.map(({ name }) => name);
  const keepsHeader = origin !== null && options.dialect === undefined && origin.columnNames.join("\0") === names.join("\0");
  const header = keepsHeader ? origin.header : hasHeader ? csvHeaderLine(names, dialect) : Buffer.alloc(0);
  return { toWrite, final, source: origin?.path ?? null, isGzip, dialect, hasHeader, header };
}

export function targetDialect({ table }: TableToWrite, { dialect }: CsvSinkOptions): CsvDialect {
  return csvDialect({ ...(isCsvTable(table) ? table.csv.dialect : WRITTEN_DIALECT), ...dialect });
}
