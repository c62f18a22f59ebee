import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import pg from "pg";
import { afterAll, describe, expect, it } from "vitest";
import { connectSource } from "../../src/connect.ts";
import { memorySource } from "../../src/connectors/memory/index.ts";
import type { ColumnValues, Source } from "../../src/contracts.ts";
import { tableName } from "../../src/table-ref.ts";
import { describeWithMysql, runMysql, withMysqlDatabases } from "../servers/mysql-server.ts";
import { describeWithPostgres, withDatabases } from "../servers/postgres-server.ts";

/** Opens a source and samples one of its tables: each column's values by its name. */
async function sample(source: Source, name: string, rows?: number): Promise<Record<string, ColumnValues>> {
  const { signal } = new AbortController();
  await source.open(signal);
  try {
    const table = (await source.schema()).tables.find(({ ref }) => tableName(ref) === name)!;
    const columns = table.columns.filter(({ isGenerated }) => !isGenerated);
    const values = await source.sample!(table, { columns, rows, signal });
    return Object.fromEntries(columns.map((column, index) => [column.name, values[index]!]));
  } finally {
    await source.close();
  }
}

/** The ids of a sample come from all tenths of the table. */
function expectSpread(ids: ColumnValues, rows: number): void {
  const tenths = new Set(ids.map((id) => Math.min(9, Math.floor((Number(id) * 10) / rows))));
  expect(tenths.size).toBeGreaterThanOrEqual(8);
}

const runPostgres = async (url: string, sql: string) => {
  const client = new pg.Client(url);
  await client.connect();
  await client.query(sql).finally(() => client.end());
};

describeWithPostgres("a sample of PostgreSQL", () => {
  it("holds every row of a small table as text, with long values cut", async () => {
    await withDatabases(["standin_sample"], async (url) => {
      await runPostgres(
        url,
        `CREATE TABLE t (id int, word char(4), long text, bytes bytea, tags text[], doc jsonb, "odd ""name" date, twice int GENERATED ALWAYS AS (id * 2) STORED);
         INSERT INTO t VALUES (1, 'ab', repeat('ä', 9000), decode(repeat('ff', 9000), 'hex'), '{a,b}', '{"a": 1}', '2024-02-29'); INSERT INTO t (id) VALUES (2);`,
      );
      const found = await sample(await connectSource(url), "t");
      expect(Object.keys(found)).not.toContain("twice");
      expect(found).toMatchObject({
        id: ["1", "2"],
        tags: ["{a,b}", null],
        doc: ['{"a": 1}', null],
        'odd "name': ["2024-02-29", null],
      });
      expect(found.word![0]!.trim()).toBe("ab");
      expect(found.long![0]).toBe("ä".repeat(2000));
      expect(found.bytes![0]).toMatch(/^\\x(ff){900,1000}/);
    });
  });

  it("comes from all over a large table, partitions included", async () => {
    await withDatabases(["standin_sample"], async (url) => {
      await runPostgres(
        url,
        `CREATE TABLE large (id int, filler text); INSERT INTO large SELECT i, repeat('x', 60) FROM generate_series(0, 99999) i; ANALYZE large;
         CREATE TABLE parts (id int, filler text) PARTITION BY RANGE (id);
         CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (0) TO (50000); CREATE TABLE parts_2 PARTITION OF parts FOR VALUES FROM (50000) TO (100000);
         INSERT INTO parts SELECT * FROM large; ANALYZE parts;`,
      );
      for (const table of ["large", "parts"]) {
        const { id } = await sample(await connectSource(url), table, 2000);
        expect(id!.length).toBeGreaterThan(800);
        expect(id!.length).toBeLessThanOrEqual(2000);
        expectSpread(id!, 100_000);
      }
    });
  });

  it("leaves the snapshot usable, and no lock, where the server refuses a table", async () => {
    await withDatabases(["standin_sample"], async (url) => {
      await runPostgres(
        url,
        `CREATE TABLE a (n int); INSERT INTO a VALUES (1); CREATE TABLE b (n int); INSERT INTO b VALUES (0);
         CREATE FUNCTION broken(int) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT 1 / $1 = 1'; CREATE TABLE c (n int); ALTER TABLE c ENABLE ROW LEVEL SECURITY;
         ALTER TABLE c FORCE ROW LEVEL SECURITY; CREATE POLICY p ON c USING (broken(n)); INSERT INTO c VALUES (0);
         DROP ROLE IF EXISTS standin_sampler; CREATE ROLE standin_sampler LOGIN; GRANT SELECT ON a, c TO standin_sampler; ANALYZE a;`,
      );
      const { signal } = new AbortController();
      const source = await connectSource(Object.assign(new URL(url), { username: "standin_sampler" }).toString());
      try {
        await source.open(signal);
        const [a, b, c] = (await source.schema()).tables;
        const look = (table: typeof a) => source.sample!(table!, { columns: table!.columns, signal });
        await expect(look(b)).rejects.toMatchObject({ code: "PRIVILEGE_MISSING", table: "b" });
        await expect(look(c)).rejects.toMatchObject({ table: "c" });
        expect(await look(a)).toEqual([["1"]]);
        // Nobody waits for a sampler: the table can be dropped while the source is open.
        await runPostgres(url, "SET lock_timeout = '2s'; DROP TABLE a");
      } finally {
        await source.close();
        await runPostgres(url, "DROP OWNED BY standin_sampler; DROP ROLE standin_sampler");
      }
    });
  });
});

