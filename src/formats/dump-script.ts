import type { ByteWriter } from "../batch/byte-writer.ts";
import type { RowBatch, TableToWrite } from "../contracts.ts";

/** How a dump of one system is written from rows that came from anywhere. */
export interface DumpScript {
  readonly system: "postgres" | "mysql";
  /** Before all statements: settings that say how the rest is to be read. */
  readonly opening: string;
  /** A statement of a definition as its client reads it, to its end. */
  asStatement(sql: string): string;
  /** Before the rows of a table. */
  beginRows(table: TableToWrite): string;
  /** Appends a batch. `isFirst` for the first of a table. */
  writeRows(batch: RowBatch, table: TableToWrite, writer: ByteWriter, isFirst: boolean): void;
  /** Behind the rows of a table. `hasRows` where there were any. */
  endRows(table: TableToWrite, hasRows: boolean): string;
  /** Behind all rows: where the tables' sequences go on. */
  sequences(tables: readonly TableToWrite[]): string;
  readonly ending: string;
}
