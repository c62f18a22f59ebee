import type { ByteBatch } from "../../src/batch/byte-batch.ts";
import { type MysqlSourceOptions, mysqlSource } from "../../src/connectors/mysql/index.ts";
import type { Column, Shard, ShardReader, Source, Table, TableToWrite } from "../../src/contracts.ts";
import { withHeld } from "./held-source.ts";

const { signal } = new AbortController();

export const withHeldSource = (
  options: MysqlSourceOptions,
  use: (source: Source, tables: readonly TableToWrite[]) => Promise<void>,
): Promise<void> => withHeld(mysqlSource(options), use);

/** The rows of a table, or of a part of it, as LOAD DATA text. */
export async function readText(
  from: Source | ShardReader,
  table: Table,
  columns: readonly Column[],
  { shard, firstRow = 0 }: { readonly shard?: Shard; readonly firstRow?: number } = {},
): Promise<string> {
  let text = "";
  let rows = firstRow;
  for await (const batch of from.read(table, { columns, batchSize: { maxRows: 100 }, shard, firstRow, signal })) {
    if (batch.firstRow !== rows) throw new Error(`A batch begins at ${batch.firstRow} instead of ${rows}.`);
    const { bytes, from: start, to } = batch as ByteBatch;
    text += bytes.toString("latin1", start, to);
    rows += batch.rowCount;
  }
  return text;
}

export async function shardsOf(
  source: Source,
  table: Table,
  columns: readonly Column[],
  bytes: number,
  like?: readonly string[],
): Promise<Shard[]> {
  const shards: Shard[] = [];
  for await (const shard of source.shards!(table, { columns, bytes, like, signal })) shards.push(shard);
  return shards;
}

export const countRows = (text: string): number => text.split("\n").length - 1;
