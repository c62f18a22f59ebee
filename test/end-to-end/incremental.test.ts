import pg from "pg";
import { expect, it } from "vitest";
import { connectSink } from "../../src/connect.ts";
import { writtenSince } from "../../src/connectors/postgres/read/postgres-changed-rows.ts";
import type { Policy } from "../../src/policy/define-policy.ts";
import { planRefresh, refresh } from "../../src/refresh.ts";
import { keep, redact } from "../../src/transforms/index.ts";
import { describeWithMysql, runMysql, withMysqlDatabases } from "../servers/mysql-server.ts";
import { describeWithPostgres, withDatabases } from "../servers/postgres-server.ts";
import { TEST_KEY } from "../test-key.ts";
import { deletesSuite } from "./deletes-suite.ts";
import { type IncrementalPlaces, incrementalSuite } from "./incremental-suite.ts";

const NAMES = ["standin_source", "standin_target", "standin_whole"];

async function runPostgres(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    const results = await client.query<Record<string, unknown>>(sql);
    return [results].flat().at(-1)!.rows;
  } finally {
    await client.end();
  }
}

/** Waits until no transaction of the server is older than this one: the rows of all that have begun since are read once more. */
async function oldestIs(client: pg.Client, url: string): Promise<void> {
  const own = (await client.query<{ id: string }>("SELECT txid_current()::text AS id")).rows[0]!.id;
  const oldest = "SELECT txid_snapshot_xmin(txid_current_snapshot())::text AS id";
  await expect.poll(async () => (await runPostgres(url, oldest))[0]!.id, { timeout: 150_000 }).toBe(own);
}

const runMariaDb = async (url: string, sql: string) => {
  const found = (await runMysql(url, sql)) as unknown;
  const last = Array.isArray(found) && Array.isArray(found.at(-1)) ? found.at(-1) : found;
  return last as Record<string, unknown>[];
};

const placesOf = (
  rest: Pick<IncrementalPlaces, "changedBy" | "run">,
  [source, target, whole]: readonly string[],
): IncrementalPlaces => ({
  ...{ source: source!, target: target!, whole: whole! },
  ...rest,
  sink: (place) => connectSink(place),
});

describeWithPostgres("an incremental run that follows deletes, on PostgreSQL", () => {
  deletesSuite((use) => withDatabases(NAMES, (...urls) => use(placesOf({ changedBy: "xmin", run: runPostgres }, urls))));
});

describeWithMysql("an incremental run that follows deletes, on MariaDB", () => {
  deletesSuite((use) =>
    withMysqlDatabases(NAMES, (...urls) => use(placesOf({ changedBy: "changed_at", run: runMariaDb }, urls))),
  );
});

describeWithPostgres("an incremental run on PostgreSQL", () => {
  incrementalSuite((use) => withDatabases(NAMES, (...urls) => use(placesOf({ changedBy: "xmin", run: runPostgres }, urls))));
});

describeWithMysql("an incremental run on MariaDB", () => {
  incrementalSuite((use) =>
    withMysqlDatabases(NAMES, (...urls) => use(placesOf({ changedBy: "changed_at", run: runMariaDb }, urls))),
  );
});

