import type { ReadOptions, RowBatch, Table } from "../../contracts.ts";
import { MysqlRows } from "../../formats/mysql-rows.ts";
import { tableName } from "../../table-ref.ts";
import { isHex, readExpression } from "./mysql-columns.ts";
import type { MysqlEnd } from "./mysql-end.ts";
import { fromMysqlError } from "./mysql-errors.ts";
import { quoteName } from "./mysql-sql.ts";

/** Streams one table, whose rows are in the table `from`. */
export async function* readTable(
  end: MysqlEnd,
  { ref }: Table,
  from: string,
  { columns, batchSize, signal }: ReadOptions,
): AsyncGenerator<RowBatch> {
  const name = tableName(ref);
  end.stopOn(signal);
  const list = columns.map(readExpression).join(", ");
  const rows = new MysqlRows(ref, columns.map(isHex), batchSize);
  try {
    const pauses = end.client.rows(`SELECT ${list} FROM ${quoteName(from)}`, (...row) => rows.add(...row));
    for await (const _ of pauses) yield rows.take()!;
  } catch (error) {
    throw fromMysqlError(error, end.side, `reading ${name}`, name);
  }
  const last = rows.take();
  if (last !== null) yield last;
}
