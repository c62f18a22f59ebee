import { mysqlSink, mysqlSource } from "../../src/connectors/mysql/index.ts";
import { parseMysqlUrl } from "../../src/connectors/mysql/mysql-address.ts";
import { connectMysql } from "../../src/connectors/mysql/mysql-client.ts";
import { pinSession } from "../../src/connectors/mysql/mysql-session.ts";
import { readKept } from "../../src/connectors/mysql/write/kept-run.ts";
import { prepareSwap, swapTables } from "../../src/connectors/mysql/write/publish.ts";
import { stagedBefore } from "../../src/connectors/mysql/write/staging.ts";
import type { RunMark, SchemaDefinition, ShardStage, Sink, TableToWrite } from "../../src/contracts.ts";
import { StandinError } from "../../src/errors.ts";
import { tableName } from "../../src/table-ref.ts";
import { runMysql } from "../servers/mysql-server.ts";

const { signal } = new AbortController();

export type StagingSink = Sink & { readonly stage: ShardStage };

export const MARK: RunMark = {
  runId: "run",
  version: "0.0.0",
  planFingerprint: "plan",
  keyFingerprint: null,
  shardBytes: 4096,
  createsTables: false,
};

/** Rows as LOAD DATA text, as an encoder gives them. */
export const encoded = (...lines: readonly string[]) => ({
  rows: lines.length,
  pieces: lines.map((line) => Buffer.from(`${line}\n`)),
  tally: 0,
});

/** The tables of a database as a source reads them, and what makes them elsewhere. */
export async function describeMysql(url: string): Promise<{ tables: readonly TableToWrite[]; definition: SchemaDefinition }> {
  const source = mysqlSource({ url });
  try {
    await source.open(signal);
    const { tables } = await source.schema();
    const wanted = tables.map((table) => ({ table, columns: table.columns.filter(({ isGenerated }) => !isGenerated) }));
    return { tables: wanted, definition: await source.define!(tables) };
  } finally {
    await source.close();
  }
}

/** A sink that is open and has told its schema, as a run's. Closed whatever happens. */
export async function withSink<Result>(
  url: string,
  use: (sink: StagingSink) => Promise<Result>,
  loadData?: boolean,
): Promise<Result> {
  const sink = mysqlSink({ url, loadData });
  try {
    await sink.open(signal);
    await sink.schema();
    return await use(sink as StagingSink);
  } finally {
    await sink.close();
  }
}

export const begin = ({ stage }: StagingSink, tables: readonly TableToWrite[], definition: SchemaDefinition | null = null) =>
  stage.begin(tables, definition, MARK, signal);

export const resume = ({ stage }: StagingSink, tables: readonly TableToWrite[], definition: SchemaDefinition | null = null) =>
  stage.resume(tables, definition, signal);

export const recordOf = (table: TableToWrite, shard: string, rows: number) => ({
  table: tableName(table.table.ref),
  shard,
  rows,
  checksum: "0123456789abcdef",
});

/** Writes a shard as a whole. */
export async function keepShard(
  { stage }: StagingSink,
  table: TableToWrite,
  id: string,
  ...lines: readonly string[]
): Promise<number> {
  const writer = await stage.writer(table, { id, range: null });
  await writer.write(encoded(...lines));
  return writer.end(recordOf(table, id, lines.length));
}

/** Ends the sessions of runs, as a server that is shut down does. */
export async function endRuns(url: string): Promise<void> {
  const sessions = await runMysql(
    url,
    "SELECT ID AS id FROM information_schema.PROCESSLIST WHERE DB = DATABASE() AND ID <> CONNECTION_ID()",
  );
  for (const { id } of sessions) await runMysql(url, `KILL ${id}`);
}

/** What a run has made beside the target's own tables. */
export async function ourTables(url: string): Promise<string[]> {
  const rows = await runMysql(url, "SHOW TABLES LIKE '\\_standin\\_%'");
  return rows.map((row) => Object.values(row)[0] as string);
}

/** Does with what is kept what a run does that publishes it, and dies on one side of the swap. */
export async function dieWhilePublishing(url: string, isSwapped: boolean): Promise<void> {
  const client = await connectMysql(parseMysqlUrl(url, "target"), "target", signal, 60);
  try {
    await pinSession(client);
    const unit = await stagedBefore(client, (await readKept(client))!.tables, null);
    await prepareSwap(client, unit, true);
    if (isSwapped) await swapTables(client, unit);
  } finally {
    client.stop(new StandinError("ABORTED", "Died."));
  }
}
