import type { EncodedRows, Sink } from "../../contracts.ts";
import { amount } from "../../written-numbers.ts";
import { mismatch } from "../copy-table.ts";
import { WriteAhead } from "../write-ahead.ts";
import type { ShardedTable, WorkedShard } from "./shard-workshop.ts";
import type { ShardEnd } from "./work-shard.ts";

export type OnRows = (rows: number, bytes: number) => void;

/** Writes a table from shards that are worked on elsewhere, in their order. Resolves with the rows that the sink acknowledged, which equal those read. */
export async function copyShards(
  sink: Sink,
  { toWrite, prepared }: ShardedTable,
  shards: AsyncIterable<WorkedShard>,
  onRows: OnRows,
): Promise<number> {
  const writer = await sink.writer(toWrite);
  const writing = new WriteAhead<EncodedRows>((rows) => writer.writeEncoded!(rows));
  let rows = 0;
  for await (const shard of shards) {
    const end = await takeShard(shard, rows, prepared.name, (encoded) => writing.push(encoded), onRows);
    rows += end.rows;
  }
  await writing.settled();
  const acknowledged = await writer.end();
  if (acknowledged !== rows) throw mismatch(prepared.name, rows, `the target took ${amount(acknowledged)}`);
  return acknowledged;
}

/** Hands on the rows of one shard, and makes sure that as many came out of it as were read. */
export async function takeShard(
  shard: WorkedShard,
  firstRow: number,
  table: string,
  write: (rows: EncodedRows) => Promise<void>,
  onRows: OnRows,
): Promise<ShardEnd> {
  const worked = shard.worked(firstRow);
  let written = 0;
  for (;;) {
    const { done, value } = await worked.next();
    if (done) {
      if (value.rows !== written) throw mismatch(table, value.rows, `${amount(written)} masked`);
      return value;
    }
    written += value.rows;
    if (value.encoded !== null) await write(value.encoded);
    onRows(value.rows, value.bytes);
  }
}
