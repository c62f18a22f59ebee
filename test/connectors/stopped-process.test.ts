import pg from "pg";
import { expect, it } from "vitest";
import { MemorySink } from "../../src/connectors/memory/index.ts";
import { mysqlSource } from "../../src/connectors/mysql/index.ts";
import { postgresSource } from "../../src/connectors/postgres/index.ts";
import type { Source } from "../../src/contracts.ts";
import { refresh } from "../../src/refresh.ts";
import { keep } from "../../src/transforms/plain/keep.ts";
import { type FaultyProxy, faultyProxy } from "../servers/faulty-proxy.ts";
import { describeWithMysql, numbersTo, runMysql, withMysqlDatabases } from "../servers/mysql-server.ts";
import { describeWithPostgres, withDatabases } from "../servers/postgres-server.ts";
import { TEST_KEY } from "../test-key.ts";

const ROWS = 20_000;
const SILENCE_SECONDS = 1;

/** Nothing in this process goes on meanwhile: as after a SIGSTOP, all timers are overdue when it does. */
function standStill(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

/** A run that waits for rows when the process is stopped, for longer than a silence may last. The rows come when it goes on. */
async function runStopped(source: Source, proxy: FaultyProxy): Promise<unknown> {
  let isStopped = false;
  const onProgress = ({ type }: { type: string }) => {
    if (type !== "rows" || isStopped) return;
    isStopped = true;
    proxy.stall();
    setTimeout(() => {
      setTimeout(() => proxy.goOn(), 0);
      standStill(3 * SILENCE_SECONDS * 1000);
    }, 300);
  };
  const tables = { people: { id: keep(), note: keep() } };
  const outcome = await refresh({ source, target: new MemorySink(), tables }, { key: TEST_KEY, onProgress }).catch(
    (error) => error,
  );
  expect(isStopped).toBe(true);
  return outcome;
}

describeWithPostgres("a process that was stopped while it waited for PostgreSQL", () => {
  it("does not take that for a silence of the server", async () => {
    await withDatabases(["standin_stopped"], async (url) => {
      const client = new pg.Client(url);
      await client.connect();
      await client
        .query(
          `CREATE TABLE people (id int, note text); INSERT INTO people SELECT g, repeat('x', 1000) FROM generate_series(1, ${ROWS}) g`,
        )
        .finally(() => client.end());
      const proxy = await faultyProxy(url!);
      const source = postgresSource({ url: proxy.url, silenceSeconds: SILENCE_SECONDS });
      expect(await runStopped(source, proxy).finally(() => proxy.close())).toMatchObject({ rows: ROWS });
    });
  });
});

describeWithMysql("a process that was stopped while it waited for MariaDB", () => {
  it("does not take that for a silence of the server", async () => {
    await withMysqlDatabases(["standin_stopped"], async (url) => {
      await runMysql(url!, "CREATE TABLE people (id int, note varchar(1000))");
      await runMysql(url!, `INSERT INTO people SELECT seq, repeat('x', 1000) FROM ${numbersTo(ROWS)}`);
      const proxy = await faultyProxy(url!);
      const source = mysqlSource({ url: proxy.url, silenceSeconds: SILENCE_SECONDS });
      expect(await runStopped(source, proxy).finally(() => proxy.close())).toMatchObject({ rows: ROWS });
    });
  });
});
