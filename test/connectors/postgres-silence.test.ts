import pg from "pg";
import { expect, it } from "vitest";
import { postgresSink, postgresSource } from "../../src/connectors/postgres/index.ts";
import type { ProgressEvent } from "../../src/pipeline/progress.ts";
import { refresh } from "../../src/refresh.ts";
import { keep } from "../../src/transforms/plain/keep.ts";
import { describeWithPostgres, withDatabases } from "../servers/postgres-server.ts";
import { stallingProxy } from "../servers/stalling-proxy.ts";
import { TEST_KEY } from "../test-key.ts";

async function run(url: string, sql: string): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  await client.query(sql).finally(() => client.end());
}

const tables = { a: { id: keep(), v: keep() }, b: { id: keep() } };

/** Runs with one end behind a proxy, which falls silent at the first event of a type. */
async function runStalled(side: "source" | "target", when: ProgressEvent["type"]) {
  let outcome: unknown;
  await withDatabases(["source", "target"], async (source, target) => {
    await run(source, "CREATE TABLE a (id integer, v text); CREATE TABLE b (id integer)");
    await run(source, "INSERT INTO a SELECT g, repeat('v', 1000) FROM generate_series(1, 30000) g; INSERT INTO b VALUES (1)");
    await run(target, "CREATE TABLE a (id integer, v text); CREATE TABLE b (id integer)");
    const proxy = await stallingProxy(side === "source" ? source : target);
    const [from, to] = side === "source" ? [proxy.url, target] : [source, proxy.url];
    try {
      outcome = await refresh(
        {
          source: postgresSource({ url: from, silenceSeconds: 1 }),
          target: postgresSink({ url: to, silenceSeconds: 1 }),
          tables,
        },
        { key: TEST_KEY, onProgress: ({ type }) => type === when && proxy.stall() },
      ).catch((error) => error);
    } finally {
      proxy.close();
    }
  });
  return outcome;
}

describeWithPostgres("a PostgreSQL that falls silent without hanging up", () => {
  it.each(["source", "target"] as const)(
    "is given up in the middle of a table, as %s",
    async (side) => {
      expect(await runStalled(side, "rows")).toMatchObject({ code: "PEER_SILENT", phase: "during" });
    },
    30_000,
  );

  it("does not hold back a copy that is published, as a source that has nothing more to say", async () => {
    expect(await runStalled("source", "publishing")).toMatchObject({ rows: 30_001 });
  }, 30_000);
});
