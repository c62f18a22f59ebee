import { expect, it } from "vitest";
import type { Column, Shard, Source, TableToWrite } from "../../src/contracts.ts";
import { describeWithPostgres, withDatabases } from "../servers/postgres-server.ts";
import { readAll, runOn, shardsOf, withHeldSource } from "./postgres-reading.ts";

/** Four blocks. */
const BYTES = 4 * 8192;

/** Which columns are read: no order of theirs, nor an index that holds them, may change the order of rows. */
const CHOICES: readonly ((columns: readonly Column[]) => readonly Column[])[] = [
  (columns) => columns,
  (columns) => columns.toReversed(),
  (columns) => columns.slice(0, 1),
  () => [],
];

/** Makes sure that the parts of a table, one after the other, are the whole byte for byte. */
async function expectWhole(source: Source, { table, columns }: TableToWrite, bytes = BYTES): Promise<readonly Shard[]> {
  const whole = await readAll(source, table, columns);
  const shards = await shardsOf(source, table, columns, bytes);
  const parts: Buffer[] = [];
  let rows = 0;
  for (const shard of shards) {
    const part = await readAll(source, table, columns, shard, rows);
    parts.push(part.bytes);
    rows += part.rows;
  }
  const names = columns.map(({ name }) => name);
  expect(Buffer.concat(parts).equals(whole.bytes), `the parts of ${table.ref.name} (${names}) are the whole`).toBe(true);
  expect(rows).toBe(whole.rows);
  expect(new Set(shards.map(({ id }) => id)).size).toBe(shards.length);
  return shards;
}

type Cuts = Readonly<Record<string, readonly Shard[]>>;

/** Cuts each table of a database, for each choice of columns, and gives the parts of the first. */
async function cutAll(
  statements: readonly string[],
  use: (cuts: Cuts, url: string) => unknown,
  choices = CHOICES,
): Promise<void> {
  await withDatabases(["standin_shards"], async (url) => {
    await runOn(url!, ...statements);
    await withHeldSource({ url }, async (source, tables) => {
      const cuts: Record<string, readonly Shard[]> = {};
      for (const { table, columns } of tables) {
        for (const choose of choices) {
          const shards = await expectWhole(source, { table, columns: choose(columns) });
          cuts[table.ref.name] ??= shards;
          expect(ids(shards), table.ref.name).toEqual(ids(cuts[table.ref.name]));
        }
      }
      await use(cuts, url!);
    });
  });
}

const ids = (shards: readonly Shard[] | undefined) => shards?.map(({ id }) => id);
const heaps = (shards: readonly Shard[] | undefined) => [
  ...new Set(shards?.map(({ range }) => (range as { heap: { name: string } }).heap.name)),
];
const fill = (table: string, rows: number) =>
  `INSERT INTO ${table} SELECT g, repeat('x', g % 700) FROM generate_series(1, ${rows}) g`;