describeWithPostgres("changes of PostgreSQL", () => {
  const policyOf = (source: string, target: string, changedBy: string) => ({
    source,
    target,
    tables: { visits: { id: keep(), at: keep(), what: redact() } },
    incremental: { visits: { changedBy } },
  });
  const SCHEMA = `CREATE TABLE visits (id int, at timestamptz, what text, PRIMARY KEY (id)) PARTITION BY RANGE (id);
    CREATE TABLE early PARTITION OF visits FOR VALUES FROM (0) TO (100); CREATE TABLE late PARTITION OF visits FOR VALUES FROM (100) TO (200)`;
  const idsOf = async (url: string) => (await runPostgres(url, "SELECT id FROM visits ORDER BY id")).map(({ id }) => id);

  it.each(["xmin", "at"])(
    "are told by %s in partitions too, also of what was written before the last run and committed behind it, and followed where rows go",
    (changedBy) =>
      withDatabases(NAMES.slice(0, 2), async (source, target) => {
        for (const url of [source!, target!]) await runPostgres(url, SCHEMA);
        await runPostgres(
          source!,
          "INSERT INTO visits VALUES (1, now() - interval '1 hour', 'a'), (101, now() - interval '1 hour', 'b')",
        );
        const slow = new pg.Client(source!);
        await slow.connect();
        try {
          await slow.query(
            "BEGIN; INSERT INTO visits VALUES (2, now(), 'c'); SAVEPOINT s; INSERT INTO visits VALUES (102, now(), 'd'); RELEASE s",
          );
          // Far in the future, it must not hide what comes before it.
          await runPostgres(source!, "INSERT INTO visits VALUES (3, now(), 'e'), (103, '9999-12-31', 'f'), (4, NULL, 'g')");
          await oldestIs(slow, source!);
          const policy = policyOf(source!, target!, changedBy);
          await refresh(policy, { key: TEST_KEY });
          expect(await idsOf(target!)).toEqual([1, 3, 4, 101, 103]);
          await slow.query("COMMIT");
          await runPostgres(source!, "UPDATE visits SET what = 'longer', at = now() WHERE id = 101");
          const { rows } = await refresh(policy, { key: TEST_KEY, incremental: true });
          expect(await idsOf(target!)).toEqual([1, 2, 3, 4, 101, 102, 103]);
          expect(await runPostgres(target!, "SELECT what FROM visits WHERE id = 101")).toEqual([{ what: "******" }]);
          // The first row is of an hour ago: it was not read again.
          expect(rows).toBe(6);
          await runPostgres(source!, "DELETE FROM visits WHERE id IN (1, 103)");
          const deletes = { changedBy, deletes: "compare", maxDeletedPercent: 30 } as const;
          const { tables } = await refresh({ ...policy, incremental: { visits: deletes } }, { key: TEST_KEY, incremental: true });
          expect(await idsOf(target!)).toEqual([2, 3, 4, 101, 102]);
          expect(tables[0]!.deletedRows).toBe(2);
        } finally {
          await slow.end();
        }
      }),
    180_000,
  );

  it("are told by a counter that goes round, and refused where it went half round", () => {
    const round = 2n ** 32n;
    expect(writtenSince(900n, 500n, "t")).toBe("xmin::text::bigint BETWEEN 500 AND 900");
    expect(writtenSince(3n * round + 5n, 3n * round - 7n, "t")).toBe(
      `(xmin::text::bigint >= ${round - 7n} OR xmin::text::bigint <= 5)`,
    );
    expect(() => writtenSince(round, 3n, "t")).toThrow(/too old/);
    expect(() => writtenSince(5n, 9n, "t")).toThrow(/another server/);
  });

  it("are refused for files, for tables without a key, and for columns that tell no change", () =>
    withDatabases(NAMES.slice(0, 2), async (source, target) => {
      for (const url of [source!, target!]) await runPostgres(url, `${SCHEMA}; CREATE TABLE plain (id int, word text)`);
      const tables = { plain: { id: keep(), word: keep() } };
      const found = async (policy: Policy) => (await planRefresh(policy)).findings.filter(({ severity }) => severity === "error");
      const policy = { source: source!, target: target!, tables };
      expect(
        (await found({ ...policy, target: "/nowhere/files", incremental: { plain: "xmin" } })).map(({ message }) => message),
      ).toEqual(["Changes cannot be told or taken by CSV files: incremental is for PostgreSQL, MySQL and MariaDB."]);
      expect((await found({ ...policy, incremental: { plain: "word" } })).map(({ code, message }) => [code, message])).toEqual([
        ["INCREMENT_REFUSED", "plain.word is text: a column that tells changes holds times, dates or whole numbers."],
        ["INCREMENT_REFUSED", "plain has no primary key, so a changed row cannot take the place of its former self."],
      ]);
      expect((await found({ ...policy, incremental: { plain: { changedBy: "id", overlap: "5m" } } }))[0]?.message).toContain(
        "a number",
      );
      expect((await found({ ...policy, incremental: { plan: "id" } }))[0]?.hint).toContain("plain");
    }));
});

