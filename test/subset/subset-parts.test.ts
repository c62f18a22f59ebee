import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { csvSource } from "../../src/connectors/csv/index.ts";
import { mysqlSource } from "../../src/connectors/mysql/index.ts";
import { postgresSource } from "../../src/connectors/postgres/index.ts";
import type { Column, RowBatch, SelectionWork, Shard, Source } from "../../src/contracts.ts";
import { MaskingKey } from "../../src/keys/masking-key.ts";
import type { SelectedTable } from "../../src/plan/select-tables.ts";
import { subsetGraph } from "../../src/plan/subset-graph.ts";
import { findReferences } from "../../src/plan/virtual-references.ts";
import type { Policy } from "../../src/policy/define-policy.ts";
import type { SubsetPolicy } from "../../src/policy/subset-policy.ts";
import { drawKeyOf } from "../../src/subset/draw-rows.ts";
import { selectedSource } from "../../src/subset/selected-source.ts";
import { spillWork } from "../../src/subset/spill-work.ts";
import { workOut } from "../../src/subset/work-out.ts";
import { runPostgres } from "../end-to-end/postgres-examiner.ts";
import { describeWithMysql, runMysql, withMysqlDatabases } from "../servers/mysql-server.ts";
import { describeWithPostgres, withDatabases } from "../servers/postgres-server.ts";
import { TEST_KEY } from "../test-key.ts";

const { signal } = new AbortController();
const draw = drawKeyOf(new MaskingKey(Buffer.from(TEST_KEY, "hex")));
/** Some twenty parts of each larger table. */
const BYTES = 32_768;

/** `tags` follow: nothing leads to them, and they point to people. */
const SUBSET: SubsetPolicy = { people: { percent: 30, by: "id", children: { tags: "none" } } };
const PEOPLE = Array.from({ length: 1500 }, (_, index) => index + 1);
const PADDING = "x".repeat(300);

async function ids(batches: AsyncIterable<RowBatch>): Promise<{ readonly ids: readonly string[]; readonly first: number }> {
  const found: string[] = [];
  let first = -1;
  for await (const batch of batches) {
    if (first < 0) first = batch.firstRow;
    found.push(...batch.column(0).map(String));
  }
  return { ids: found, first };
}

/** Reads each table of a selection whole, and part by part, and holds the one to the other. Gives how many parts there were. */
async function compareParts(
  source: Source,
  how: "server" | "spill",
  references: Policy["references"] = [],
): Promise<readonly number[]> {
  let work: SelectionWork | undefined;
  try {
    await source.open(signal);
    const { tables } = await source.schema();
    const ordered = ["people", "orders", "tags"].map((name) => tables.find(({ ref }) => ref.name === name)!);
    const policy = { tables: {}, subset: SUBSET, references } as Policy;
    const found = findReferences(
      policy,
      ordered.map((table) => ({ table }) as SelectedTable),
    ).references;
    const { graph, findings } = subsetGraph(policy, ordered, found);
    expect(findings).toEqual([]);
    expect(graph!.tables.map(({ part }) => part)).toEqual(["reached", "reached", "following"]);
    if (how === "server") work = (await source.select!(graph!, draw)) as SelectionWork;
    else {
      const cut = { bytes: BYTES, like: () => [] };
      work = await spillWork(source, graph!, draw, { batchSize: {}, signal, over: (rows) => rows, cut });
    }
    const { kept } = await workOut(graph!, work, signal);
    const selected = selectedSource(source, graph!, work);
    const counts: number[] = [];
    for (const [index, table] of ordered.entries()) {
      const columns: readonly Column[] = table.columns;
      const whole = (await ids(selected.read(table, { columns, batchSize: {}, signal }))).ids;
      expect(whole.length).toBe(kept[index]);
      const shards: Shard[] = [];
      for await (const shard of selected.shards!(table, { columns, bytes: BYTES, signal })) shards.push(shard);
      counts.push(shards.length);
      // From the last to the first, and one of them twice: a part can be read alone and again.
      const parts: string[][] = [];
      for (const shard of [...shards, shards[0]!].reverse()) {
        const part = await ids(selected.read(table, { columns, batchSize: { maxRows: 7 }, shard, firstRow: 11, signal }));
        if (part.ids.length > 0) expect(part.first).toBe(11);
        parts.unshift([...part.ids]);
      }
      expect(parts.pop()).toEqual(parts[0]);
      const joined = parts.flat();
      expect([...joined].sort()).toEqual([...whole].sort());
      // Rows came in the order of their ids, and lie so.
      expect(joined).toEqual([...joined].sort((one, other) => Number(one) - Number(other)));
    }
    return counts;
  } finally {
    await work?.close();
    await source.close();
  }
}

