import pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { postgresReader } from "../../src/connectors/postgres/index.ts";
import type { SharedSnapshot } from "../../src/contracts.ts";
import { describeWithOwnPostgres } from "../servers/describe-private.ts";
import { makePostgres, type PrivatePostgres, runAsServer } from "../servers/private-postgres.ts";
import { readAll, runOn, shardsOf, withHeldSource } from "./postgres-reading.ts";

const { signal } = new AbortController();
const ROWS = 20_000;

describeWithOwnPostgres("a PostgreSQL of our own", () => {
  let server: PrivatePostgres;
  beforeAll(async () => {
    server = await makePostgres();
    // A table of more than a quarter of the buffers is read from where others are.
    await server.start({ shared_buffers: "1MB", hot_standby: "on", wal_level: "replica" });
    await runOn(server.url, "CREATE TABLE t (id integer, v text)");
    await runOn(server.url, `INSERT INTO t SELECT g, repeat('x', 100) FROM generate_series(1, ${ROWS}) g`);
  });
  afterAll(() => server?.remove());

  it("is read from its tables' first blocks on, wherever others are reading", async () => {
    const other = new pg.Client(server.url);
    await other.connect();
    try {
      await other.query("BEGIN; DECLARE other CURSOR FOR SELECT * FROM t");
      await other.query("MOVE 12000 IN other");
      const [[elsewhere]] = (await runOn(server.url, "SELECT id FROM t LIMIT 1")) as [[number]];
      expect(elsewhere).toBeGreaterThan(1);
      await withHeldSource({ url: server.url }, async (source, [wanted]) => {
        const { table, columns } = wanted!;
        expect((await readAll(source, table, columns)).bytes.toString("latin1", 0, 4)).toBe("1\txx");
      });
    } finally {
      await other.end();
    }
  });

  it("shares what a standby sees, and none where a URL leads to several servers", async () => {
    const standby = await makePostgres((data) =>
      runAsServer("pg_basebackup", ["-d", server.url, "-D", data, "-R", "--checkpoint=fast", "--no-sync"]),
    );
    try {
      await standby.start({ hot_standby: "on", ssl: "off" });
      await withHeldSource({ url: standby.url }, async (source, tables) => {
        const { table, columns } = tables[0]!;
        const shared = (await source.share!(tables, 2)) as SharedSnapshot;
        const reader = postgresReader(shared.reader);
        await runOn(server.url, "INSERT INTO t VALUES (0, 'new')");
        const [first, second] = [await shardsOf(source, table, columns, 1_000_000), await readAll(source, table, columns)];
        await expect.poll(() => runOn(standby.url, "SELECT id FROM t WHERE id = 0"), { timeout: 20_000 }).toEqual([[0]]);
        await reader.open(signal);
        const parts: Buffer[] = [];
        for (const shard of first) parts.push((await readAll(reader, table, columns, shard)).bytes);
        await reader.close();
        expect(second.rows).toBe(ROWS);
        expect(Buffer.concat(parts).equals(second.bytes)).toBe(true);
        const elsewhere = postgresReader({ ...(shared.reader as object), url: server.url });
        await expect(elsewhere.open(signal)).rejects.toMatchObject({ code: "SOURCE_FAILED" });
      });
    } finally {
      await standby.remove();
    }
  });
});
