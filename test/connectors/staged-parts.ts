import { csvEncoder, csvSource } from "../../src/connectors/csv/index.ts";
import type { EncodedRows, RunMark, Shard, Sink, Source, StagedShard, TableToWrite } from "../../src/contracts.ts";

export const MARK: RunMark = {
  runId: "0b6e1f9a-5a7c-4c57-9a3e-2f4f0a5d1c11",
  version: "1.0.0",
  planFingerprint: "plan",
  keyFingerprint: "key",
  shardBytes: 100,
  createsTables: false,
};

/** A file's table, cut into shards. */
export interface Parts {
  readonly source: Source;
  readonly toWrite: TableToWrite;
  readonly shards: readonly Shard[];
  readonly mark: RunMark;
}

const signal = () => new AbortController().signal;

export async function openParts(path: string, bytes = 100): Promise<Parts> {
  const source = csvSource({ paths: path });
  await source.open(signal());
  const table = (await source.schema()).tables[0]!;
  const { columns } = table;
  const shards: Shard[] = [];
  for await (const shard of source.shards!(table, { columns, bytes, signal: signal() })) shards.push(shard);
  return { source, toWrite: { table, columns }, shards, mark: MARK };
}

/** A shard's rows as the sink wants them, and its record. */
export async function encodePart(
  sink: Sink,
  { source, toWrite }: Parts,
  shard: Shard,
): Promise<{ readonly rows: readonly EncodedRows[]; readonly record: StagedShard }> {
  const encoder = csvEncoder(sink.encoding!(toWrite).how, toWrite);
  const rows: EncodedRows[] = [];
  const options = { columns: toWrite.columns, batchSize: { maxRows: 2 }, signal: signal(), shard };
  for await (const batch of source.read(toWrite.table, options)) rows.push(encoder.encode(batch));
  const count = rows.reduce((sum, one) => sum + one.rows, 0);
  return { rows, record: { table: toWrite.table.ref.name, shard: shard.id, rows: count, checksum: "0123456789abcdef" } };
}

/** Stages shards one after the other, as the pipeline does. */
export async function stageParts(sink: Sink, parts: Parts, shards: readonly Shard[]): Promise<void> {
  for (const shard of shards) {
    const { rows, record } = await encodePart(sink, parts, shard);
    const writer = await sink.stage!.writer(parts.toWrite, shard);
    for (const one of rows) await writer.write(one);
    const acknowledged = await writer.end(record);
    if (acknowledged !== record.rows) throw new Error(`${acknowledged} of ${record.rows} rows`);
  }
}
