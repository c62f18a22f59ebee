import { expect, it } from "vitest";
import { postgresReader } from "../../src/connectors/postgres/index.ts";
import type { Shard, ShardReader, SharedSnapshot } from "../../src/contracts.ts";
import { describeWithPostgres, withDatabases } from "../servers/postgres-server.ts";
import { recordingProxy } from "../servers/recording-proxy.ts";
import { readAll, runOn, shardsOf, withHeldSource } from "./postgres-reading.ts";

const { signal } = new AbortController();
const BYTES = 32_768;
const TABLE = "CREATE TABLE t (id integer PRIMARY KEY, v text, n integer DEFAULT 0) WITH (fillfactor = 70)";
const ROWS = "INSERT INTO t SELECT g, repeat('x', g % 700) FROM generate_series(1, 2000) g";

/** A reader that another thread would make: of what it was sent. */
const readerOf = (shared: unknown): ShardReader => postgresReader(structuredClone((shared as SharedSnapshot).reader));

/** Open readers in the source's snapshot, closed whatever happens. */
async function withReaders(shared: unknown, count: number, use: (readers: readonly ShardReader[]) => Promise<void>) {
  const readers = Array.from({ length: count }, () => readerOf(shared));
  try {
    for (const one of readers) await one.open(signal);
    await use(readers);
  } finally {
    for (const one of readers) await one.close();
  }
}

