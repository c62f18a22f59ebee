import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { checkDatabases } from "../../src/check-refresh.ts";
import { connectSink } from "../../src/connect.ts";
import { StandinError } from "../../src/errors.ts";
import { type DatabasePolicy, definePolicy, type Policy, type PolicyOfDatabases } from "../../src/policy/define-policy.ts";
import { parsePolicy } from "../../src/policy/parse/parse-policy.ts";
import { type RefreshOptions, refresh } from "../../src/refresh.ts";
import { planDatabases } from "../../src/refresh-databases.ts";
import { reportPage } from "../../src/report/report-page.ts";
import { fake, keep, redact, tokenize } from "../../src/transforms/index.ts";
import { verifyRefresh } from "../../src/verify-refresh.ts";
import { changedEnd } from "../pipeline/changed-end.ts";
import { describeWhere } from "../servers/describe-where.ts";
import { mysqlUrl, runMysql, withMysqlDatabases } from "../servers/mysql-server.ts";
import { postgresUrl, withDatabases } from "../servers/postgres-server.ts";
import { TEST_KEY } from "../test-key.ts";

/** Stands in every source, and may stand nowhere else. */
const CANARY = "Xk9-canary-Vq2";

const hasBoth = postgresUrl !== null && mysqlUrl !== null;
describeWhere(
  hasBoth,
  "No PostgreSQL and MariaDB to test against",
  "start both, as for the other tests",
  "several databases",
  () => {
    const folder = mkdtempSync(join(tmpdir(), "standin-several-"));
    const places = {
      shop: "",
      shopCopy: "",
      billing: "",
      billingCopy: "",
      exports: join(folder, "in"),
      masked: join(folder, "out"),
    };
    let release = () => {};
    let released: Promise<unknown> = Promise.resolve();

    beforeAll(async () => {
      await new Promise<void>((ready, fail) => {
        released = withDatabases(["standin_shop", "standin_shop_copy"], (shop, shopCopy) =>
          withMysqlDatabases(["standin_billing", "standin_billing_copy"], async (billing, billingCopy) => {
            Object.assign(places, { shop, shopCopy, billing, billingCopy });
            await new Promise<void>((resolve) => {
              release = resolve;
              ready();
            });
          }),
        ).catch(fail);
      });
    });
    afterAll(async () => {
      release();
      await released;
      rmSync(folder, { recursive: true });
    });

    const shopRows = async (url: string, sql: string) => {
      const client = new pg.Client(url);
      await client.connect();
      try {
        const results = await client.query<Record<string, unknown>>(sql);
        return [results].flat().at(-1)!.rows;
      } finally {
        await client.end();
      }
    };

    /** Sources with three customers in each, and targets that hold one old row. */
    beforeEach(async () => {
      const tables = "customers (id integer PRIMARY KEY, email varchar(200), note text)";
      await shopRows(
        places.shop,
        `DROP TABLE IF EXISTS customers; CREATE TABLE ${tables};
      INSERT INTO customers SELECT n, 'customer' || n || '@acme.test', '${CANARY}' FROM generate_series(1, 3) n`,
      );
      await shopRows(
        places.shopCopy,
        `DROP TABLE IF EXISTS customers; CREATE TABLE ${tables}; INSERT INTO customers VALUES (0, 'old', 'old')`,
      );
      const invoices = `DROP TABLE IF EXISTS invoices; DROP TABLE IF EXISTS payers;
      CREATE TABLE payers (id int PRIMARY KEY);
      CREATE TABLE invoices (id int PRIMARY KEY, customer_id int, payer_email varchar(200), payer int,
        CONSTRAINT paid_by FOREIGN KEY (payer) REFERENCES payers (id))`;
      await runMysql(
        places.billing,
        `${invoices}; INSERT INTO payers VALUES (1);
      INSERT INTO invoices VALUES (1, 1, 'customer1@acme.test', 1), (2, 3, 'customer3@acme.test', NULL)`,
      );
      await runMysql(places.billingCopy, `${invoices}; INSERT INTO invoices VALUES (0, 0, 'old', NULL)`);
      mkdirSync(places.exports, { recursive: true });
      writeFileSync(
        join(places.exports, "subscribers.csv"),
        `email,note\ncustomer2@acme.test,${CANARY}\ncustomer3@acme.test,x\n`,
      );
      rmSync(places.masked, { recursive: true, force: true });
      mkdirSync(places.masked);
      writeFileSync(join(places.masked, "subscribers.csv"), "email,note\nold,old\n");
    });

    type Changes = { readonly [Name in "shop" | "billing" | "exports"]?: Partial<DatabasePolicy> };

    const policyOf = (changes: Changes = {}, { databases, ...rest }: Partial<PolicyOfDatabases> = {}): Policy => {
      const { shop, shopCopy, billing, billingCopy, exports, masked } = places;
      return definePolicy({
        databases: databases ?? {
          shop: { source: shop, target: shopCopy, tables: { customers: { id: tokenize(), note: redact() } }, ...changes.shop },
          billing: {
            source: billing,
            target: billingCopy,
            tables: { invoices: { id: keep(), payer: keep(), payer_email: fake("internet.email") }, payers: { id: keep() } },
            ...changes.billing,
          },
          exports: { source: exports, target: masked, tables: { subscribers: { note: redact() } }, ...changes.exports },
        },
        columns: { "*.email": fake("internet.email") },
        references: [
          { from: "billing.invoices.customer_id", to: "shop.customers.id" },
          { from: "exports.subscribers.email", to: "shop.customers.email" },
        ],
        ...rest,
      });
    };

    const masked = async () => ({
      customers: await shopRows(places.shopCopy, "SELECT id, email FROM customers ORDER BY note, id"),
      invoices: await runMysql(places.billingCopy, "SELECT customer_id, payer_email FROM invoices ORDER BY id"),
      subscribers: readFileSync(join(places.masked, "subscribers.csv"), "utf8").trimEnd().split("\n").slice(1),
    });

    const OLD = {
      customers: [{ id: 0, email: "old" }],
      invoices: [{ customer_id: 0, payer_email: "old" }],
      subscribers: ["old,old"],
    };

    const failed = async (policy: Policy, options: RefreshOptions = {}): Promise<StandinError> => {
      const error: unknown = await refresh(policy, { key: TEST_KEY, ...options }).then(
        () => expect.fail("the run did not fail"),
        (thrown) => thrown,
      );
      expect(error).toBeInstanceOf(StandinError);
      expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain(CANARY);
      return error as StandinError;
    };

    /** The billing target, which fails at the moment of publishing. */
    const brokenTarget = async () =>
      changedEnd(await connectSink(places.billingCopy), {
        commit: () => Promise.reject(new StandinError("SINK_FAILED", "The server said no.")),
      });

    it.each([false, true])("joins hold across all of them, and one report tells of each (parallel: %s)", async (parallel) => {
      const events: string[] = [];
      const report = await refresh(policyOf(), {
        key: TEST_KEY,
        parallel,
        verify: true,
        onProgress: (event) => events.push("table" in event ? `${event.type} ${event.table}` : event.type),
      });
      const { customers, invoices, subscribers } = await masked();
      const byId = new Map(customers.map(({ id, email }) => [id, email]));
      expect([byId.size, invoices.length, subscribers.length]).toEqual([3, 2, 2]);
      for (const { customer_id, payer_email } of invoices) expect(byId.get(customer_id)).toBe(payer_email);
      for (const line of subscribers) expect([...byId.values()]).toContain(line.split(",")[0]);
      expect(JSON.stringify([customers, invoices, subscribers])).not.toMatch(/acme|canary/);

      expect(report).toMatchObject({ source: "several", target: "several", rows: 8, notCopied: [] });
      expect(report.tables.map(({ table }) => table)).toEqual([
        "shop.customers",
        "billing.invoices",
        "billing.payers",
        "exports.subscribers",
      ]);
      expect(Object.entries(report.databases!).map(([name, { source, rows }]) => [name, source, rows])).toEqual([
        ["shop", "postgres", 3],
        ["billing", "mysql", 3],
        ["exports", "csv", 2],
      ]);
      expect(report.verification!.findings).toEqual([]);
      expect(events.filter((event) => /^(planned|publishing|finished|failed)/.test(event))).toEqual([
        "planned",
        "publishing",
        "finished",
      ]);
      expect(events.at(-1)).toBe("finished");
      const page = reportPage(report, { at: new Date(0), version: "1", keyFingerprint: null });
      expect(page).toContain("billing.invoices");
      expect(JSON.stringify(report) + page).not.toMatch(/acme|canary/i);
      expect((await verifyRefresh(policyOf())).tables.map(({ table }) => table)).toContain("exports.subscribers");
    });

    it("leaves all as they were where one fails while rows move", async () => {
      writeFileSync(join(places.exports, "subscribers.csv"), `email,note\n${CANARY},"half\n`);
      const error = await failed(policyOf());
      expect([error.code, error.database, error.phase]).toEqual(["FORMAT_INVALID", "exports", "during"]);
      expect(error.message).toMatch(/^exports: /);
      expect(await masked()).toEqual(OLD);
    });

    it("leaves all as they were where a foreign key of the last is broken, which shows after its rows are in", async () => {
      await runMysql(places.billing, `SET foreign_key_checks = 0; INSERT INTO invoices VALUES (9, 9, 'x@acme.test', 99)`);
      const { shop, exports, billing } = policyOf().databases!;
      const error = await failed(policyOf({}, { databases: { shop: shop!, exports: exports!, billing: billing! } }));
      expect([error.code, error.database]).toEqual(["REFERENCE_BROKEN", "billing"]);
      expect(await masked()).toEqual(OLD);
    });

    it("leaves all as they were where the first fails at the moment of publishing, or is stopped before it", async () => {
      const { shop, exports, billing } = policyOf({ billing: { target: await brokenTarget() } }).databases!;
      const error = await failed(policyOf({}, { databases: { billing: billing!, shop: shop!, exports: exports! } }));
      expect([error.code, error.database, error.published]).toEqual(["SINK_FAILED", "billing", []]);
      expect(await masked()).toEqual(OLD);
      const stop = new AbortController();
      const stopped = await failed(policyOf(), {
        signal: stop.signal,
        onProgress: (event) => event.type === "table-started" && event.table === "exports.subscribers" && stop.abort(),
      });
      expect(stopped.code).toBe("ABORTED");
      expect(await masked()).toEqual(OLD);
    });

    it("tells which are published where a later one fails at the moment of publishing, and goes on to none", async () => {
      const error = await failed(policyOf({ billing: { target: await brokenTarget() } }));
      expect([error.code, error.database, error.published]).toEqual(["PUBLISHED_IN_PART", "billing", ["shop"]]);
      expect(error.message).toMatch(/^Published: shop; not published: billing; as it was: exports\. .*said no.*SINK_FAILED/);
      const { customers, ...others } = await masked();
      expect(customers).toHaveLength(3);
      expect(others).toEqual({ invoices: OLD.invoices, subscribers: OLD.subscribers });
    });

    it("refuses before a row moves what is wrong with any of them or between them, all at once, each with its database", async () => {
      const wrong = policyOf({
        shop: { tables: { customers: { id: keep() } } },
        exports: { tables: { subscribers: { email: tokenize() } } },
      });
      const error = await failed(wrong);
      expect([error.code, error.phase]).toEqual(["PLAN_REFUSED", "before"]);
      expect(error.findings.map(({ code, database, table, column }) => [code, database, table, column])).toEqual(
        expect.arrayContaining([
          ["COLUMN_UNCOVERED", "shop", "customers", "note"],
          ["COLUMN_UNCOVERED", "exports", "subscribers", "note"],
        ]),
      );
      const { findings } = await planDatabases(
        policyOf({ exports: { tables: { subscribers: { email: tokenize(), note: keep() } } } }),
      );
      expect(findings).toMatchObject([
        { code: "REFERENCE_CONFLICT", severity: "error", database: "exports", table: "subscribers", column: "email" },
      ]);
      const shared = await failed(
        policyOf(
          { billing: { source: places.shop, target: places.shopCopy, tables: { customers: { id: keep(), note: keep() } } } },
          { references: [] },
        ),
      );
      expect([shared.code, shared.findings[0]?.code]).toEqual(["PLAN_REFUSED", "SOURCE_IS_TARGET"]);
      const back = await failed(
        policyOf(
          {
            billing: {
              source: places.shopCopy,
              target: join(folder, "other"),
              tables: { customers: { id: keep(), note: keep() } },
            },
          },
          { references: [] },
        ),
      );
      expect(back.findings[0]?.message).toBe("The target of shop is the source of billing.");
      expect(await masked()).toEqual(OLD);
    });

    it("has one lock for all, which a run holds each database to", async () => {
      const { lock, findings } = await checkDatabases(policyOf(), { key: TEST_KEY });
      expect([Object.keys(lock.databases), findings]).toEqual([["shop", "billing", "exports"], []]);
      expect(JSON.stringify(lock)).not.toMatch(/acme|canary/i);
      await refresh(policyOf(), { key: TEST_KEY, lock });
      const { exports: _, ...others } = lock.databases;
      const missing = await failed(policyOf(), { lock: { version: 1, databases: others } });
      expect([missing.code, missing.database]).toEqual(["LOCK_MISMATCH", "exports"]);
      await runMysql(places.billing, "ALTER TABLE payers ADD COLUMN name text");
      const changed = await failed(policyOf(), { lock });
      expect([changed.code, changed.database, changed.table, changed.column]).toEqual([
        "LOCK_MISMATCH",
        "billing",
        "payers",
        "name",
      ]);
      const { databases } = await checkDatabases(policyOf(), { key: TEST_KEY, lock });
      expect([...databases].map(([name, { differences }]) => [name, differences.length])).toEqual([
        ["shop", 0],
        ["billing", 1],
        ["exports", 0],
      ]);
    });

    it("runs one alone, and each environment's own targets", async () => {
      const target = join(folder, "test");
      const policy = policyOf({}, { environments: { test: { databases: { exports: { target } } } } });
      await refresh(policy, { key: TEST_KEY, database: "exports", environment: "test" });
      expect(existsSync(join(target, "subscribers.csv"))).toBe(true);
      expect(await masked()).toEqual(OLD);
      const inEnvironment = parsePolicy(policy, { environment: "test" });
      expect([inEnvironment.databases!.exports!.target, inEnvironment.databases!.shop!.target]).toEqual([
        target,
        places.shopCopy,
      ]);
      expect((await failed(policy, { database: "shops" })).hint).toContain("Did you mean shop?");
    });
  },
);
