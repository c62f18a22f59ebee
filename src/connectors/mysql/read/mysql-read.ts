import type { ReadOptions, RowBatch, Shard, Table } from "../../../contracts.ts";
import { MysqlRows } from "../../../formats/mysql/mysql-rows.ts";
import { isHex } from "../../../formats/mysql/mysql-types.ts";
import { tableName } from "../../../table-ref.ts";
import { readExpression } from "../mysql-columns.ts";
import { fromMysqlError } from "../mysql-errors.ts";
import { quoteName } from "../mysql-sql.ts";
import type { MysqlEnd } from "../write/mysql-end.ts";
import { changedRows } from "./mysql-changed-rows.ts";
import type { KeyRange } from "./mysql-shards.ts";
import { weightExpression } from "./mysql-weights.ts";

/** Streams one table, or a shard of it, whose rows are in the table `from`. */
export async function* readTable(
  end: MysqlEnd,
  { ref }: Table,
  from: string,
  { columns, weights = [], batchSize, shard, since, firstRow, signal }: ReadOptions,
): AsyncGenerator<RowBatch> {
  const name = tableName(ref);
  end.stopOn(signal);
  const list = [...columns.map(readExpression), ...weights.map(weightExpression)].join(", ");
  const rows = new MysqlRows(ref, [...columns.map(isHex), ...weights.map(() => false)], batchSize, firstRow);
  try {
    const pauses = end.client.rows(
      `SELECT ${list} FROM ${quoteName(from)} ${since === undefined ? whichRows(shard) : `WHERE ${changedRows(since)}`}`,
      (...row) => rows.add(...row),
    );
    for await (const _ of pauses) yield rows.take()!;
  } catch (error) {
    throw fromMysqlError(error, end.side, `reading ${name}`, name);
  }
  const last = rows.take();
  if (last !== null) yield last;
}

/**
 * The rows of a shard, in the order in which they are stored: shards one after the other are the whole table. Left to itself, the server reads from whichever
 * secondary index happens to hold every column, and in that one's order.
 */
function whichRows(shard: Shard | undefined): string {
  const range = (shard?.range ?? null) as KeyRange | null;
  if (range === null) return "USE INDEX ()";
  const column = quoteName(range.column);
  const bounds = [
    range.from === null ? [] : [`${column} >= ${range.from}`],
    range.below === null ? [] : [`${column} < ${range.below}`],
  ];
  return `FORCE INDEX (PRIMARY) WHERE ${bounds.flat().join(" AND ")}`;
}
