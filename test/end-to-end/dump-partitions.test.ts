import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { meets } from "../../src/conditions/evaluate-condition.ts";
import { parseCondition } from "../../src/conditions/parse-condition.ts";
import { dumpSource } from "../../src/connectors/dump/index.ts";
import type { Column } from "../../src/contracts.ts";
import { definePolicy } from "../../src/policy/define-policy.ts";
import { planRefresh } from "../../src/refresh.ts";
import { generalizeDate } from "../../src/transforms/dates/generalize-date.ts";
import { keep } from "../../src/transforms/plain/keep.ts";
import { redact } from "../../src/transforms/plain/redact.ts";
import { describeWithPostgres, withDatabases } from "../servers/postgres-server.ts";
import { runPostgres, withPostgresSession } from "./postgres-examiner.ts";

const folder = mkdtempSync(join(tmpdir(), "standin-partitions-"));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string) => join(folder, name);

const TABLES = `
  CREATE TABLE ranged (id int, day date, a text) PARTITION BY RANGE (day);
  CREATE TABLE ranged_1 PARTITION OF ranged FOR VALUES FROM (MINVALUE) TO ('2020-01-01');
  CREATE TABLE ranged_2 PARTITION OF ranged FOR VALUES FROM ('2020-01-01') TO ('2021-06-01');
  CREATE TABLE listed (id int, kind text, n int) PARTITION BY LIST (kind);
  CREATE TABLE listed_1 PARTITION OF listed FOR VALUES IN ('a', 'it''s') PARTITION BY RANGE (n);
  CREATE TABLE listed_1_1 PARTITION OF listed_1 FOR VALUES FROM (-3) TO (7);
  CREATE TABLE listed_2 PARTITION OF listed FOR VALUES IN ('b', NULL);
  CREATE TABLE paired (a int, b int) PARTITION BY RANGE (a, b);
  CREATE TABLE paired_1 PARTITION OF paired FOR VALUES FROM (1, 5) TO (3, 2);
  CREATE TABLE paired_2 PARTITION OF paired FOR VALUES FROM (3, 4) TO (5, MAXVALUE);
  CREATE TABLE paired_3 PARTITION OF paired FOR VALUES FROM (7, MINVALUE) TO (MAXVALUE, MAXVALUE);
  CREATE TABLE other (kind text) PARTITION BY LIST (kind);
  CREATE TABLE other_1 PARTITION OF other FOR VALUES IN ('a');
  CREATE TABLE other_2 PARTITION OF other DEFAULT;
  CREATE TABLE hashed (id int) PARTITION BY HASH (id);
  CREATE TABLE hashed_1 PARTITION OF hashed FOR VALUES WITH (MODULUS 1, REMAINDER 0);`;

/** Rows of a table, within its partitions and beside them. */
const ROWS: Readonly<Record<string, readonly (readonly (string | null)[])[]>> = {
  ranged: [null, "2019-12-31", "2020-01-01", "2021-05-31", "2021-06-01"].map((day) => ["1", day, "x"]),
  listed: ["a", "it's", "b", "c", null].flatMap((kind) => ["-4", "-3", "6", "7", null].map((n) => ["1", kind, n])),
  paired: ["0", "1", "2", "3", "4", "5", "6", "7", "8", null].flatMap((a) =>
    ["1", "2", "3", "4", "5", "99", null].map((b) => [a, b]),
  ),
};

/** Whether the server finds a partition for each of some rows. */
function areTaken(url: string, table: string, rows: readonly (readonly (string | null)[])[]): Promise<readonly boolean[]> {
  const literal = (value: string | null) => (value === null ? "NULL" : `'${value.replaceAll("'", "''")}'`);
  return withPostgresSession(url, async (session) => {
    const taken: boolean[] = [];
    for (const row of rows) {
      const insert = session.query(`INSERT INTO ${table} VALUES (${row.map(literal).join(", ")})`);
      taken.push(await insert.then(Boolean, () => false));
    }
    return taken;
  });
}

describeWithPostgres("partitions in dumps of PostgreSQL", () => {
  it("are read with what they hold, which refuses what a live server's refuse", () =>
    withDatabases(["standin_partitions"], async (url) => {
      await runPostgres(url!, TABLES);
      execFileSync("pg_dump", ["-d", url!, "-f", at("dump.sql")]);
      const source = await dumpSource({ path: at("dump.sql") });
      const { tables } = await source.schema();
      await source.close();
      const boundsOf = (name: string) => tables.find(({ ref }) => ref.name === name)!.partitionBounds;
      expect(boundsOf("other")).toBe(undefined);
      expect(boundsOf("hashed")).toBe(undefined);
      for (const [name, rows] of Object.entries(ROWS)) {
        const columns: readonly Column[] = tables.find(({ ref }) => ref.name === name)!.columns;
        const condition = parseCondition(boundsOf(name)!.expression)!;
        const valuesOf = (row: readonly (string | null)[]) =>
          Object.fromEntries(columns.map((column, index) => [column.name, row[index]!]));
        const met = rows.map((row) => [row, meets(condition, { columns, system: "postgres" }, valuesOf(row))]);
        const taken = await areTaken(url!, name, rows);
        expect(met).toEqual(rows.map((row, index) => [row, taken[index]]));
      }
      const policy = (from: string) =>
        definePolicy({
          source: from,
          target: at("out.sql"),
          tables: {
            ranged: { id: keep(), day: generalizeDate({ to: "decade" }), a: keep() },
            listed: { id: keep(), kind: redact(), n: keep() },
            paired: "skip",
            other: "skip",
            hashed: "skip",
          },
        });
      const found = async (from: string) =>
        (await planRefresh(policy(from))).findings.map(({ code, severity, table, column }) => [code, severity, table, column]);
      const live = await found(url!);
      expect(live).toContainEqual(["CHECK_VIOLATED", "error", "listed", "kind"]);
      expect(await found(at("dump.sql"))).toEqual(live);
    }));
});