describeWithMysql("a sample of MariaDB", () => {
  it("holds every row of a small table as text, with long values cut", async () => {
    await withMysqlDatabases(["standin_sample"], async (url) => {
      await runMysql(
        url,
        "CREATE TABLE t (id int, `odd ``name` date, `long` text, `bytes` blob, `bits` bit(4), f float, twice int AS (id * 2), place point);" +
          "INSERT INTO t (id, `odd ``name`, `long`, `bytes`, `bits`, f, place) VALUES (1, '2024-02-29', REPEAT('ä', 9000), REPEAT(x'ff', 9000), 5, 0.1, POINT(1, 2)), (2, NULL, NULL, NULL, NULL, NULL, NULL)",
      );
      const found = await sample(await connectSource(url), "t");
      expect(Object.keys(found)).not.toContain("twice");
      expect(found).toMatchObject({ id: ["1", "2"], "odd `name": ["2024-02-29", null], bits: ["5", null] });
      expect(found.long![0]).toBe("ä".repeat(2000));
      expect(found.bytes![0]).toMatch(/^\\x(ff){900,1000}/);
      expect(found.place![0]).toMatch(/^\\x[0-9a-f]+$/);
    });
  });

  it("comes from all over a large table, by its primary key", async () => {
    await withMysqlDatabases(["standin_sample"], async (url) => {
      const double = "INSERT INTO big SELECT id + (SELECT COUNT(*) FROM big b), filler FROM big;";
      await runMysql(
        url,
        `CREATE TABLE big (id bigint unsigned PRIMARY KEY, filler varchar(60)); INSERT INTO big VALUES (0, REPEAT('x', 60));${double.repeat(15)} ANALYZE TABLE big`,
      );
      const { id } = await sample(await connectSource(url), "big", 400);
      expect(id).toHaveLength(400);
      expect(new Set(id).size).toBe(400);
      expectSpread(id!, 2 ** 15);
    });
  });

  it("falls back to the first rows where the key has a great gap, or is no integer", async () => {
    await withMysqlDatabases(["standin_sample"], async (url) => {
      const double = (table: string, column: string, value: string) =>
        `INSERT INTO ${table} (${column}) SELECT ${value} FROM ${table};`;
      await runMysql(
        url,
        `CREATE TABLE gap (id bigint PRIMARY KEY AUTO_INCREMENT, n int); INSERT INTO gap (n) VALUES (1);${double("gap", "n", "n").repeat(12)} INSERT INTO gap VALUES (9000000000000000000, 1);
         CREATE TABLE words (id varchar(40) PRIMARY KEY); INSERT INTO words VALUES (UUID());${double("words", "id", "UUID()").repeat(12)}`,
      );
      expect((await sample(await connectSource(url), "gap", 300)).id).toHaveLength(300);
      expect((await sample(await connectSource(url), "words", 300)).id).toHaveLength(300);
    });
  });
});

describe("a sample of CSV", () => {
  const folder = mkdtempSync(join(tmpdir(), "standin-sample-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  it("comes from blocks all over a large file, whole rows alone", async () => {
    const rows = 120_000;
    const lines = Array.from({ length: rows }, (_, id) => `${id},"a ""quoted"" word, with comma",${"x".repeat(40)}`);
    writeFileSync(join(folder, "large.csv"), `id,text,filler\n${lines.join("\n")}\n`);
    const { id, text, filler } = await sample(await connectSource(join(folder, "large.csv")), "large", 1000);
    expect(id!.length).toBeGreaterThan(900);
    expect(id!.length).toBeLessThanOrEqual(1000);
    expectSpread(id!, rows);
    expect(new Set(text)).toEqual(new Set(['a "quoted" word, with comma']));
    expect(new Set(filler)).toEqual(new Set(["x".repeat(40)]));
  });

  it("never takes the middle of a quoted field for a row", async () => {
    const rows = 40_000;
    const lines = Array.from({ length: rows }, (_, id) => `${id},"line one\nline, two\n${"y".repeat(90)}",end`);
    writeFileSync(join(folder, "lines.csv"), `id,text,end\n${lines.join("\n")}\n`);
    const { id, end } = await sample(await connectSource(join(folder, "lines.csv")), "lines");
    expect(id!.every((value) => /^\d+$/.test(value!))).toBe(true);
    expect(new Set(end)).toEqual(new Set(["end"]));
  });

  it("is the head of a packed file, and all of a small one", async () => {
    const lines = Array.from({ length: 3_000 }, (_, id) => `${id},${"z".repeat(3_000)}`);
    writeFileSync(join(folder, "packed.csv.gz"), gzipSync(`id,text\n${lines.join("\n")}\n`));
    writeFileSync(join(folder, "small.tsv"), "id\tname\n1\tAda\n2\t\n");
    const packed = await sample(await connectSource(join(folder, "packed.csv.gz")), "packed", 50);
    expect(packed.id).toHaveLength(50);
    expect(packed.text![0]).toHaveLength(2_000);
    expect(await sample(await connectSource(join(folder, "small.tsv")), "small")).toEqual({
      id: ["1", "2"],
      name: ["Ada", null],
    });
  });
});

describe("a sample of objects", () => {
  it("is spread evenly, of at most as many rows as were asked for", async () => {
    const users = Array.from({ length: 5_000 }, (_, id) => ({ id, name: id % 2 ? "Ada" : undefined }));
    const { id, name } = await sample(memorySource({ users }), "users", 100);
    expect(id).toHaveLength(100);
    expectSpread(id!, 5_000);
    expect(name).toContain(null);
  });
});
