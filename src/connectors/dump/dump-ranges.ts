import type { TableRef } from "../../contracts.ts";
import type { DumpPart } from "../../formats/dump-format.ts";
import { tableName } from "../../table-ref.ts";

/** Rows of one table that follow one another in a dump. */
export interface DumpRange {
  /** Counts the ranges of a dump. */
  readonly index: number;
  readonly table: TableRef;
  /** Where the statement begins that the first of them stand in. */
  readonly offset: number;
  /** Rows of the table before these. */
  readonly firstRow: number;
  rowCount: number;
  byteCount: number;
}

/** Notes where in a dump the rows of each table lie, while somebody reads it from its beginning. */
export class DumpRanges {
  readonly all: DumpRange[] = [];

  /** Takes in rows; they belong to the range that is returned. */
  add({ table, batch, statement }: DumpPart & { readonly type: "rows" }): DumpRange {
    let last = this.all.at(-1);
    if (last === undefined || tableName(last.table) !== tableName(table)) {
      last = { index: this.all.length, table, offset: statement, firstRow: batch.firstRow, rowCount: 0, byteCount: 0 };
      this.all.push(last);
    }
    last.rowCount += batch.rowCount;
    last.byteCount += batch.byteCount ?? 0;
    return last;
  }

  of(table: TableRef): readonly DumpRange[] {
    const name = tableName(table);
    return this.all.filter((range) => tableName(range.table) === name);
  }
}