describeWithPostgres("readers of a PostgreSQL source's snapshot", () => {
  it("see its rows while others insert, update, delete and vacuum", async () => {
    await withDatabases(["standin_readers"], async (url) => {
      await runOn(url!, TABLE, ROWS);
      await withHeldSource({ url }, async (source, [wanted]) => {
        const { table, columns } = wanted!;
        const shared = await source.share!([wanted!], 3);
        expect(shared).toMatchObject({ system: "postgres" });
        await runOn(url!, "DELETE FROM t WHERE id % 7 = 0", "UPDATE t SET n = n + 1", "VACUUM t");
        await withReaders(shared, 3, async (readers) => {
          const whole = await readAll(source, table, columns);
          const shards = await shardsOf(source, table, columns, BYTES);
          const parts = new Map<Shard, Buffer>();
          let isReading = true;
          const changing = (async () => {
            for (let round = 0; isReading; round++) {
              const inserted = `INSERT INTO t SELECT g, 'new' FROM generate_series(${3000 + 100 * round}, ${3099 + 100 * round}) g`;
              await runOn(
                url!,
                "UPDATE t SET n = n + 1 WHERE id % 2 = 0",
                `DELETE FROM t WHERE id % 13 = ${round}`,
                inserted,
                "VACUUM t",
              );
            }
          })();
          const left = [...shards];
          const work = readers.map(async (reader) => {
            for (let shard = left.shift(); shard !== undefined; shard = left.shift()) {
              parts.set(shard, (await readAll(reader, table, columns, shard)).bytes);
            }
          });
          await Promise.all(work).finally(() => {
            isReading = false;
          });
          await changing;
          expect(whole.rows).toBe(2000);
          expect(shards.length).toBeGreaterThan(10);
          expect(Buffer.concat(shards.map((shard) => parts.get(shard)!)).equals(whole.bytes)).toBe(true);
          expect((await readAll(readers[0]!, table, columns)).bytes.equals(whole.bytes)).toBe(true);
        });
      });
    });
  });

  it("tell partitioned tables from those with children", async () => {
    await withDatabases(["standin_readers"], async (url) => {
      await runOn(
        url!,
        "CREATE TABLE p (id integer) PARTITION BY HASH (id); CREATE TABLE p0 PARTITION OF p FOR VALUES WITH (MODULUS 1, REMAINDER 0)",
        "CREATE TABLE parent (id integer); CREATE TABLE child () INHERITS (parent)",
        "INSERT INTO p VALUES (1), (2); INSERT INTO parent VALUES (3); INSERT INTO child VALUES (4)",
      );
      await withHeldSource({ url }, async (source, tables) => {
        await withReaders(await source.share!(tables, 1), 1, async ([reader]) => {
          const read: Record<string, string> = {};
          for (const { table, columns } of tables) {
            const [shard] = await shardsOf(source, table, columns, BYTES);
            read[table.ref.name] = (await readAll(reader!, table, columns, shard)).bytes.toString();
          }
          expect(read).toEqual({ child: "4\n", p: "1\n2\n", parent: "3\n" });
        });
      });
    });
  });

  it("read on while a migration waits for the source to end", async () => {
    await withDatabases(["standin_readers"], async (url) => {
      await runOn(url!, TABLE, ROWS);
      let migration: Promise<unknown> = Promise.resolve();
      await withHeldSource({ url }, async (source, [wanted]) => {
        const { table, columns } = wanted!;
        await withReaders(await source.share!([wanted!], 2), 2, async (readers) => {
          migration = runOn(url!, "ALTER TABLE t ADD late integer");
          const waiting = "SELECT count(*)::integer FROM pg_locks WHERE NOT granted AND relation = 't'::regclass";
          await expect.poll(() => runOn(url!, waiting), { timeout: 10_000 }).toEqual([[1]]);
          for (const reader of readers) expect((await readAll(reader, table, columns)).rows).toBe(2000);
        });
      });
      await migration;
    });
  });

  it("come back after a lost session, for as long as the source is open", async () => {
    await withDatabases(["standin_readers"], async (url) => {
      await runOn(url!, TABLE, ROWS);
      let late: ShardReader | undefined;
      await withHeldSource({ url }, async (source, [wanted]) => {
        const { table, columns } = wanted!;
        const shared = await source.share!([wanted!], 1);
        await withReaders(shared, 1, async ([reader]) => {
          await runOn(url!, "DELETE FROM t WHERE id > 5");
          const others =
            "SELECT pid FROM pg_stat_activity WHERE application_name = 'standin' AND datname = current_database() ORDER BY backend_start";
          await runOn(url!, `SELECT pg_terminate_backend(pid) FROM (${others} OFFSET 1) readers`);
          await expect(readAll(reader!, table, columns)).rejects.toMatchObject({ code: "CONNECTION_LOST" });
          await reader!.open(signal);
          expect((await readAll(reader!, table, columns)).rows).toBe(2000);
          await reader!.close();
          await reader!.open(signal);
          expect((await readAll(reader!, table, columns)).rows).toBe(2000);
        });
        late = readerOf(shared);
      });
      await expect(late!.open(signal)).rejects.toMatchObject({
        code: "SOURCE_FAILED",
        message: expect.stringContaining("joining the source's snapshot"),
      });
    });
  });

  it("stop when they are told to", async () => {
    await withDatabases(["standin_readers"], async (url) => {
      await runOn(url!, TABLE, ROWS);
      await withHeldSource({ url }, async (source, [wanted]) => {
        await withReaders(await source.share!([wanted!], 1), 1, async ([reader]) => {
          const stop = new AbortController();
          const reading = async () => {
            const options = { columns: wanted!.columns, batchSize: { maxBytes: 1024 }, signal: stop.signal };
            for await (const _ of reader!.read(wanted!.table, options)) stop.abort();
          };
          await expect(reading()).rejects.toMatchObject({ code: "ABORTED" });
          const open = readerOf(await source.share!([wanted!], 1)).open(AbortSignal.abort());
          await expect(open).rejects.toMatchObject({ code: "ABORTED" });
        });
      });
    });
  });

  it("take no more sessions than the source may, and do nothing but read", async () => {
    await withDatabases(["standin_readers"], async (url) => {
      await runOn(url!, TABLE, ROWS);
      const proxy = await recordingProxy(`${url}?sslmode=disable`);
      try {
        const limits = { connections: 3 };
        await withHeldSource({ url: proxy.url, limits }, async (source, tables) => {
          const { table, columns } = tables[0]!;
          await withReaders(await source.share!(tables, 2), 2, async (readers) => {
            for (const reader of readers) await readAll(reader, table, columns);
          });
        });
        expect(proxy.mostSessions).toBe(3);
        expect(proxy.greetings.every((greeting) => /application_name.standin/.test(greeting))).toBe(true);
        const mayBeSent =
          /^(SELECT |WITH |BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY$|SET TRANSACTION SNAPSHOT |COPY [^;]* TO STDOUT$)/;
        expect(proxy.statements.map((one) => one.trim()).filter((one) => !mayBeSent.test(one))).toEqual([]);
      } finally {
        proxy.close();
      }
    });
  });
});