describeWithPostgres("shards of a PostgreSQL table", () => {
  it("are its blocks, and of a small table the whole", async () => {
    const statements = [
      `CREATE TABLE large (id integer, v text); ${fill("large", 1500)}`,
      `CREATE TABLE empty (id integer); CREATE TABLE small (id integer, v text); ${fill("small", 9)}`,
      `CREATE SCHEMA "My ""own"""; CREATE TABLE "My ""own"""."T (1)" ("select" integer, "a "" b" text); ${fill('"My ""own"""."T (1)"', 1500)}`,
    ];
    await cutAll(statements, ({ large, empty, small, "T (1)": named }) => {
      expect(ids(large)!.slice(0, 3)).toEqual(["0", "4", "8"]);
      expect(large![1]!.range).toEqual({ heap: { schema: "public", name: "large" }, from: 4, to: 8 });
      expect(large!.at(-1)!.range).toMatchObject({ to: null });
      expect(ids(empty)).toEqual(["all"]);
      expect(ids(small)).toEqual(["all"]);
      expect(ids(named)).toEqual(ids(large));
    });
  });

  it("hold every row of tables that have been worked on", async () => {
    const statements = [
      `CREATE TABLE emptied (id integer, v text); ${fill("emptied", 1500)}; DELETE FROM emptied WHERE id BETWEEN 300 AND 900`,
      `CREATE TABLE tail (id integer, v text); ${fill("tail", 1500)}; DELETE FROM tail WHERE id > 700`,
      `CREATE TABLE updated (id integer, v text, n integer DEFAULT 0) WITH (fillfactor = 60); ${fill("updated", 1000)}`,
      ...Array.from({ length: 5 }, () => "UPDATE updated SET n = n + 1 WHERE id % 2 = 0"),
      `CREATE TABLE dropped (gone text, id integer, v text, kept text); INSERT INTO dropped SELECT 'gone', g, repeat('x', g % 700), 'k' FROM generate_series(1, 700) g`,
      "ALTER TABLE dropped DROP gone, ADD late integer DEFAULT 7 NOT NULL, ADD twice integer GENERATED ALWAYS AS (id * 2) STORED",
      "INSERT INTO dropped (id) SELECT g FROM generate_series(701, 900) g",
      "CREATE TABLE indexed (id integer PRIMARY KEY, v text); INSERT INTO indexed SELECT 1001 - g, repeat('x', 500) FROM generate_series(1, 1000) g",
      "CREATE TABLE parent (id integer, v text); CREATE TABLE child (more text) INHERITS (parent)",
      `${fill("parent", 700)}; ${fill("child", 800)}`,
      "CREATE TABLE none (); INSERT INTO none SELECT FROM generate_series(1, 3000)",
      "VACUUM emptied",
      "VACUUM ANALYZE indexed",
    ];
    await cutAll(statements, (cuts) => {
      for (const shards of Object.values(cuts)) expect(shards.length).toBeGreaterThan(2);
    });
  });

  it("are smaller where much is stored out of line", async () => {
    const statements = [
      "CREATE TABLE toasted (id integer, v text); ALTER TABLE toasted ALTER v SET STORAGE EXTERNAL",
      "INSERT INTO toasted SELECT g, repeat('x', 9000) FROM generate_series(1, 200) g",
      "INSERT INTO toasted SELECT g, repeat('y', 10) FROM generate_series(1, 2000) g",
    ];
    await cutAll(statements, ({ toasted }) => expect(ids(toasted)!.slice(0, 3)).toEqual(["0", "1", "2"]));
  });

  it("follow the server's order of partitions", async () => {
    const statements = [
      "CREATE TABLE ranges (id integer, v text) PARTITION BY RANGE (id)",
      "CREATE TABLE r_rest PARTITION OF ranges DEFAULT; CREATE TABLE r_high PARTITION OF ranges FOR VALUES FROM (900) TO (1400)",
      "CREATE TABLE r_low PARTITION OF ranges FOR VALUES FROM (0) TO (600); CREATE TABLE r_empty PARTITION OF ranges FOR VALUES FROM (5000) TO (6000)",
      `${fill("ranges", 1500)}`,
      "CREATE TABLE lists (id integer PRIMARY KEY, v text) PARTITION BY LIST (id)",
      `CREATE TABLE l_odd PARTITION OF lists FOR VALUES IN (${Array.from({ length: 300 }, (_, n) => 2 * n + 1)})`,
      `CREATE TABLE l_even PARTITION OF lists FOR VALUES IN (${Array.from({ length: 300 }, (_, n) => 2 * n + 2)})`,
      // An index would give them the other way round.
      "INSERT INTO lists SELECT 601 - g, repeat('x', 900) FROM generate_series(1, 600) g",
      "CREATE TABLE hashes (id integer, v text) PARTITION BY HASH (id)",
      ...[2, 0, 1].map((n) => `CREATE TABLE h_${n} PARTITION OF hashes FOR VALUES WITH (MODULUS 3, REMAINDER ${n})`),
      `${fill("hashes", 1000)}`,
      "CREATE TABLE nested (id integer, v text) PARTITION BY RANGE (id)",
      "CREATE TABLE n_high PARTITION OF nested FOR VALUES FROM (500) TO (2000) PARTITION BY HASH (id)",
      ...[1, 0].map((n) => `CREATE TABLE n_h${n} PARTITION OF n_high FOR VALUES WITH (MODULUS 2, REMAINDER ${n})`),
      "CREATE TABLE n_low (extra text, v text, gone integer, id integer); ALTER TABLE n_low DROP extra, DROP gone",
      "ALTER TABLE nested ATTACH PARTITION n_low FOR VALUES FROM (0) TO (500)",
      `${fill("nested", 1200)}`,
      "CREATE TABLE single (id integer, v text) PARTITION BY RANGE (id); CREATE TABLE s_all PARTITION OF single DEFAULT",
      `${fill("single", 600)}`,
      "CREATE TABLE bare (id integer, v text) PARTITION BY RANGE (id)",
      "CREATE TABLE few (id integer, v text) PARTITION BY HASH (id); CREATE TABLE f_0 PARTITION OF few FOR VALUES WITH (MODULUS 1, REMAINDER 0)",
      `${fill("few", 9)}`,
      "VACUUM ANALYZE lists",
    ];
    await cutAll(statements, async ({ ranges, lists, hashes, nested, single, bare, few }, url) => {
      expect(heaps(ranges)).toEqual(["r_low", "r_high", "r_rest"]);
      expect(heaps(lists)).toEqual(["l_odd", "l_even"]);
      expect(heaps(hashes)).toEqual(["h_0", "h_1", "h_2"]);
      expect(heaps(nested)).toEqual(["n_low", "n_h0", "n_h1"]);
      expect(heaps(single)).toEqual(["s_all"]);
      expect([ids(bare), ids(few)]).toEqual([["all"], ["all"]]);
      const [[oid]] = (await runOn(url, "SELECT 'r_low'::regclass::oid::text")) as [[string]];
      expect(ids(ranges)!.slice(0, 2)).toEqual([`${oid}/0`, `${oid}/4`]);
    });
  });

  it("are one where rows do not lie in heaps, one whole heap after the other", async () => {
    const statements = [
      "CREATE ACCESS METHOD another TYPE TABLE HANDLER heap_tableam_handler",
      `CREATE TABLE strange (id integer, v text) USING another; ${fill("strange", 600)}`,
      "CREATE TABLE mixed (id integer, v text) PARTITION BY LIST (id); CREATE TABLE m_1 PARTITION OF mixed DEFAULT",
      "CREATE TABLE m_2 PARTITION OF mixed FOR VALUES IN (1, 2) USING another",
      `${fill("mixed", 600)}`,
      "CREATE EXTENSION file_fdw; CREATE SERVER files FOREIGN DATA WRAPPER file_fdw",
      "CREATE TABLE far (id integer, v text) PARTITION BY LIST (id); CREATE TABLE f_1 PARTITION OF far DEFAULT",
      "CREATE FOREIGN TABLE f_2 PARTITION OF far FOR VALUES IN (0) SERVER files OPTIONS (filename '/dev/null')",
      `${fill("far", 600)}`,
    ];
    await cutAll(statements, ({ strange, mixed, far }) =>
      expect([strange, mixed, far].map(ids)).toEqual([["all"], ["all"], ["all"]]),
    );
  });

  it("are one where the role may not read the partitions, or the blocks, by themselves", async () => {
    await withDatabases(["standin_shards"], async (url) => {
      const role = `standin_role_${Math.random().toString(36).slice(2, 10)}`;
      await runOn(
        url!,
        `CREATE ROLE ${role} LOGIN PASSWORD 'standin'`,
        "CREATE TABLE root (id integer, v text) PARTITION BY LIST (id); CREATE TABLE leaf PARTITION OF root DEFAULT",
        `CREATE TABLE columns (id integer, v text); CREATE TABLE whole (id integer, v text)`,
        ...["root", "columns", "whole"].map((table) => fill(table, 600)),
        `GRANT SELECT ON root, whole TO ${role}; GRANT SELECT (id, v) ON columns TO ${role}`,
      );
      const asRole = Object.assign(new URL(url!), { username: role, password: "standin" }).toString();
      const count = async () => {
        const counts: Record<string, number> = {};
        await withHeldSource({ url: asRole }, async (source, tables) => {
          for (const one of tables) counts[one.table.ref.name] = (await expectWhole(source, one)).length;
        });
        return counts;
      };
      try {
        expect(await count()).toEqual({ root: 1, columns: 1, whole: expect.toSatisfy((n: number) => n > 3) });
        // Policies of the root hold for those who come by it, those of a partition for those who read it alone.
        await runOn(url!, `GRANT SELECT ON leaf TO ${role}; GRANT SELECT (ctid) ON columns TO ${role}`);
        const more = expect.toSatisfy((n: number) => n > 3);
        expect(await count()).toEqual({ root: more, columns: more, whole: more });
        await runOn(url!, "ALTER TABLE leaf ENABLE ROW LEVEL SECURITY");
        expect(await count()).toMatchObject({ root: 1 });
      } finally {
        await runOn(url!, `DROP OWNED BY ${role}`, `DROP ROLE ${role}`);
      }
    });
  });

  it("are cut when the session has read what it reads, however long that takes", async () => {
    await withDatabases(["standin_shards"], async (url) => {
      // More than what lies in buffers between two programs.
      await runOn(
        url!,
        "CREATE TABLE t (id integer, v text); INSERT INTO t SELECT g, repeat('x', 1000) FROM generate_series(1, 20000) g",
      );
      await withHeldSource({ url, silenceSeconds: 1 }, async (source, [wanted]) => {
        const { table, columns } = wanted!;
        let cut: Promise<readonly Shard[]> | undefined;
        let rows = 0;
        for await (const batch of source.read(table, { columns, batchSize: {}, signal: new AbortController().signal })) {
          rows += batch.rowCount;
          if (cut !== undefined) continue;
          cut = shardsOf(source, table, columns, 4_000_000);
          await new Promise((resolve) => setTimeout(resolve, 2000));
        }
        expect(rows).toBe(20_000);
        expect((await cut!).length).toBeGreaterThan(4);
      });
    });
  });
});
