import pg from "pg";
import { expect, it } from "vitest";
import {
  definePolicy,
  encryptDigits,
  fake,
  keep,
  markNonProduction,
  maskInPlace,
  type Policy,
  redact,
  refresh,
  type StandinError,
  shuffle,
  tokenize,
  unmarkNonProduction,
} from "../../src/index.ts";
import { describeWithMysql, numbersTo, runMysql, withMysqlDatabases } from "../servers/mysql-server.ts";
import { describeWithPostgres, withDatabases } from "../servers/postgres-server.ts";
import { TEST_KEY as key } from "../test-key.ts";
import { CANARY, CUSTOMERS, STANDING_SYSTEMS } from "./standing-systems.ts";

const policyFor = (target: string, source?: string): Policy =>
  definePolicy({
    source,
    target,
    tables: {
      customers: {
        id: keep(),
        email: fake("internet.email", { unique: true }),
        code: encryptDigits(),
        note: redact(),
        seen: keep(),
      },
      orders: {
        kind: keep(),
        number: keep(),
        customer_email: fake("internet.email", { unique: true }),
        remark: tokenize(),
        total: keep(),
      },
      cities: { id: keep(), city: shuffle({ window: 1000 }) },
      countries: { id: keep(), name: keep() },
    },
  });

for (const { name, describe, withThree, run, picture, copyWithMark, statistics, trigger } of STANDING_SYSTEMS) {
  describe(`a database of ${name}, masked where it stands`, () => {
    it("holds what a copy would hold, keys and all, and no mark any more", { timeout: 120_000 }, async () => {
      await withThree(async (standing, copy) => {
        await refresh(policyFor(copy, standing), { key });
        const before = await picture(standing);
        await markNonProduction(standing);
        const report = await maskInPlace(policyFor(standing), { key });
        const after = await picture(standing);
        const copied = await picture(copy);
        expect(JSON.parse(after.rows)).toEqual(JSON.parse(copied.rows));
        expect(after.rows).not.toBe(before.rows);
        expect(after.keys).toBe(before.keys);
        expect(after.ours).toBe("[]");
        expect(report.tables.map(({ table, rows }) => [table, rows])).toEqual(
          expect.arrayContaining([
            ["customers", CUSTOMERS],
            ["orders", 1500],
            ["cities", 2500],
          ]),
        );
        await expect(maskInPlace(policyFor(standing), { key })).rejects.toMatchObject({ code: "MARK_MISSING", phase: "before" });
      });
    });

    it("is refused where the policy copies from it, marked or not", async () => {
      await withThree(async (standing) => {
        await markNonProduction(standing);
        const otherUser = standing.replace(/\/\/[^@]*@/, "//somebody:secret@");
        const refused = maskInPlace(policyFor(standing, otherUser), { key });
        await expect(refused).rejects.toMatchObject({ code: "SOURCE_IS_TARGET" });
        await expect(maskInPlace(policyFor(standing, `${standing}_production`), { key })).resolves.toBeDefined();
      });
    });

    it("keeps no former value in a table or in the planner's statistics once it is cleaned", { timeout: 120_000 }, async () => {
      await withThree(async (standing) => {
        const policy = policyFor(standing);
        // A shuffle keeps the values themselves.
        const tables = { ...policy.tables, cities: { id: keep(), city: redact() } };
        const hadStatistics = (await statistics(standing)).includes(CANARY);
        expect(hadStatistics).toBe(name === "PostgreSQL");
        await markNonProduction(standing);
        const report = await maskInPlace({ ...policy, tables }, { key, clean: true });
        expect((await picture(standing)).rows).not.toContain(CANARY);
        expect(await statistics(standing)).not.toContain(CANARY);
        expect(report.stays.length).toBeGreaterThan(3);
        // What is done already is not asked for again.
        expect(JSON.stringify(report.stays)).not.toMatch(/--clean|VACUUM|OPTIMIZE/);
      });
    });

    it("is not touched without a mark, or with one that came along with a copy or was taken away", {
      timeout: 120_000,
    }, async () => {
      await withThree(async (standing, _, other) => {
        const before = await picture(standing);
        const refused = (url: string) =>
          expect(maskInPlace(policyFor(url), { key })).rejects.toMatchObject({ code: "MARK_MISSING", phase: "before" });
        await refused(standing);
        await markNonProduction(standing);
        await copyWithMark(standing, other);
        const copied = (await picture(other)).rows;
        expect(copied).toBe(before.rows);
        await refused(other);
        expect((await picture(other)).rows).toBe(copied);
        await markNonProduction(other);
        await maskInPlace(policyFor(other), { key });
        await unmarkNonProduction(standing);
        await refused(standing);
        expect(await picture(standing)).toEqual(before);
      });
    });

    it("is refused with all reasons at once: a trigger, a masked or missing key, a table that nobody decided about", async () => {
      await withThree(async (standing) => {
        await run(standing, trigger);
        await run(standing, "CREATE TABLE keyless (word varchar(200))");
        await run(standing, "CREATE TABLE coded (code varchar(200) PRIMARY KEY)");
        await markNonProduction(standing);
        const before = await picture(standing);
        const policy = policyFor(standing);
        const tables = { ...policy.tables, keyless: { word: redact() }, coded: { code: tokenize() } };
        const error = await maskInPlace({ ...policy, tables }, { key }).catch((thrown) => thrown);
        expect(error).toMatchObject({ code: "PLAN_REFUSED", phase: "before" });
        const found = error.findings.map(({ code, table }: { code: string; table: string }) => [code, table]);
        expect(found).toEqual(
          expect.arrayContaining([
            ["IN_PLACE_UNSUPPORTED", "cities"],
            ["IN_PLACE_UNSUPPORTED", "keyless"],
            ["IN_PLACE_UNSUPPORTED", "coded"],
            ["TABLE_UNSELECTED", "audit"],
          ]),
        );
        expect(found, JSON.stringify(error.findings)).toHaveLength(4);
        expect(await picture(standing)).toEqual(before);
      });
    });

    it("tells of a stop behind its first note, which has to be gone on with", { timeout: 120_000 }, async () => {
      await withThree(async (standing) => {
        await markNonProduction(standing);
        const stop = new AbortController();
        const onProgress = ({ type }: { type: string }) => type === "planned" && stop.abort();
        const stopped = await maskInPlace(policyFor(standing), { key, onProgress, signal: stop.signal }).catch((error) => error);
        expect(stopped).toMatchObject({ code: "ABORTED", phase: "during", message: "The run was stopped half way." });
        await expect(maskInPlace(policyFor(standing), { key })).rejects.toMatchObject({ code: "UNFINISHED", phase: "before" });
        await expect(maskInPlace(policyFor(standing), { key, resume: true })).resolves.toBeDefined();
      });
    });

    it("tells of a stop, and of rows that came behind the masks", { timeout: 120_000 }, async () => {
      await withThree(async (standing) => {
        await markNonProduction(standing);
        const stop = new AbortController();
        const onProgress = ({ type }: { type: string }) => type === "rows" && stop.abort();
        const stopped = await maskInPlace(policyFor(standing), { key, onProgress, signal: stop.signal }).catch((error) => error);
        expect(stopped).toMatchObject({ code: "ABORTED", phase: "during" });
        expect(stopped.message).not.toContain("as it was");
        await run(standing, `INSERT INTO cities VALUES (-1, '${CANARY} late')`);
        await expect(maskInPlace(policyFor(standing), { key, resume: true })).rejects.toMatchObject({
          code: "COUNT_MISMATCH",
          phase: "during",
          table: "cities",
        });
      });
    });
  });
}