const MADE = `
  CREATE TABLE people (id int PRIMARY KEY, note varchar(400));
  CREATE TABLE orders (id int PRIMARY KEY, person int NOT NULL REFERENCES people (id), note varchar(400));
  CREATE TABLE tags (id int PRIMARY KEY, person int REFERENCES people (id), note varchar(400));`;
const FILLED = `
  INSERT INTO people SELECT n, '${PADDING}' FROM numbers;
  INSERT INTO orders SELECT n, 1 + n * 7 % 1500, '${PADDING}' FROM numbers;
  INSERT INTO tags SELECT n, CASE WHEN n % 3 = 0 THEN NULL ELSE 1 + n * 11 % 1500 END, '${PADDING}' FROM numbers;`;
const numbers = (table: string) =>
  `CREATE ${table} numbers (n int); INSERT INTO numbers VALUES ${PEOPLE.map((n) => `(${n})`).join(", ")};`;

describeWithPostgres("a subset of PostgreSQL, read part by part", () => {
  it("is the whole of it, in the order of its blocks, by temporary tables and by spill files, of partitions too", async () => {
    await withDatabases(["standin_subset_parts"], async (url) => {
      const partitioned = MADE.replace(
        "note varchar(400));\n  CREATE TABLE tags",
        "note varchar(400)) PARTITION BY RANGE (id);\n  CREATE TABLE o1 PARTITION OF orders FOR VALUES FROM (1) TO (700);\n  CREATE TABLE o2 PARTITION OF orders FOR VALUES FROM (700) TO (2000);\n  CREATE TABLE tags",
      );
      await runPostgres(url, `${partitioned} ${numbers("TEMPORARY TABLE")} ${FILLED}`);
      for (const how of ["server", "spill"] as const)
        for (const parts of await compareParts(postgresSource({ url }), how)) expect(parts).toBeGreaterThan(10);
    });
  }, 60_000);
});

describeWithMysql("a subset of MariaDB, read part by part", () => {
  it("is the whole of it", async () => {
    await withMysqlDatabases(["standin_subset_parts"], async (url) => {
      await runMysql(url, `${MADE} ${numbers("TEMPORARY TABLE")} ${FILLED} ANALYZE TABLE people, orders, tags`);
      for (const parts of await compareParts(mysqlSource({ url }), "spill")) expect(parts).toBeGreaterThan(5);
    });
  }, 60_000);
});

describe("a subset of CSV files, read part by part", () => {
  it("is the whole of it", async () => {
    const folder = mkdtempSync(join(tmpdir(), "standin-subset-parts-"));
    try {
      const write = (name: string, row: (n: number) => string) =>
        writeFileSync(
          join(folder, `${name}.csv`),
          `id,person,note\n${PEOPLE.map((n) => `${n},${row(n)},${PADDING}\n`).join("")}`,
        );
      write("people", () => "");
      write("orders", (n) => String(1 + ((n * 7) % 1500)));
      write("tags", (n) => (n % 3 === 0 ? "" : String(1 + ((n * 11) % 1500))));
      const references = ["orders", "tags"].map((name) => ({ from: `${name}.person`, to: "people.id" }));
      for (const parts of await compareParts(csvSource({ paths: folder }), "spill", references))
        expect(parts).toBeGreaterThan(10);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
