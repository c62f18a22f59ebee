import pg from "pg";
import type { ByteBatch } from "../../src/batch/byte-batch.ts";
import { postgresSource } from "../../src/connectors/postgres/index.ts";
import type { PostgresSourceOptions } from "../../src/connectors/postgres/read/postgres-source.ts";
import type { Column, RowBatch, Shard, ShardReader, Source, Table, TableToWrite } from "../../src/contracts.ts";
import { withHeld } from "./held-source.ts";

const { signal } = new AbortController();

/** Runs statements on a session of their own, and gives the rows of the last one. */
export async function runOn(url: string, ...statements: readonly string[]): Promise<unknown[][]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    let rows: unknown[][] = [];
    for (const text of statements) rows = ((await client.query({ text, rowMode: "array" })).rows ?? []) as unknown[][];
    return rows;
  } finally {
    await client.end();
  }
}

export const withHeldSource = (
  options: PostgresSourceOptions,
  use: (source: Source, tables: readonly TableToWrite[]) => Promise<void>,
): Promise<void> => withHeld(postgresSource(options), use);

export interface Read {
  readonly bytes: Buffer;
  readonly rows: number;
}

/** What a table, or a part of it, gives: its rows as bytes. */
export async function readAll(
  from: Source | ShardReader,
  table: Table,
  columns: readonly Column[],
  shard?: Shard,
  firstRow = 0,
): Promise<Read> {
  const parts: Buffer[] = [];
  let rows = 0;
  for await (const batch of from.read(table, { columns, batchSize: {}, shard, firstRow, signal })) {
    if (batch.firstRow !== firstRow + rows) throw new Error(`A batch begins at ${batch.firstRow} instead of ${firstRow + rows}.`);
    parts.push(bytesOf(batch));
    rows += batch.rowCount;
  }
  return { bytes: Buffer.concat(parts), rows };
}

function bytesOf(batch: RowBatch): Buffer {
  const { bytes, from, to } = batch as ByteBatch;
  return Buffer.from(bytes.subarray(from, to));
}

export async function shardsOf(source: Source, table: Table, columns: readonly Column[], bytes: number): Promise<Shard[]> {
  const shards: Shard[] = [];
  for await (const shard of source.shards!(table, { columns, bytes, signal })) shards.push(shard);
  return shards;
}
