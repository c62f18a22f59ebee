import { expect, it } from "vitest";
import { postgresReader } from "../../src/connectors/postgres/index.ts";
import type { ShardReader, SharedSnapshot } from "../../src/contracts.ts";
import { describeWithPostgres, withDatabases } from "../servers/postgres-server.ts";
import { readAll, runOn, shardsOf, withHeldSource } from "./postgres-reading.ts";

const { signal } = new AbortController();

/** Readers in the source's snapshot, closed whatever happens. */
async function withReaders(shared: unknown, count: number, use: (readers: readonly ShardReader[]) => Promise<void>) {
  // As a thread is sent it.
  const { reader } = structuredClone(shared as SharedSnapshot);
  const readers = Array.from({ length: count }, () => postgresReader(reader));
  try {
    for (const one of readers) await one.open(signal);
    await use(readers);
  } finally {
    for (const one of readers) await one.close();
  }
}

describeWithPostgres("readers of a PostgreSQL source's snapshot", () => {
  it("see the source's rows while others insert, update, delete and vacuum", async () => {
    await withDatabases(["standin_readers"], async (url) => {
      await runOn(url!, "CREATE TABLE t (id integer PRIMARY KEY, v text)");
      await runOn(url!, "INSERT INTO t SELECT g, repeat('x', g % 700) FROM generate_series(1, 3000) g");
      await withHeldSource({ url }, async (source, [wanted]) => {
        const { table, columns } = wanted!;
        const shared = await source.share!([wanted!], 3);
        expect(shared).toMatchObject({ system: "postgres" });
        const change = [
          "UPDATE t SET v = v || 'y' WHERE id % 3 = 0",
          "DELETE FROM t WHERE id % 7 = 0",
          "INSERT INTO t SELECT g, 'new' FROM generate_series(3001, 4000) g",
          "VACUUM t",
        ];
        await runOn(url!, ...change);
        await withReaders(shared, 3, async (readers) => {
          const whole = await readAll(source, table, columns);
          expect(whole.rows).toBe(3000);
          const parts: Buffer[] = [];
          for (const [index, shard] of (await shardsOf(source, table, columns, 32_768)).entries()) {
            parts.push((await readAll(readers[index % 3]!, table, columns, shard)).bytes);
            if (index % 8 === 0) await runOn(url!, ...change.slice(0, 2), "VACUUM t");
          }
          expect(parts.length).toBeGreaterThan(10);
          expect(Buffer.concat(parts).equals(whole.bytes)).toBe(true);
          expect((await readAll(readers[0]!, table, columns)).bytes.equals(whole.bytes)).toBe(true);
        });
      });
    });
  });
});