describeWithMysql("changes of MariaDB", () => {
  const policyOf = (source: string, target: string) =>
    ({
      source,
      target,
      tables: { visits: { day: keep(), what: redact(), version: keep() } },
      incremental: { visits: { changedBy: "version", overlap: 0, deletes: "compare", maxDeletedPercent: 50 } },
    }) as const;
  const SCHEMA = "CREATE TABLE visits (day date, what varchar(40), version int, PRIMARY KEY (day))";
  const ROWS = "INSERT INTO visits VALUES ('0000-00-00', 'a', 1), ('2026-01-02', 'b', 2), ('2026-01-03', 'c', 3)";
  const daysOf = async (url: string) =>
    (await runMysql(url, "SELECT CONCAT(day, ' ', version) AS found FROM visits ORDER BY day")).map(({ found }) => found);

  it.each(["", " PARTITION BY HASH (YEAR(day)) PARTITIONS 3"])(
    "are followed where a key is what the server takes for NULL, and in tables of partitions%s",
    (parts) =>
      withMysqlDatabases(NAMES.slice(0, 2), async (source, target) => {
        for (const url of [source!, target!]) await runMysql(url, SCHEMA + parts);
        await runMysql(source!, `SET sql_mode = ''; ${ROWS}`);
        const policy = policyOf(source!, target!);
        await refresh(policy, { key: TEST_KEY });
        await runMysql(source!, "DELETE FROM visits WHERE version = 2; UPDATE visits SET version = 4 WHERE version = 3");
        const { tables } = await refresh(policy, { key: TEST_KEY, incremental: true });
        expect(tables[0]!.deletedRows).toBe(1);
        expect(await daysOf(target!)).toEqual(["0000-00-00 1", "2026-01-03 4"]);
      }),
  );

  it("are refused where another database points to a table, whose rows nobody would look at", () =>
    withMysqlDatabases(NAMES, async (source, target, other) => {
      for (const url of [source!, target!]) await runMysql(url, SCHEMA);
      await runMysql(source!, `SET sql_mode = ''; ${ROWS}`);
      const policy = policyOf(source!, target!);
      await refresh(policy, { key: TEST_KEY });
      const database = new URL(target!).pathname.slice(1);
      await runMysql(
        other!,
        `CREATE TABLE notes (day date, FOREIGN KEY (day) REFERENCES ${database}.visits (day) ON DELETE CASCADE); INSERT INTO notes VALUES ('2026-01-02')`,
      );
      await runMysql(source!, "DELETE FROM visits WHERE version = 2");
      const before = await daysOf(target!);
      await expect(refresh(policy, { key: TEST_KEY, incremental: true })).rejects.toMatchObject({
        code: "PLAN_REFUSED",
        findings: [{ code: "INCREMENT_REFUSED", table: "visits", hint: expect.stringContaining("Drop them") }],
      });
      expect(await daysOf(target!)).toEqual(before);
      await runMysql(other!, "DROP TABLE notes");
      await refresh(policy, { key: TEST_KEY, incremental: true });
      expect(await daysOf(target!)).toEqual(["0000-00-00 1", "2026-01-03 3"]);
    }));

  it("leave references alone whose key is what the server takes for NULL, and so does a whole run", () =>
    withMysqlDatabases(NAMES.slice(0, 2), async (source, target) => {
      const notes = "CREATE TABLE notes (id int PRIMARY KEY, day date, version int, FOREIGN KEY (day) REFERENCES visits (day))";
      for (const url of [source!, target!]) await runMysql(url, `${SCHEMA}; ${notes}`);
      await runMysql(source!, `SET sql_mode = ''; ${ROWS}; INSERT INTO notes VALUES (1, '0000-00-00', 1), (2, NULL, 1)`);
      const { tables, incremental, ...places } = policyOf(source!, target!);
      const policy = {
        ...places,
        tables: { ...tables, notes: { id: keep(), day: keep(), version: keep() } },
        incremental: { ...incremental, notes: incremental.visits },
      };
      await refresh(policy, { key: TEST_KEY });
      await runMysql(source!, "DELETE FROM visits WHERE version = 2");
      await refresh(policy, { key: TEST_KEY, incremental: true });
      expect(await daysOf(target!)).toEqual(["0000-00-00 1", "2026-01-03 3"]);
      expect(await runMysql(target!, "SELECT COUNT(day) AS found FROM notes")).toEqual([{ found: 1 }]);
    }));
});
