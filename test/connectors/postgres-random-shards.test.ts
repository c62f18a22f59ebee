import fc from "fast-check";
import { expect, it } from "vitest";
import { describeWithPostgres, withDatabases } from "../servers/postgres-server.ts";
import { readAll, runOn, shardsOf, withHeldSource } from "./postgres-reading.ts";

const anyTable = fc.record({
  rows: fc.integer({ min: 0, max: 1500 }),
  width: fc.integer({ min: 0, max: 1200 }),
  fillfactor: fc.integer({ min: 10, max: 100 }),
  partitions: fc.constantFrom(0, 0, 1, 3),
  /** What is done to it, each to the rows of one remainder or one stretch. */
  work: fc.array(
    fc.record({
      what: fc.constantFrom("UPDATE", "DELETE", "INSERT", "VACUUM"),
      modulus: fc.integer({ min: 1, max: 9 }),
      from: fc.integer({ min: 0, max: 1500 }),
    }),
    { maxLength: 5 },
  ),
  bytes: fc.integer({ min: 1, max: 300_000 }),
});

type AnyTable = typeof anyTable extends fc.Arbitrary<infer Made> ? Made : never;

function statementsOf({ rows, width, fillfactor, partitions, work }: AnyTable): string[] {
  const heap = `WITH (fillfactor = ${fillfactor})`;
  const leaves = Array.from(
    { length: partitions },
    (_, n) => `CREATE TABLE t${n} PARTITION OF t FOR VALUES WITH (MODULUS ${partitions}, REMAINDER ${n}) ${heap}`,
  );
  const insert = (from: number, count: number) =>
    `INSERT INTO t SELECT g, repeat('x', (g * 37) % ${width + 1}) FROM generate_series(${from}, ${from + count - 1}) g`;
  const done = work.map(({ what, modulus, from }, index) => {
    const which = `WHERE id % ${modulus} = 0 AND id >= ${from}`;
    if (what === "UPDATE") return `UPDATE t SET v = v || 'y' ${which}`;
    if (what === "DELETE") return `DELETE FROM t ${which}`;
    return what === "INSERT" ? insert(10_000 * (index + 1), from) : "VACUUM t";
  });
  return [
    "DROP TABLE IF EXISTS t",
    `CREATE TABLE t (id integer, v text) ${partitions > 0 ? "PARTITION BY HASH (id)" : heap}`,
    ...leaves,
    insert(0, rows),
    ...done,
  ];
}

/** The first cells of rows in COPY text. */
const firstCells = (bytes: Buffer) =>
  bytes
    .toString()
    .split("\n")
    .slice(0, -1)
    .map((line) => Number(line.split("\t")[0]));

describeWithPostgres("shards of any PostgreSQL table", () => {
  it("hold each of its rows once, in its order", async () => {
    await withDatabases(["standin_random_shards"], async (url) => {
      await fc.assert(
        fc.asyncProperty(anyTable, async (made) => {
          await runOn(url!, ...statementsOf(made));
          const stored = (await runOn(url!, "SELECT id FROM t ORDER BY id")).map(([id]) => id);
          await withHeldSource({ url }, async (source, tables) => {
            const { table, columns } = tables[0]!;
            const parts: Buffer[] = [];
            for (const shard of await shardsOf(source, table, columns, made.bytes)) {
              parts.push((await readAll(source, table, columns, shard)).bytes);
            }
            const read = Buffer.concat(parts);
            expect(firstCells(read).toSorted((one, other) => one - other)).toEqual(stored);
            expect(read.equals((await readAll(source, table, columns)).bytes)).toBe(true);
          });
        }),
        { numRuns: 25 },
      );
    });
  });
});
