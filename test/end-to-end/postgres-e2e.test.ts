import { existsSync } from "node:fs";
import pg from "pg";
import { describe, expect, it } from "vitest";
import { postgresSource } from "../../src/connectors/postgres/index.ts";
import type { DataSchema } from "../../src/contracts.ts";
import { movedColumns, type Plan, type TablePlan } from "../../src/plan/plan.ts";
import { planRefresh, refresh } from "../../src/refresh.ts";
import { tableName } from "../../src/table-ref.ts";
import { describeWithPostgres, withDatabases } from "../servers/postgres-server.ts";
import { sharedData } from "../shared-data.ts";
import { TEST_KEY } from "../test-key.ts";
import { keepEverything, maskPersons } from "./automatic-policy.ts";
import { POSTGRES_SAMPLES } from "./postgres-samples.ts";

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;
const qualified = ({ table }: TablePlan) => `${quoted(table.ref.schema ?? "public")}.${quoted(table.ref.name)}`;

async function connected<Result>(url: string, use: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

async function schemaOf(url: string): Promise<DataSchema> {
  const source = postgresSource({ url });
  try {
    await source.open(new AbortController().signal);
    return await source.schema();
  } finally {
    await source.close();
  }
}

/** Rows of some columns as text, sorted: equal for equal tables, whatever the order in which they are stored. */
async function rowsOf(url: string, plan: TablePlan, columns: readonly string[]): Promise<string[]> {
  const list = columns.map((name) => `${quoted(name)}::text`).join(", ");
  const { rows } = await connected(url, (client) => client.query(`SELECT ROW(${list})::text AS row FROM ${qualified(plan)}`));
  return rows.map(({ row }) => row as string).sort();
}

async function expectKeptColumnsEqual(source: string, target: string, plan: Plan): Promise<void> {
  for (const table of plan.tables) {
    const kept = table.columns.filter(({ decision }) => decision !== "mask").map(({ column }) => column.name);
    const [before, after] = [await rowsOf(source, table, kept), await rowsOf(target, table, kept)];
    expect(after.length, tableName(table.table.ref)).toBe(before.length);
    expect(after, tableName(table.table.ref)).toEqual(before);
  }
}

/** Counts the masked cells that equal their original, by the primary key where it is kept. */
async function unchangedCells(source: string, target: string, plan: Plan): Promise<Record<string, number>> {
  const unchanged: Record<string, number> = {};
  for (const table of plan.tables) {
    const key = table.table.uniqueKeys.find(({ isPrimary }) => isPrimary)?.columns ?? [];
    const isKeyKept =
      key.length > 0 && key.every((name) => table.columns.find(({ column }) => column.name === name)?.decision === "keep");
    if (!isKeyKept) continue;
    for (const { column, rule, decision } of movedColumns(table)) {
      if (decision !== "mask") continue;
      const sql = `SELECT ROW(${key.map(quoted).join(",")})::text AS key, ${quoted(column.name)}::text AS value FROM ${qualified(table)}`;
      const read = async (url: string) =>
        new Map((await connected(url, (client) => client.query(sql))).rows.map(({ key, value }) => [key, value]));
      const after = await read(target);
      for (const [id, value] of await read(source)) {
        if (value !== null && value === after.get(id) && !rule!.transform.fixedPoints?.isFixed(value, rule!.options, column)) {
          const name = `${tableName(table.table.ref)}.${column.name}`;
          unchanged[name] = (unchanged[name] ?? 0) + 1;
        }
      }
    }
  }
  return unchanged;
}

async function invalidForeignKeys(url: string): Promise<{ total: number; broken: string[] }> {
  return connected(url, async (client) => {
    const { rows } = await client.query(
      "SELECT conname, conrelid::regclass::text AS child, pg_get_constraintdef(oid) AS definition, convalidated FROM pg_constraint WHERE contype = 'f' AND conparentid = 0",
    );
    const broken: string[] = [];
    for (const { conname, child, convalidated } of rows) {
      if (!convalidated) broken.push(conname);
      // Adding the same constraint once more makes the server check every row.
      await client.query("BEGIN");
      const { rows: found } = await client.query(
        "SELECT pg_get_constraintdef(oid) AS definition FROM pg_constraint WHERE conname = $1 AND conrelid = $2::regclass",
        [conname, child],
      );
      await client
        .query(`ALTER TABLE ${child} ADD CONSTRAINT standin_check ${found[0].definition}`)
        .catch(() => broken.push(conname));
      await client.query("ROLLBACK");
    }
    return { total: rows.length, broken };
  });
}

/** Inserts a copy of one row into each table, with new values where a sequence gives them. Returns what failed by a duplicate key of a sequence. */
async function insertOnce(url: string, plan: Plan): Promise<string[]> {
  return connected(url, async (client) => {
    const failures: string[] = [];
    for (const table of plan.tables) {
      const { rows } = await client.query(
        "SELECT attname, (a.attidentity <> '' OR pg_get_expr(d.adbin, d.adrelid) LIKE 'nextval%') AS is_sequence FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''",
        [qualified(table)],
      );
      const copied = rows.filter(({ is_sequence }) => !is_sequence).map(({ attname }) => quoted(attname));
      const hasSequence = copied.length < rows.length;
      await client.query("BEGIN; SET LOCAL session_replication_role = replica");
      // Where no sequence makes a new key, the row that is inserted is one that was just taken out.
      await client.query(`CREATE TEMP TABLE one ON COMMIT DROP AS SELECT * FROM ${qualified(table)} LIMIT 1`);
      if (!hasSequence)
        await client.query(`DELETE FROM ${qualified(table)} WHERE ctid = (SELECT ctid FROM ${qualified(table)} LIMIT 1)`);
      const list = copied.join(", ");
      const insert =
        copied.length === 0
          ? `INSERT INTO ${qualified(table)} DEFAULT VALUES`
          : `INSERT INTO ${qualified(table)} (${list}) SELECT ${list} FROM one`;
      await client.query(insert).catch((error: { code: string; constraint?: string }) => {
        const keys = table.table.uniqueKeys.filter(({ isPrimary, name }) => isPrimary || name === error.constraint);
        const copiesKey = keys.some(
          ({ name, columns }) => name === error.constraint && columns.every((column) => copied.includes(quoted(column))),
        );
        if (!(error.code === "23505" && copiesKey && hasSequence))
          failures.push(`${tableName(table.table.ref)} ${error.code} ${error.constraint}`);
      });
      await client.query("ROLLBACK");
    }
    return failures;
  });
}

describeWithPostgres("PostgreSQL to PostgreSQL", () => {
  describe.skipIf(!existsSync(sharedData("sql")))("sample databases (from ../shared/data/sql)", () => {
    it.each(Object.entries(POSTGRES_SAMPLES))(
      "copies %s, masked, into an empty database and once more over itself",
      async (name, load) => {
        await withDatabases(["standin_e2e_source", "standin_e2e_target"], async (source, target) => {
          load(source);
          const tables = maskPersons(await schemaOf(source));
          const plan = await planRefresh({ source, target, tables });
          expect(plan.findings.filter(({ severity }) => severity === "error")).toEqual([]);
          for (const round of ["empty", "filled"]) {
            const report = await refresh({ source, target, tables }, { key: TEST_KEY });
            expect(report.tables, round).toHaveLength(plan.tables.length);
            await expectKeptColumnsEqual(source, target, plan);
            expect(await unchangedCells(source, target, plan), round).toEqual({});
            const before = await invalidForeignKeys(source);
            expect(await invalidForeignKeys(target), `${name} ${round}`).toEqual({ total: before.total, broken: [] });
            expect(await insertOnce(target, plan), round).toEqual([]);
          }
        });
      },
    );

    it("copies every value of every type as it is", async () => {
      const { values } = JSON.parse((await import("node:fs")).readFileSync(sharedData("types", "pg-values.json"), "utf8")) as {
        values: { type: string; literal: string | null }[];
      };
      await withDatabases(["standin_e2e_source", "standin_e2e_target"], async (source, target) => {
        await connected(source, async (client) => {
          await client.query(
            "CREATE EXTENSION hstore; CREATE EXTENSION citext; CREATE TYPE mood AS ENUM ('sad', 'o''k'); CREATE TYPE comp AS (a int, b text); CREATE DOMAIN dm AS text",
          );
          for (const [index, { type, literal }] of values.entries()) {
            await client.query(`CREATE TABLE v${index} (id int PRIMARY KEY, v ${type})`);
            await client.query(`INSERT INTO v${index} SELECT 1, $1::text::${type}`, [literal]);
          }
        });
        await refresh({ source, target, tables: keepEverything(await schemaOf(source)) }, { key: TEST_KEY });
        const read = (url: string) =>
          connected(url, async (client) =>
            Promise.all(values.map(async (_, index) => (await client.query(`SELECT v::text FROM v${index}`)).rows)),
          );
        expect(values).toHaveLength(98);
        expect(await read(target)).toEqual(await read(source));
      });
    });
  });
});
