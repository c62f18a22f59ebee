import pg from "pg";
import { expect, it } from "vitest";
import { MemorySink } from "../../src/connectors/memory/index.ts";
import type { StandinError } from "../../src/errors.ts";
import { compareLocks } from "../../src/plan/locks/compare-locks.ts";
import { lockOf } from "../../src/plan/locks/lock-plan.ts";
import { fingerprintPlan } from "../../src/plan/plan-fingerprint.ts";
import type { Policy } from "../../src/policy/define-policy.ts";
import type { SubsetPolicy } from "../../src/policy/subset-policy.ts";
import { planRefresh, refresh } from "../../src/refresh.ts";
import { keep } from "../../src/transforms/plain/keep.ts";
import { verifyRefresh } from "../../src/verify-refresh.ts";
import { describeWithPostgres, withDatabases } from "../servers/postgres-server.ts";
import { TEST_KEY as key } from "../test-key.ts";

const SHOP = `
  CREATE TABLE customers (id int PRIMARY KEY, name text, country varchar(2), code char(4), vip boolean, joined date, seen timestamptz, score numeric(8,2), mail text);
  CREATE TABLE orders (id bigint PRIMARY KEY, customer_id int REFERENCES customers, placed timestamp NOT NULL);
  INSERT INTO customers SELECT i, CASE WHEN i % 11 = 0 THEN NULL ELSE chr(64 + i % 30) || 'x' END, (ARRAY['DE','FR','PL'])[1 + i % 3], 'c' || i % 5, i % 2 = 0,
    date '2026-01-01' + i % 40, timestamptz '2026-01-01 00:00:00+00' + i % 30 * interval '12 hours', (i % 17) / 4.0, 'm' || i || '@x.org' FROM generate_series(1, 300) i;
  INSERT INTO orders SELECT i, 1 + i * 7 % 300, timestamp '2026-01-01' + i * interval '1 hour' FROM generate_series(1, 900) i;`;

const tables = {
  customers: Object.fromEntries(
    ["id", "name", "country", "code", "vip", "joined", "seen", "score", "mail"].map((name) => [name, keep()]),
  ),
  orders: { id: keep(), placed: keep() },
};

async function run(url: string, sql: string): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  await client.query(sql).finally(() => client.end());
}

async function rowsOf(url: string, sql: string): Promise<readonly unknown[]> {
  const client = new pg.Client(url);
  await client.connect();
  return (await client.query(sql).finally(() => client.end())).rows;
}

async function idsOf(
  source: string,
  subset: SubsetPolicy,
): Promise<{ readonly ids: readonly unknown[]; readonly keptIn: string }> {
  const sink = new MemorySink();
  const report = await refresh({ source, target: sink, tables, subset } as Policy, { key });
  return {
    ids: sink.tables.customers!.map(({ id }) => Number(id)).sort((one, other) => one - other),
    keptIn: report.subset!.keptIn,
  };
}

/** Conditions that the server is asked, and the server's own words for them. */
const CONDITIONS = [
  "country = 'DE'",
  "country <> 'DE' and not (name = 'Ax')",
  "name < 'M' or name is null",
  "name in ('Ax', 'Bx', 'Zx')",
  "name like '[%' or name like 'C_'",
  "vip = true and id > 100",
  "joined > '2026-01-20'",
  "joined between '2026-01-05' and '2026-01-09'",
  "seen > '2026-01-05'",
  "seen <= '2026-01-05 12:00:00'",
  "score >= 2.25",
  "not (score in (0.25, 1.5))",
];

/** Keys that are equal to their server, and not as texts. */
const CASELESS_TABLES = `
  CREATE EXTENSION citext;
  CREATE COLLATION loose (provider = icu, locale = 'und-u-ks-level1', deterministic = false);
  CREATE TABLE mails (mail citext PRIMARY KEY);
  CREATE TABLE streets (name text COLLATE loose PRIMARY KEY);
  CREATE TABLE labels (word text PRIMARY KEY, low text GENERATED ALWAYS AS (lower(word)) STORED UNIQUE);
  CREATE TABLE homes (id int PRIMARY KEY, mail citext REFERENCES mails, street text REFERENCES streets, label text REFERENCES labels (low));`;
