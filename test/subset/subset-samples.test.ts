import pg from "pg";
import { expect, it } from "vitest";
import { mysqlSource } from "../../src/connectors/mysql/index.ts";
import { postgresSource } from "../../src/connectors/postgres/index.ts";
import type { DataSchema, Source } from "../../src/contracts.ts";
import type { Report } from "../../src/pipeline/report.ts";
import type { SubsetPolicy } from "../../src/policy/subset-policy.ts";
import { planRefresh, refresh } from "../../src/refresh.ts";
import { verifyRefresh } from "../../src/verify-refresh.ts";
import { keepEverything } from "../end-to-end/automatic-policy.ts";
import { MYSQL_SAMPLES } from "../end-to-end/mysql-samples.ts";
import { POSTGRES_SAMPLES } from "../end-to-end/postgres-samples.ts";
import { IS_THOROUGH } from "../faults/seeds.ts";
import { describeWithMysql, runMysql, withMysqlDatabases } from "../servers/mysql-server.ts";
import { describeWithPostgres, withDatabases } from "../servers/postgres-server.ts";
import { describeWithData } from "../shared-data.ts";
import { TEST_KEY as key } from "../test-key.ts";
import { brokenMysqlKeys, brokenPostgresKeys } from "./held-references.ts";
import { manyTables } from "./many-tables.ts";

const PERCENTS = IS_THOROUGH ? [1, 10, 50] : [10];
const { signal } = new AbortController();

interface Roots {
  readonly [sample: string]: (percent: number) => SubsetPolicy;
}

const POSTGRES_ROOTS: Roots = {
  pagila: (percent) => ({ customer: { percent, children: { rental: { max: 3 }, payment: "none" } } }),
  ...(IS_THOROUGH && {
    chinook: (percent) => ({ customer: { percent }, playlist: { percent, children: { playlist_track: { max: 20 } } } }),
  }),
  edgecases: (percent) => ({ "edgecases.customers": { percent } }),
};

const MYSQL_ROOTS: Roots = {
  sakila: (percent) => ({ customer: { percent, children: { rental: { max: 3 }, payment: "none" } } }),
  ...(IS_THOROUGH && { chinook: (percent) => ({ Customer: { percent } }) }),
  edgecases: (percent) => ({ t2: { percent } }),
};

async function schemaOf(source: Source): Promise<DataSchema> {
  try {
    await source.open(signal);
    return await source.schema();
  } finally {
    await source.close();
  }
}

/** Copies a subset, and holds what was said before, what was done and what a verification finds to one another. */
async function copied(source: string, target: string, tables: object, subset: SubsetPolicy): Promise<Report> {
  const policy = { source, target, tables, subset } as Parameters<typeof refresh>[0];
  const plan = await planRefresh(policy, { key });
  expect(plan.findings.filter(({ severity }) => severity === "error")).toEqual([]);
  const report = await refresh(policy, { key });
  expect(report.subset).toEqual(plan.subset!.selection);
  for (const { table, rows, part } of report.subset!.tables)
    if (part !== "whole")
      expect({ table, rows: report.tables.find((one) => one.table === table)!.rows }).toEqual({ table, rows });
  const { findings } = await verifyRefresh(policy, { key });
  expect(findings.filter(({ severity }) => severity === "error")).toEqual([]);
  return report;
}

const rowsIn = (report: Report) => new Map(report.tables.map(({ table, rows }) => [table, rows]));

describeWithData("subsets of the sample databases", "sql", () => {
  describeWithPostgres("on PostgreSQL", () => {
    it.each(Object.keys(POSTGRES_ROOTS))(
      "of %s have no dangling reference, and the larger hold the smaller",
      async (name) => {
        await withDatabases(["standin_subset_from", ...PERCENTS.map(() => "standin_subset_to")], async (from, ...targets) => {
          await POSTGRES_SAMPLES[name]!.load(from);
          const tables = keepEverything(await schemaOf(postgresSource({ url: from })));
          let before = new Map<string, number>();
          for (const [index, percent] of PERCENTS.entries()) {
            const report = await copied(from, targets[index]!, tables, POSTGRES_ROOTS[name]!(percent));
            expect(report.subset!.keptIn).toBe("temporary tables");
            const { keys, broken } = await brokenPostgresKeys(targets[index]!);
            expect({ keys, broken }).toEqual({ keys: (await brokenPostgresKeys(from)).keys, broken: [] });
            const rows = rowsIn(report);
            for (const [table, smaller] of before) expect(rows.get(table)).toBeGreaterThanOrEqual(smaller);
            before = rows;
          }
          if (name === "pagila") expect(await mostRentals(targets.at(-1)!)).toBe(3);
        });
      },
      300_000,
    );

    it.each(PERCENTS)(
      "of many tables in cycles have no dangling reference at %i percent",
      async (percent) => {
        await withDatabases(["standin_subset_from", "standin_subset_to"], async (from, to) => {
          const count = IS_THOROUGH ? 200 : 30;
          await runPostgres(from, manyTables(count, 30).join(";"));
          const tables = keepEverything(await schemaOf(postgresSource({ url: from })));
          const report = await copied(from, to, tables, { g7: { percent, children: { g7: { max: 1 }, g10: { max: 2 } } } });
          expect(report.rows).toBeLessThan(count * 30);
          const { keys, broken } = await brokenPostgresKeys(to);
          expect(broken).toEqual([]);
          expect(keys).toBeGreaterThan(count);
        });
      },
      300_000,
    );
  });

  describeWithMysql("on MariaDB", () => {
    it.each(Object.keys(MYSQL_ROOTS))(
      "of %s have no dangling reference, and the larger hold the smaller",
      async (name) => {
        await withMysqlDatabases(
          ["standin_subset_from", ...PERCENTS.map(() => "standin_subset_to")],
          async (from, ...targets) => {
            await MYSQL_SAMPLES[name]!.load(from);
            const tables = keepEverything(await schemaOf(mysqlSource({ url: from })));
            let before = new Map<string, number>();
            for (const [index, percent] of PERCENTS.entries()) {
              const report = await copied(from, targets[index]!, tables, MYSQL_ROOTS[name]!(percent));
              const { keys, broken } = await brokenMysqlKeys(targets[index]!);
              expect({ keys, broken }).toEqual({ keys: (await brokenMysqlKeys(from)).keys, broken: [] });
              const rows = rowsIn(report);
              for (const [table, smaller] of before) expect(rows.get(table)).toBeGreaterThanOrEqual(smaller);
              before = rows;
            }
            const most = "SELECT max(n) AS n FROM (SELECT count(*) AS n FROM rental GROUP BY customer_id) r";
            if (name === "sakila") expect(Number((await runMysql(targets.at(-1)!, most))[0]!.n)).toBe(3);
          },
        );
      },
      300_000,
    );
  });
});

async function mostRentals(url: string): Promise<number> {
  const [row] = await runPostgres(url, "SELECT max(n)::int AS n FROM (SELECT count(*) AS n FROM rental GROUP BY customer_id) r");
  return (row as { n: number }).n;
}

async function runPostgres(url: string, sql: string): Promise<readonly unknown[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query(sql)).rows ?? [];
  } finally {
    await client.end();
  }
}
