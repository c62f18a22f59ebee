import { expect, it } from "vitest";
import type { Shard } from "../../src/contracts.ts";
import { describeWithMysql, isMariaDb, numbersTo, runMysql, withMysqlDatabases } from "../servers/mysql-server.ts";
import { countRows, readText, shardsOf, withHeldSource } from "./mysql-reading.ts";

/** A small table takes 16 KiB: sixteen parts, at least eight of which are as wide as a power of two. */
const BYTES = 1024;

interface Cut {
  readonly shards: readonly Shard[];
  readonly whole: string;
  readonly texts: readonly string[];
}

/** Cuts each table of a database, and makes sure that the parts, one after the other, are the whole byte for byte. */
async function cutAll(url: string, bytes = BYTES): Promise<Record<string, Cut>> {
  const cuts: Record<string, Cut> = {};
  // The server counts a table's pages now and then.
  await runMysql(url, "ANALYZE TABLE t");
  await withHeldSource({ url }, async (source, tables) => {
    for (const { table, columns } of tables) {
      const whole = await readText(source, table, columns);
      const shards = await shardsOf(source, table, columns, bytes);
      const texts: string[] = [];
      for (const shard of shards) {
        texts.push(await readText(source, table, columns, { shard, firstRow: countRows(texts.join("")) }));
      }
      expect(texts.join(""), `the parts of ${table.ref.name} are the whole`).toBe(whole);
      expect(new Set(shards.map(({ id }) => id)).size).toBe(shards.length);
      cuts[table.ref.name] = { shards, whole, texts };
    }
  });
  return cuts;
}

async function cutOf(sql: string, bytes?: number): Promise<Cut> {
  let cut: Cut | undefined;
  await withMysqlDatabases(["standin_shards"], async (url) => {
    await runMysql(url!, sql);
    cut = (await cutAll(url!, bytes)).t;
  });
  return cut!;
}

const ids = ({ shards }: Cut) => shards.map(({ id }) => id);
const filled = ({ texts }: Cut) => texts.filter((text) => text !== "").length;
const from1to = (last: number, list: string) => `INSERT INTO t SELECT ${list} FROM ${numbersTo(last)}`;
/** Of MariaDB alone. */
const ARIA: [string, string, number] = [
  "is Aria's",
  `CREATE TABLE t (id int PRIMARY KEY) ENGINE=Aria; ${from1to(900, "901 - seq")}`,
  900,
];
const VERSIONED: [string, string, number, number] = [
  "a key beside system versions",
  `CREATE TABLE t (id int PRIMARY KEY, v int) WITH SYSTEM VERSIONING; ${from1to(900, "seq, 1")}; UPDATE t SET v = 2 WHERE id % 2 = 0; DELETE FROM t WHERE id % 3 = 0`,
  600,
  15,
];

