import pg from "pg";
import { connectSink } from "../../src/connect.ts";
import { describeWithMysql, runMysql, withMysqlDatabases } from "../servers/mysql-server.ts";
import { describeWithPostgres, withDatabases } from "../servers/postgres-server.ts";
import { type IncrementalPlaces, incrementalSuite } from "./incremental-suite.ts";

const NAMES = ["standin_source", "standin_target", "standin_whole"];

async function runPostgres(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    const results = await client.query<Record<string, unknown>>(sql);
    return [results].flat().at(-1)!.rows;
  } finally {
    await client.end();
  }
}

const runMariaDb = async (url: string, sql: string) => {
  const found = (await runMysql(url, sql)) as unknown;
  const last = Array.isArray(found) && Array.isArray(found.at(-1)) ? found.at(-1) : found;
  return last as Record<string, unknown>[];
};

const placesOf = (
  rest: Pick<IncrementalPlaces, "changedBy" | "run">,
  [source, target, whole]: readonly string[],
): IncrementalPlaces => ({
  ...{ source: source!, target: target!, whole: whole! },
  ...rest,
  sink: (place) => connectSink(place),
});

describeWithPostgres("an incremental run on PostgreSQL", () => {
  incrementalSuite((use) => withDatabases(NAMES, (...urls) => use(placesOf({ changedBy: "xmin", run: runPostgres }, urls))));
});

describeWithMysql("an incremental run on MariaDB", () => {
  incrementalSuite((use) =>
    withMysqlDatabases(NAMES, (...urls) => use(placesOf({ changedBy: "changed_at", run: runMariaDb }, urls))),
  );
});