const CASELESS = `${CASELESS_TABLES}
  INSERT INTO mails SELECT 'User' || i || '@x.org' FROM generate_series(1, 100) i;
  INSERT INTO streets SELECT 'Straße ' || i FROM generate_series(1, 100) i;
  INSERT INTO labels (word) SELECT 'Label' || i FROM generate_series(1, 100) i;
  INSERT INTO homes SELECT i, ('USER' || i || '@X.org')::citext, 'STRASSE ' || i, 'label' || i FROM generate_series(1, 100) i;`;

describeWithPostgres("a subset on PostgreSQL", () => {
  it("meets conditions as the server does and as they are read here, and falls back where nobody may make temporary tables", async () => {
    await withDatabases(["standin_subset"], async (url) => {
      await run(url, SHOP);
      const role = `standin_subset_${Math.random().toString(36).slice(2)}`;
      const database = new URL(url).pathname.slice(1);
      const own = Object.assign(new URL(url), { username: role, password: "x" }).toString();
      await run(
        url,
        `CREATE ROLE ${role} LOGIN PASSWORD 'x'; GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${role}; REVOKE TEMPORARY ON DATABASE "${database}" FROM PUBLIC`,
      );
      try {
        for (const where of CONDITIONS) {
          const [server, spill] = [await idsOf(url, { customers: { where } }), await idsOf(own, { customers: { where } })];
          expect([server.keptIn, spill.keptIn]).toEqual(["temporary tables", "spill files"]);
          expect({ where, ids: spill.ids }).toEqual({ where, ids: server.ids });
          expect(server.ids.length).toBeGreaterThan(0);
          expect(server.ids.length).toBeLessThan(300);
        }
        // A server's collation and its patterns are its own: those are asked here.
        for (const where of ["code = 'c1'", "name ~ '^[AB]'", "length(name) = 2"])
          expect((await idsOf(url, { customers: { where } })).keptIn).toBe("spill files");
        const draws: SubsetPolicy = { customers: { percent: 20, rows: 30, by: ["code", "id"], keep: [{ code: "c1", id: 1 }] } };
        expect((await idsOf(own, draws)).ids).toEqual((await idsOf(url, draws)).ids);
      } finally {
        await run(url, `DROP OWNED BY ${role}; DROP ROLE ${role}`);
      }
    });
  }, 120_000);

  it("is held by the lock and the fingerprint, and a verification compares the rows that were selected", async () => {
    await withDatabases(["standin_subset", "standin_subset_to"], async (source, target) => {
      await run(source, SHOP);
      const policy = (subset?: SubsetPolicy): Policy =>
        ({ source, target, tables, ...(subset !== undefined && { subset }) }) as Policy;
      const five = policy({ customers: { percent: 5, keep: [4711] } });
      const plans = [
        await planRefresh(five, { key }),
        await planRefresh(policy({ customers: { percent: 6, keep: [4711] } }), { key }),
        await planRefresh(policy(), { key }),
      ];
      const [one, other, whole] = await Promise.all(plans.map((plan) => lockOf(plan, five, null)));
      expect(JSON.stringify(one)).not.toContain("4711");
      expect(compareLocks(one!, one!)).toEqual([]);
      expect(compareLocks(one!, other!).map(({ message }) => message)).toEqual([
        expect.stringMatching(/^subset: of customers it said \{"percent":5,.*\}, and says \{"percent":6,.*\}\.$/),
      ]);
      expect(compareLocks(one!, whole!).map(({ message }) => message)).toEqual(["A subset was copied, and now every row is."]);
      expect(new Set(await Promise.all(plans.map(fingerprintPlan))).size).toBe(3);

      const report = await refresh(five, { key, verify: true });
      expect(report.verification!.findings).toEqual([]);
      expect(report.rows).toBeLessThan(200);
      expect((await verifyRefresh(five, { key })).findings).toEqual([]);
      await run(target, "DELETE FROM orders WHERE id = (SELECT min(id) FROM orders)");
      expect((await verifyRefresh(five, { key })).findings.map(({ code }) => code)).toContain("COUNT_MISMATCH");
    });
  }, 120_000);

  it("is refused in the server's words nowhere: a key of another type names the table and quotes nothing", async () => {
    await withDatabases(["standin_subset"], async (source) => {
      await run(source, SHOP);
      const policy = { source, target: new MemorySink(), tables, subset: { customers: { keep: ["canary-4711"] } } } as Policy;
      const error = (await planRefresh(policy, { key }).catch((thrown: unknown) => thrown)) as StandinError;
      expect(error).toMatchObject({ code: "SOURCE_FAILED", table: "customers" });
      expect(JSON.stringify([error.message, error.hint, error.stack, error.findings])).not.toContain("canary");
    });
  });

  it("follows references as the server compares them: without case, and to columns that it computes", async () => {
    await withDatabases(["standin_caseless_from", "standin_caseless_to"], async (source, target) => {
      await run(source, CASELESS);
      await run(target, CASELESS_TABLES);
      const kept = (...names: string[]) => Object.fromEntries(names.map((name) => [name, keep()]));
      const policy: Policy = {
        source,
        target,
        tables: {
          mails: kept("mail"),
          streets: kept("name"),
          labels: kept("word"),
          homes: kept("id", "mail", "street", "label"),
        },
        subset: {
          homes: { rows: 20 },
          mails: { keep: ["USER7@x.ORG"], by: "mail", children: "none" },
          streets: { keep: ["straße 1"], by: "name", children: "none" },
        },
      };
      const pictures: unknown[] = [];
      // A source that nothing is to be written to makes no temporary table either.
      for (const [readOnly, keptIn] of [
        ["off", "temporary tables"],
        ["on", "spill files"],
      ]) {
        await run(
          source,
          `ALTER DATABASE "${new URL(source).pathname.slice(1)}" SET default_transaction_read_only = ${readOnly}`,
        );
        const { subset } = await refresh(policy, { key, verify: true });
        expect(subset!.keptIn).toBe(keptIn);
        const rows = Object.fromEntries(subset!.tables.map(({ table, rows }) => [table, rows]));
        expect(rows).toMatchObject({ homes: 20, labels: 20 });
        // The kept one may be one of those that are pointed to.
        for (const name of ["mails", "streets"]) expect([20, 21]).toContain(rows[name]);
        pictures.push(rows, await rowsOf(target, "SELECT name FROM streets UNION ALL SELECT mail::text FROM mails ORDER BY 1"));
      }
      expect(pictures.slice(2)).toEqual(pictures.slice(0, 2));
    });
  }, 60_000);

  it("reads keys itself where the server compares columns of two collations in no statement", async () => {
    await withDatabases(["standin_collations"], async (source) => {
      await run(
        source,
        `CREATE TABLE parents (k text COLLATE "C" PRIMARY KEY);
         CREATE TABLE children (id int PRIMARY KEY, k text COLLATE "POSIX" REFERENCES parents);
         INSERT INTO parents SELECT 'k' || i FROM generate_series(1, 50) i;
         INSERT INTO children SELECT i, 'k' || i FROM generate_series(1, 50) i;`,
      );
      const sink = new MemorySink();
      const kept = { parents: { k: keep() }, children: { id: keep(), k: keep() } };
      const policy = { source, target: sink, tables: kept, subset: { children: { keep: [7, 8] } } } as Policy;
      const { subset } = await refresh(policy, { key });
      expect(subset!.keptIn).toBe("spill files");
      expect(sink.tables.parents).toEqual([{ k: "k7" }, { k: "k8" }]);
    });
  }, 60_000);

  it("leaves no temporary table in a session that goes on, and no run of it a trace in the source", async () => {
    await withDatabases(["standin_subset"], async (source) => {
      await run(source, SHOP);
      await idsOf(source, { customers: { percent: 5 } });
      const client = new pg.Client(source);
      await client.connect();
      const { rows } = await client
        .query("SELECT relname FROM pg_class WHERE relname LIKE 'standin%'")
        .finally(() => client.end());
      expect(rows).toEqual([]);
    });
  });
});
