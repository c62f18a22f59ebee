import { expect, it } from "vitest";
import { builtPackage } from "../cli/built-package.ts";
import { describeWithPostgres, withDatabases } from "../servers/postgres-server.ts";
import { TEST_KEY } from "../test-key.ts";
import { runOn } from "./postgres-reading.ts";

const { keep, refresh, tokenize } = await builtPackage();

const SCHEMA = [
  "CREATE TABLE people (id integer PRIMARY KEY, email text, note text)",
  "CREATE TABLE visits (id integer, at text, note text) PARTITION BY RANGE (id)",
  ...[2, 0, 1].map((n) => `CREATE TABLE visits_${n} PARTITION OF visits FOR VALUES FROM (${n * 3000}) TO (${(n + 1) * 3000})`),
];
const ROWS = ["people", "visits"].map(
  (table) =>
    `INSERT INTO ${table} SELECT 8999 - g, 'jane.' || g || '@acme.com', repeat('x', 500) FROM generate_series(0, 8999) g`,
);
const POLICY = {
  people: { id: keep(), email: tokenize(), note: keep() },
  visits: { id: keep(), at: tokenize(), note: keep() },
};
const WRITTEN = ["people", "visits_0", "visits_1", "visits_2"].map(
  (table) => `SELECT count(*)::integer, md5(string_agg(t::text, '' ORDER BY ctid)) FROM ${table} t`,
);

describeWithPostgres("a run of several workers from PostgreSQL to PostgreSQL", () => {
  it("writes the rows that one worker writes, in their order", { timeout: 120_000 }, async () => {
    await withDatabases(["standin_workers", "standin_workers", "standin_workers"], async (source, one, three) => {
      await runOn(source!, ...SCHEMA, ...ROWS, "ANALYZE");
      const written: unknown[][] = [];
      for (const [target, workers] of [
        [one!, 1],
        [three!, 3],
      ] as const) {
        await runOn(target, ...SCHEMA);
        const report = await refresh({ source: source!, target, tables: POLICY }, { key: TEST_KEY, workers });
        expect(report).toMatchObject({ rows: 18_000, workers, notes: [] });
        const digests: unknown[] = [];
        for (const digest of WRITTEN) digests.push((await runOn(target, digest))[0]);
        written.push(digests);
      }
      expect(written[1]).toEqual(written[0]);
    });
  });
});