describeWithMysql("shards of a MariaDB table", () => {
  it.each([
    ["an int", `CREATE TABLE t (id int PRIMARY KEY, v text); ${from1to(900, "seq, REPEAT('x', seq % 90)")}`, 900, 15],
    ["a negative int", `CREATE TABLE t (id int PRIMARY KEY, v text); ${from1to(900, "450 - CAST(seq AS SIGNED), seq")}`, 900, 15],
    [
      "a tinyint from end to end",
      `CREATE TABLE t (id tinyint PRIMARY KEY); ${from1to(256, "CAST(seq AS SIGNED) - 129")}`,
      256,
      16,
    ],
    ["an int with zerofill", `CREATE TABLE t (id int zerofill PRIMARY KEY); ${from1to(900, "seq")}`, 900, 15],
    [
      "a bigint from end to end",
      "CREATE TABLE t (id bigint PRIMARY KEY); INSERT INTO t VALUES (-9223372036854775808), (9223372036854775807), (-1), (0), (1)",
      5,
      4,
    ],
    [
      "an unsigned bigint near 2^64",
      `CREATE TABLE t (id bigint unsigned PRIMARY KEY); ${from1to(900, "18446744073709551616 - seq")}`,
      900,
      15,
    ],
    ["an int with gaps", `CREATE TABLE t (id int PRIMARY KEY); ${from1to(900, "seq * seq * seq")}`, 900, 4],
    [
      "the first of two columns",
      `CREATE TABLE t (a int, b varchar(9), c int, PRIMARY KEY (a, b)); ${from1to(900, "seq DIV 9, seq % 9, -seq")}`,
      900,
      13,
    ],
    ["a column in quotes", `CREATE TABLE t (\`i\`\`d\` int PRIMARY KEY); ${from1to(900, "seq")}`, 900, 15],
    [
      "a key beside generated columns",
      `CREATE TABLE t (id int PRIMARY KEY, d int AS (id * 2) VIRTUAL, s int AS (id * 3) STORED, KEY (s)); INSERT INTO t (id) SELECT seq FROM ${numbersTo(900)}`,
      900,
      15,
    ],
    ...(isMariaDb ? [VERSIONED] : []),
  ])("are cut by %s", async (_, sql, rows, fewest) => {
    const cut = await cutOf(sql);
    expect(countRows(cut.whole)).toBe(rows);
    expect(filled(cut)).toBeGreaterThanOrEqual(fewest);
  });

  it("come in the order of the primary key, where a secondary index holds every column", async () => {
    const cut = await cutOf(
      `CREATE TABLE t (id int PRIMARY KEY, v int, KEY (v)); ${from1to(900, "seq, 900 - seq")}; ANALYZE TABLE t`,
    );
    expect(filled(cut)).toBeGreaterThanOrEqual(15);
    expect(cut.whole).toBe(Array.from({ length: 900 }, (_, index) => `${index + 1}\t${899 - index}\n`).join(""));
  });

  it.each([
    ["is empty", "CREATE TABLE t (id int PRIMARY KEY)", 0],
    ["holds one row", "CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (7)", 1],
    ["has no primary key", `CREATE TABLE t (id int, v int, KEY (v, id)); ${from1to(900, "seq, 900 - seq")}`, 900],
    ["has a text for its key", `CREATE TABLE t (id varchar(9) PRIMARY KEY); ${from1to(900, "seq")}`, 900],
    ["has a decimal for its key", `CREATE TABLE t (id decimal(9, 2) PRIMARY KEY); ${from1to(900, "seq")}`, 900],
    ["has bytes for its key", `CREATE TABLE t (id binary(4) PRIMARY KEY); ${from1to(900, "UNHEX(LPAD(HEX(seq), 8, '0'))")}`, 900],
    ["has bits for its key", `CREATE TABLE t (id bit(12) PRIMARY KEY); ${from1to(900, "seq")}`, 900],
    ["has years for its key", `CREATE TABLE t (id year PRIMARY KEY); ${from1to(200, "1900 + seq")}`, 200],
    ["has a key that descends", `CREATE TABLE t (id int, PRIMARY KEY (id DESC)); ${from1to(900, "seq")}`, 900],
    [
      "lies in partitions",
      `CREATE TABLE t (id int PRIMARY KEY, v int, KEY (v)) PARTITION BY HASH (id) PARTITIONS 3; ${from1to(900, "seq, 900 - seq")}`,
      900,
    ],
    ["is MyISAM's", `CREATE TABLE t (id int PRIMARY KEY) ENGINE=MyISAM; ${from1to(900, "901 - seq")}`, 900],
    ...(isMariaDb ? [ARIA] : []),
  ])("are one, where the table %s", async (_, sql, rows) => {
    const cut = await cutOf(sql);
    expect(cut.shards).toEqual([{ id: "all", range: null }]);
    expect(countRows(cut.whole)).toBe(rows);
  });

  it("are one, where the table is smaller than a shard", async () => {
    expect(ids(await cutOf(`CREATE TABLE t (id int PRIMARY KEY); ${from1to(900, "seq")}`, 16 * 1024 * 1024))).toEqual(["all"]);
  });

  it("are told by the keys, where the server has not counted yet what came: neither too few nor, for keys far apart, too many", () =>
    withMysqlDatabases(["standin_shards"], async (url) => {
      const unknown = "(id bigint PRIMARY KEY, v varchar(40)) STATS_PERSISTENT=1 STATS_AUTO_RECALC=0";
      const fill = (table: string, list: string) =>
        `INSERT INTO ${table} SELECT ${list}, REPEAT('x', 30) FROM ${numbersTo(9000)}`;
      await runMysql(
        url!,
        `CREATE TABLE dense ${unknown}; ${fill("dense", "seq")}; CREATE TABLE outlier ${unknown}; ${fill("outlier", "seq")};
         INSERT INTO outlier VALUES (9000000000000000000, 'x'); CREATE TABLE few ${unknown}; INSERT INTO few SELECT seq * 1000000007, 'x' FROM ${numbersTo(500)}`,
      );
      await withHeldSource({ url: url! }, async (source, tables) => {
        const cuts: Record<string, number> = {};
        for (const { table, columns } of tables) cuts[table.ref.name] = (await shardsOf(source, table, columns, 65_536)).length;
        expect(cuts.dense).toBeGreaterThanOrEqual(7);
        expect(cuts.dense).toBeLessThanOrEqual(28);
        expect(cuts.outlier).toBeLessThanOrEqual(65);
        expect(cuts.few).toBe(1);
      });
    }));

  it("are the same, but for the last one, when the table has grown at its end", () =>
    withMysqlDatabases(["standin_shards"], async (url) => {
      await runMysql(url!, `CREATE TABLE t (id int PRIMARY KEY, v text); ${from1to(900, "seq, seq")}`);
      const before = (await cutAll(url!)).t!;
      await runMysql(url!, `INSERT INTO t SELECT 900 + seq, 'new' FROM ${numbersTo(100)}`);
      const after = (await cutAll(url!)).t!;
      const done = before.shards.length - 1;
      expect(after.shards.length).toBeGreaterThan(before.shards.length);
      expect(ids(after).slice(0, done + 1)).toEqual(ids(before));
      expect(after.texts.slice(0, done)).toEqual(before.texts.slice(0, done));
    }));

  it("are named alike wherever the keys lie", async () => {
    const near = await cutOf(`CREATE TABLE t (id bigint PRIMARY KEY); ${from1to(900, "seq")}`);
    const far = await cutOf(`CREATE TABLE t (id bigint PRIMARY KEY); ${from1to(900, "4711 * 1048576 + seq")}`);
    expect(ids(far)).toEqual(ids(near));
  });

  it("are cut as they were, whatever the server guesses of the table's size by then", () =>
    withMysqlDatabases(["standin_shards"], async (url) => {
      await runMysql(
        url!,
        `CREATE TABLE t (id int PRIMARY KEY, v text); ${from1to(5000, "seq, REPEAT('x', 100)")}; ANALYZE TABLE t`,
      );
      await withHeldSource({ url: url! }, async (source, [wanted]) => {
        const { table, columns } = wanted!;
        const before = await shardsOf(source, table, columns, 100_000);
        expect(before.length).toBeGreaterThan(3);
        const like = before.slice(0, 2).map(({ id }) => id);
        for (const bytes of [10_000, 10_000_000]) {
          expect(await shardsOf(source, table, columns, bytes)).not.toEqual(before);
          expect(await shardsOf(source, table, columns, bytes, like)).toEqual(before);
        }
        // A grid of one's for a table of many is no order to fill the memory.
        expect((await shardsOf(source, table, columns, 100_000, ["0-0"])).length).toBeLessThan(10_000);
      });
    }));

  it("are cut when the session has read what it reads, however long that takes", () =>
    withMysqlDatabases(["standin_shards"], async (url) => {
      // More than what lies in buffers between two programs.
      await runMysql(
        url!,
        `CREATE TABLE t (id int PRIMARY KEY, v text); ${from1to(20_000, "seq, REPEAT('x', 1000)")}; ANALYZE TABLE t`,
      );
      await withHeldSource({ url: url!, silenceSeconds: 1 }, async (source, [wanted]) => {
        const { table, columns } = wanted!;
        let cut: Promise<readonly Shard[]> | undefined;
        let rows = 0;
        for await (const batch of source.read(table, { columns, batchSize: {}, signal: new AbortController().signal })) {
          rows += batch.rowCount;
          if (cut !== undefined) continue;
          cut = shardsOf(source, table, columns, 1_000_000);
          cut.catch(() => {});
          await new Promise((resolve) => setTimeout(resolve, 2000));
        }
        expect(rows).toBe(20_000);
        expect((await cut!).length).toBeGreaterThan(4);
      });
    }));
});