describeWithMysql("a table of partitions, masked where it stands", () => {
  it("keeps its partitions, and is refused where what they are made by is masked", () =>
    withMysqlDatabases(["standin_standing"], async (url) => {
      const rows = (column: string) =>
        runMysql(
          url!,
          `SELECT 'past', COUNT(${column}) AS n FROM sales PARTITION (past) UNION ALL SELECT 'later', COUNT(${column}) FROM sales PARTITION (later)`,
        );
      await runMysql(
        url!,
        `CREATE TABLE sales (id int NOT NULL, year int NOT NULL, email varchar(60), code char(6) NOT NULL, PRIMARY KEY (id, year), UNIQUE KEY of_year (code, year))
          PARTITION BY RANGE (year) (PARTITION past VALUES LESS THAN (2010), PARTITION later VALUES LESS THAN MAXVALUE)`,
      );
      await runMysql(
        url!,
        `INSERT INTO sales SELECT seq, 2000 + seq % 30, CONCAT('${CANARY}', seq), RIGHT(CONCAT('000000', seq), 6) FROM ${numbersTo(900)}`,
      );
      const [made, before] = [await runMysql(url!, "SHOW CREATE TABLE sales"), await rows("*")];
      const rules = { id: keep(), year: keep(), email: redact(), code: encryptDigits() };
      await markNonProduction(url!);
      const moving = { target: url!, tables: { sales: { ...rules, year: encryptDigits() } } };
      await expect(maskInPlace(moving, { key })).rejects.toMatchObject({ code: "PLAN_REFUSED", phase: "before" });
      expect(await maskInPlace({ target: url!, tables: { sales: rules } }, { key, clean: true })).toMatchObject({ rows: 900 });
      expect([await runMysql(url!, "SHOW CREATE TABLE sales"), await rows("*")]).toEqual([made, before]);
      const left = `SELECT COUNT(*) AS n FROM sales WHERE email LIKE '${CANARY}%' OR code = RIGHT(CONCAT('000000', id), 6)`;
      expect(Number((await runMysql(url!, left))[0]!.n)).toBeLessThan(5);
    }));
});

