import { expect, it } from "vitest";
import { mysqlSink, mysqlSource } from "../../src/connectors/mysql/index.ts";
import type { ProgressEvent } from "../../src/pipeline/progress.ts";
import { refresh } from "../../src/refresh.ts";
import { keep } from "../../src/transforms/plain/keep.ts";
import { describeWithMysql, runMysql, withMysqlDatabases } from "../servers/mysql-server.ts";
import { stallingProxy } from "../servers/stalling-proxy.ts";
import { TEST_KEY } from "../test-key.ts";

const TABLES = "CREATE TABLE a (id int, v text); CREATE TABLE b (id int)";
const tables = { a: { id: keep(), v: keep() }, b: { id: keep() } };

/** Runs with one end behind a proxy, which falls silent at the first event of a type. */
async function runStalled(side: "source" | "target", when: ProgressEvent["type"], loadData?: boolean) {
  let outcome: unknown;
  await withMysqlDatabases(["standin_source", "standin_target"], async (source, target) => {
    await runMysql(
      source,
      `${TABLES}; INSERT INTO a SELECT seq, REPEAT('v', 1000) FROM seq_1_to_30000; INSERT INTO b VALUES (1)`,
    );
    await runMysql(target, `${TABLES}; INSERT INTO b VALUES (9)`);
    const proxy = await stallingProxy(side === "source" ? source : target);
    const [from, to] = side === "source" ? [proxy.url, target] : [source, proxy.url];
    try {
      outcome = await refresh(
        {
          source: mysqlSource({ url: from, silenceSeconds: 1 }),
          target: mysqlSink({ url: to, silenceSeconds: 1, loadData }),
          tables,
        },
        { key: TEST_KEY, onProgress: ({ type }) => type === when && proxy.stall() },
      ).catch((error) => error);
    } finally {
      proxy.close();
    }
    if (outcome instanceof Error) expect(await runMysql(target, "SELECT id FROM b")).toEqual([{ id: 9 }]);
  });
  return outcome;
}

describeWithMysql("a MySQL that falls silent without hanging up", () => {
  it("is given up in the middle of a table, as source", async () => {
    expect(await runStalled("source", "rows")).toMatchObject({ code: "PEER_SILENT", phase: "during" });
  });

  it.each([true, false])("is given up in the middle of a table, as target (LOAD DATA: %s)", async (loadData) => {
    expect(await runStalled("target", "rows", loadData)).toMatchObject({ code: "PEER_SILENT", phase: "during" });
  });

  it("does not hold back a copy that is published, as a source that has nothing more to say", async () => {
    expect(await runStalled("source", "publishing")).toMatchObject({ rows: 30_001 });
  });
});
