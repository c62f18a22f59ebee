import fc from "fast-check";
import pg from "pg";
import { expect, it } from "vitest";
import { MemorySink } from "../../src/connectors/memory/index.ts";
import { mysqlSource } from "../../src/connectors/mysql/index.ts";
import { postgresSource } from "../../src/connectors/postgres/index.ts";
import type { SelectionWork, Source } from "../../src/contracts.ts";
import { isStandinError } from "../../src/errors.ts";
import { MaskingKey } from "../../src/keys/masking-key.ts";
import { subsetGraph } from "../../src/plan/subset-graph.ts";
import type { Policy } from "../../src/policy/define-policy.ts";
import { refresh } from "../../src/refresh.ts";
import { drawKeyOf } from "../../src/subset/draw-rows.ts";
import { spillWork } from "../../src/subset/spill-work.ts";
import { type SelectionCounts, workOut } from "../../src/subset/work-out.ts";
import { keep } from "../../src/transforms/plain/keep.ts";
import { IS_THOROUGH } from "../faults/seeds.ts";
import { describeWithMysql, runMysql, withMysqlDatabases } from "../servers/mysql-server.ts";
import { describeWithPostgres, withDatabases } from "../servers/postgres-server.ts";
import { TEST_KEY } from "../test-key.ts";
import { worldStatements } from "./build-world.ts";
import { type SmallWorld, smallWorlds } from "./small-worlds.ts";
import { subsetByBruteForce } from "./subset-oracle.ts";

const KEY = new MaskingKey(Buffer.from(TEST_KEY, "hex"));
const SECRET = KEY.derive("subset", "");
const RUNS = IS_THOROUGH ? 400 : 15;
const { signal } = new AbortController();

interface Found {
  /** Keys of the rows of each table, as texts. */
  readonly keys: readonly (readonly string[])[];
  readonly counts: SelectionCounts;
}

/** Selects by the server's own tables, or by reading. */
async function selected(source: Source, { tables, subset }: SmallWorld, how: "server" | "spill"): Promise<Found> {
  let work: SelectionWork | undefined;
  try {
    await source.open(signal);
    const schema = await source.schema();
    const ordered = tables.map(({ name }) => schema.tables.find(({ ref }) => ref.name === name)!);
    const { graph, findings } = subsetGraph({ tables: {}, subset } as Policy, ordered, []);
    expect(findings).toEqual([]);
    const draw = drawKeyOf(KEY);
    if (how === "spill")
      work = await spillWork(source, graph!, draw, { batchSize: { maxRows: 3 }, signal, over: (rows) => rows });
    else {
      const prepared = await source.select!(graph!, draw);
      expect(prepared).not.toHaveProperty("unselected");
      work = prepared as SelectionWork;
    }
    const counts = await workOut(graph!, work, signal);
    const keys: string[][] = [];
    for (const [index, table] of ordered.entries()) {
      const columns = table.columns.slice(0, tables[index]!.width);
      const found: string[] = [];
      for await (const batch of work.read(index, { columns, batchSize: { maxRows: 4 }, signal })) {
        const parts = columns.map((_, part) => batch.column(part));
        for (let row = 0; row < batch.rowCount; row++) found.push(parts.map((part) => part[row]).join("/"));
      }
      keys.push(found.sort());
    }
    return { keys, counts };
  } finally {
    await work?.close();
    await source.close();
  }
}

function expected(world: SmallWorld): readonly (readonly string[])[] {
  const rows = subsetByBruteForce(world, SECRET);
  return world.tables.map((table, index) => [...rows[index]!].map((row) => table.rows[row]!.key.join("/")).sort());
}

describeWithPostgres("a subset on PostgreSQL", () => {
  it("is what brute force finds, in the server's temporary tables and in spill files, over the same edges", async () => {
    await withDatabases(["standin_subset_laws"], async (url) => {
      const client = new pg.Client(url);
      await client.connect();
      try {
        const property = fc.asyncProperty(smallWorlds, async (world) => {
          await client.query("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
          await client.query(worldStatements(world).join(";"));
          const server = await selected(postgresSource({ url }), world, "server");
          const spill = await selected(postgresSource({ url }), world, "spill");
          expect(server.keys).toEqual(expected(world));
          expect(spill.keys).toEqual(server.keys);
          expect(spill.counts.brought).toEqual(server.counts.brought);
          expect(spill.counts.chosen).toEqual(server.counts.chosen);
        });
        await fc.assert(property, { numRuns: RUNS, seed: 6, endOnFailure: true });
      } finally {
        await client.end();
      }
    });
  }, 600_000);
});

describeWithMysql("a subset on MariaDB", () => {
  it("is what brute force finds", async () => {
    await withMysqlDatabases(["standin_subset_laws"], async (url) => {
      const property = fc.asyncProperty(smallWorlds, async (world) => {
        const names = (await runMysql(url, "SHOW TABLES")).flatMap((row) => Object.values(row));
        const drops = names.map((name) => `DROP TABLE ${name}`);
        await runMysql(
          url,
          ["SET foreign_key_checks = 0", ...drops, "SET foreign_key_checks = 1", ...worldStatements(world)].join(";"),
        );
        expect((await selected(mysqlSource({ url }), world, "spill")).keys).toEqual(expected(world));
      });
      await fc.assert(property, { numRuns: IS_THOROUGH ? 100 : 6, seed: 6, endOnFailure: true }).catch((error: unknown) => {
        throw isStandinError(error) ? new Error(error.message) : error;
      });
    });
  }, 600_000);

  it("brings the parents that are equal to the server alone: letters that a collation takes for others", async () => {
    await withMysqlDatabases(["standin_subset_letters"], async (url) => {
      // By collation, what points and what is pointed to.
      const alike = {
        general: ["mas", "Maß"],
        unicode: ["STRASSE", "Straße"],
        unicode_520: ["lodz aether o d", "Łódź Æther Ø Đ"],
      };
      const letters = Object.entries(alike).flatMap(([name, [child, parent]]) => {
        const type = `varchar(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_${name}_ci`;
        return [
          `CREATE TABLE p_${name} (k ${type} PRIMARY KEY)`,
          `CREATE TABLE c_${name} (id int PRIMARY KEY, k ${type}, FOREIGN KEY (k) REFERENCES p_${name} (k))`,
          `INSERT INTO p_${name} VALUES ('${parent}'), ('other')`,
          `INSERT INTO c_${name} VALUES (1, '${child}'), (2, 'OTHER')`,
        ];
      });
      await runMysql(url, letters.join(";"));
      const sink = new MemorySink();
      const names = Object.keys(alike);
      await refresh(
        {
          source: url,
          target: sink,
          tables: Object.fromEntries(
            names.flatMap((name) => [
              [`p_${name}`, { k: keep() }],
              [`c_${name}`, { id: keep(), k: keep() }],
            ]),
          ),
          subset: Object.fromEntries(names.map((name) => [`c_${name}`, { keep: [1], children: "none" }])),
        } as Policy,
        { key: TEST_KEY, verify: true },
      );
      for (const [name, [, parent]] of Object.entries(alike)) expect(sink.tables[`p_${name}`]).toEqual([{ k: parent }]);
    });
  }, 60_000);
});