describeWithPostgres("a table that is published for logical replication, masked where it stands", () => {
  const SCHEMA = `
    CREATE TABLE people (id int PRIMARY KEY, email varchar(80) NOT NULL, note text, CONSTRAINT people_email UNIQUE (email) INCLUDE (note));
    CREATE TABLE visits (id int NOT NULL, day date NOT NULL, note text, PRIMARY KEY (id, day)) PARTITION BY RANGE (day);
    CREATE TABLE early PARTITION OF visits FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
    INSERT INTO people SELECT n, '${CANARY}' || n || '@acme.com', '${CANARY}' FROM generate_series(1, 700) n;
    INSERT INTO visits SELECT n, '2020-02-03', '${CANARY}' FROM generate_series(1, 10) n;
    CREATE PUBLICATION everything FOR ALL TABLES`;

  it("is refused before anything is changed where its replica identity would be off, and masked where it stays", () =>
    withDatabases(["standin_standing"], async (url) => {
      const query = async (sql: string) => {
        const client = new pg.Client(url);
        await client.connect();
        try {
          return [(await client.query(sql)).rows ?? []].flat() as Record<string, unknown>[];
        } finally {
          await client.end();
        }
      };
      await query(SCHEMA);
      await markNonProduction(url!);
      const people = { id: keep(), email: fake("internet.email", { unique: true }), note: redact() };
      const tables = { people, visits: { id: keep(), day: keep(), note: redact() } };
      const state = () =>
        query(`SELECT (SELECT string_agg(email || note, ',' ORDER BY id) FROM people) AS rows,
          (SELECT string_agg(conname, ',' ORDER BY conname) FROM pg_constraint WHERE contype IN ('p', 'u')) AS keys, (SELECT string_agg(note, '') FROM visits) AS visits`);
      const before = await state();
      const refused = async (table: string, column: string | undefined) => {
        const error = (await maskInPlace({ target: url!, tables }, { key }).catch((error: unknown) => error)) as StandinError;
        expect(error).toMatchObject({ code: "PLAN_REFUSED", phase: "before" });
        expect(
          error.findings.map(({ code, table, column, hint }) => [code, table, column, hint?.includes("REPLICA IDENTITY FULL")]),
        ).toEqual([["IN_PLACE_UNSUPPORTED", table, column, true]]);
        expect(await state()).toEqual(before);
      };
      await query("ALTER TABLE people REPLICA IDENTITY USING INDEX people_email");
      await refused("people", "email");
      await query("ALTER TABLE people REPLICA IDENTITY NOTHING");
      await refused("people", undefined);
      // The partition has its own, whatever the table's.
      await query("ALTER TABLE people REPLICA IDENTITY DEFAULT; ALTER TABLE early REPLICA IDENTITY NOTHING");
      await refused("visits", undefined);
      // The primary key stays where it is, and what is not published needs none.
      await query(
        "ALTER TABLE early REPLICA IDENTITY FULL; DROP PUBLICATION everything; CREATE PUBLICATION people_alone FOR TABLE people WITH (publish = 'insert, update')",
      );
      expect(await maskInPlace({ target: url!, tables }, { key })).toMatchObject({ rows: 710 });
      expect((await query(`SELECT count(*)::int AS left FROM people WHERE email LIKE '${CANARY}%'`))[0]!.left).toBe(0);
    }));
});
