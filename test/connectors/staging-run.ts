import { randomBytes } from "node:crypto";
import { postgresSink, postgresSource } from "../../src/connectors/postgres/index.ts";
import { connectPg } from "../../src/connectors/postgres/pg-client.ts";
import { readCatalog } from "../../src/connectors/postgres/postgres-catalog.ts";
import { beginSnapshot } from "../../src/connectors/postgres/postgres-session.ts";
import { copyOutStatement } from "../../src/connectors/postgres/postgres-sql.ts";
import type { RunMark, SchemaDefinition, ShardStage, Sink, Table, TableToWrite } from "../../src/contracts.ts";
import { tableName } from "../../src/table-ref.ts";

const SIGNAL = new AbortController().signal;

export const markOf = (parts: Partial<RunMark> = {}): RunMark => ({
  runId: randomBytes(8).toString("hex"),
  version: "0.0.0",
  planFingerprint: "plan",
  keyFingerprint: null,
  shardBytes: 4096,
  createsTables: false,
  ...parts,
});

/** Rows in COPY's text form, as an encoder gives them. */
export const encoded = (...lines: readonly string[]) => ({
  rows: lines.length,
  pieces: lines.map((line) => Buffer.from(`${line}\n`)),
  tally: 0,
});

/** What a table is to be written with: every column that the server does not compute. */
export const whole = (table: Table): TableToWrite => ({
  table,
  columns: table.columns.filter(({ isGenerated }) => !isGenerated),
});

/** The tables of a database, as a source reads them. */
export async function tablesOf(url: string): Promise<readonly TableToWrite[]> {
  const source = postgresSource({ url });
  try {
    await source.open(SIGNAL);
    return (await source.schema()).tables.map(whole);
  } finally {
    await source.close();
  }
}

/** What makes the tables of a database elsewhere. */
export async function definitionOf(url: string): Promise<SchemaDefinition> {
  const source = postgresSource({ url });
  try {
    await source.open(SIGNAL);
    return await source.define!((await source.schema()).tables);
  } finally {
    await source.close();
  }
}

/** A sink that is open and has told its schema, as a run's. Closed whatever happens. */
export async function withSink<Result>(
  url: string,
  use: (sink: Sink & { readonly stage: ShardStage }) => Promise<Result>,
): Promise<Result> {
  const sink = postgresSink({ url });
  try {
    await sink.open(SIGNAL);
    await sink.schema();
    return await use(sink as Sink & { readonly stage: ShardStage });
  } finally {
    await sink.close();
  }
}

export const begin = (stage: ShardStage, tables: readonly TableToWrite[], definition: SchemaDefinition | null = null) =>
  stage.begin(tables, definition, markOf({ createsTables: definition !== null }), SIGNAL);

export const resume = (stage: ShardStage, tables: readonly TableToWrite[], definition: SchemaDefinition | null = null) =>
  stage.resume(tables, definition, SIGNAL);

/** Writes a shard as a whole. */
export async function keepShard(
  stage: ShardStage,
  table: TableToWrite,
  id: string,
  ...lines: readonly string[]
): Promise<number> {
  const writer = await stage.writer(table, { id, range: null });
  await writer.write(encoded(...lines));
  return writer.end({ table: tableName(table.table.ref), shard: id, rows: lines.length, checksum: "0123456789abcdef" });
}

/** Stages every row of these tables as the database of `url` writes them, each table as one shard. */
export async function stageFrom(url: string, stage: ShardStage, tables: readonly TableToWrite[]): Promise<void> {
  const client = await connectPg(url, "source", SIGNAL, 60);
  try {
    await beginSnapshot(client);
    const { find } = await readCatalog(client, { schemas: null, countsRows: false });
    for (const table of tables) {
      const { isPartitioned } = find(table.table.ref)!;
      const writer = await stage.writer(table, { id: "all", range: null });
      const chunks = client.copyOut(copyOutStatement(table.table.ref, table.columns, isPartitioned));
      let chunk = await chunks.next();
      for (; !chunk.done; chunk = await chunks.next())
        await writer.write({ rows: 0, pieces: [Buffer.from(chunk.value)], tally: 0 });
      await writer.end({ table: tableName(table.table.ref), shard: "all", rows: chunk.value, checksum: "0123456789abcdef" });
    }
  } finally {
    await client.close();
  }
}
