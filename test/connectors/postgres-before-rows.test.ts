import pg from "pg";
import { expect, it } from "vitest";
import type { Policy } from "../../src/policy/define-policy.ts";
import { type RefreshOptions, refresh } from "../../src/refresh.ts";
import { custom } from "../../src/transforms/pieces/custom.ts";
import { keep } from "../../src/transforms/plain/keep.ts";
import { tokenize } from "../../src/transforms/tokens/tokenize.ts";
import { describeWithPostgres, withDatabases } from "../servers/postgres-server.ts";
import { TEST_KEY } from "../test-key.ts";

async function run(url: string, sql: string): Promise<unknown[][]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    const result = await client.query({ text: sql, rowMode: "array" });
    return (result.rows ?? []) as unknown[][];
  } finally {
    await client.end();
  }
}

async function refused(source: string, target: string, tables: Policy["tables"], options: RefreshOptions = {}) {
  const error = await refresh({ source, target, tables }, { key: TEST_KEY, ...options }).catch((caught) => caught);
  expect(error).toMatchObject({ code: "PLAN_REFUSED", phase: "before" });
  return error.findings.map(({ code, table, message }: Record<string, string>) => `${code} ${table}: ${message}`) as string[];
}

const TWO_TABLES = `
  CREATE TABLE u (id integer PRIMARY KEY, v text);
  CREATE TABLE c (id serial PRIMARY KEY, uid integer REFERENCES u);
  INSERT INTO u VALUES (1, 'a'); INSERT INTO c (uid) VALUES (1);`;
const KEPT = { u: { id: keep(), v: keep() }, c: { id: keep() } };

/** A role without any privilege of its own, and the URLs that log it in. */
async function withRole(urls: readonly string[], use: (role: string, ...urls: string[]) => Promise<void>): Promise<void> {
  const role = `standin_role_${Math.random().toString(36).slice(2, 10)}`;
  await run(urls[0]!, `CREATE ROLE ${role} LOGIN PASSWORD 'standin'`);
  try {
    await use(role, ...urls.map((url) => Object.assign(new URL(url), { username: role, password: "standin" }).toString()));
  } finally {
    for (const url of urls) await run(url, `REASSIGN OWNED BY ${role} TO CURRENT_USER; DROP OWNED BY ${role}`);
    await run(urls[0]!, `DROP ROLE ${role}`);
  }
}

describeWithPostgres("before the first row, PostgreSQL", () => {
  it("keeps TRUNCATE and rewriting ALTER TABLEs away from tables that are still to be read", async () => {
    await withDatabases(["source", "target"], async (source, target) => {
      await run(
        source,
        `CREATE TABLE a (id integer); CREATE TABLE b (id integer); CREATE TABLE c (id integer);
         INSERT INTO a VALUES (1); INSERT INTO b VALUES (1), (2); INSERT INTO c VALUES (1); ANALYZE;`,
      );
      const attempts: string[] = [];
      const migrate = async (value: string) => {
        for (const sql of ["TRUNCATE b", "ALTER TABLE c ALTER id TYPE bigint"]) {
          attempts.push(
            await run(source, `SET lock_timeout = '200ms'; ${sql}`).then(
              () => sql,
              (error) => error.code,
            ),
          );
        }
        return value;
      };
      const report = await refresh(
        { source, target, tables: { a: { id: custom(migrate) }, b: { id: keep() }, c: { id: keep() } } },
        { key: TEST_KEY },
      );
      expect(attempts).toEqual(["55P03", "55P03"]);
      expect(report.tables.map(({ rows }) => rows)).toEqual([1, 2, 1]);
    });
  });

  it("refuses a table that was emptied after the snapshot was taken", async () => {
    await withDatabases(["source", "target"], async (source, target) => {
      await run(source, "CREATE TABLE a (id integer); INSERT INTO a VALUES (1); ANALYZE");
      const { postgresSource } = await import("../../src/connectors/postgres/index.ts");
      const opened = postgresSource({ url: source });
      const openThenTruncate = Object.assign(Object.create(opened), {
        open: async (signal: AbortSignal) => {
          await opened.open(signal);
          await opened.identity();
          await run(source, "TRUNCATE a");
        },
        identity: () => opened.identity(),
        schema: () => opened.schema(),
        hold: (tables: Parameters<NonNullable<typeof opened.hold>>[0]) => opened.hold!(tables),
        close: () => opened.close(),
      });
      const error = await refresh({ source: openThenTruncate, target, tables: { a: { id: keep() } } }, { key: TEST_KEY }).catch(
        (caught) => caught,
      );
      expect(error).toMatchObject({ code: "PLAN_REFUSED", phase: "before", findings: [{ code: "SOURCE_FAILED", table: "a" }] });
    });
  });

  it("tells all that the source's role may not read, at once", async () => {
    await withDatabases(["source", "target"], async (source, target) => {
      await run(source, TWO_TABLES);
      await withRole([source], async (role, asRole) => {
        expect(await refused(asRole!, target, KEPT)).toEqual([
          "PRIVILEGE_MISSING c: The source's role may not read c.",
          "PRIVILEGE_MISSING u: The source's role may not read u.",
        ]);
        await run(
          source,
          `GRANT SELECT (id) ON u TO ${role}; GRANT SELECT ON c TO ${role}; ALTER TABLE c ENABLE ROW LEVEL SECURITY`,
        );
        expect(await refused(asRole!, target, KEPT)).toEqual([
          "PRIVILEGE_MISSING c: Row-level security hides rows of c from the source's role.",
          "PRIVILEGE_MISSING u: The source's role may not read u (v).",
        ]);
      });
    });
  });

  it("reads with privileges on the columns alone", async () => {
    await withDatabases(["source", "target"], async (source, target) => {
      await run(source, "CREATE TABLE a (id integer, v text); INSERT INTO a VALUES (1, 'x')");
      await run(target, "CREATE TABLE a (id integer, v text)");
      await withRole([source], async (role, asRole) => {
        await run(source, `GRANT SELECT (id, v) ON a TO ${role}`);
        await refresh({ source: asRole, target, tables: { a: { id: keep(), v: keep() } } }, { key: TEST_KEY });
        expect(await run(target, "SELECT * FROM a")).toEqual([[1, "x"]]);
      });
    });
  });

  it("tells all that the target's role lacks, at once, and works for a plain owner", async () => {
    await withDatabases(["source", "target"], async (source, target) => {
      await run(source, TWO_TABLES);
      await run(target, TWO_TABLES);
      await withRole([target], async (role, asRole) => {
        await run(target, `GRANT SELECT, INSERT, TRUNCATE ON u TO ${role}`);
        const findings = await refused(source, asRole!, KEPT);
        expect(findings).toEqual([
          expect.stringMatching(/^PRIVILEGE_MISSING c: .* does not own public.c,/),
          expect.stringMatching(/^PRIVILEGE_MISSING c: .* sequence public.c_id_seq/),
          expect.stringMatching(/^PRIVILEGE_MISSING c: .* may not empty and fill c/),
        ]);
        await run(
          target,
          `ALTER TABLE u OWNER TO ${role}; ALTER TABLE c OWNER TO ${role}; ALTER TABLE u ENABLE ROW LEVEL SECURITY`,
        );
        await run(target, "ALTER TABLE u FORCE ROW LEVEL SECURITY");
        expect(await refused(source, asRole!, KEPT)).toEqual([expect.stringContaining("Row-level security holds")]);
        await run(target, "ALTER TABLE u NO FORCE ROW LEVEL SECURITY");
        const report = await refresh({ source, target: asRole, tables: KEPT }, { key: TEST_KEY });
        expect(report.rows).toBe(2);
      });
    });
  });

  it("tells a run that verifies which of the target's tables it could not look through", async () => {
    await withDatabases(["source", "target"], async (source, target) => {
      await run(source, TWO_TABLES);
      await run(target, `${TWO_TABLES} CREATE TABLE audit (id integer, entry text); CREATE TABLE free (id integer);`);
      await withRole([target], async (role, asRole) => {
        await run(target, `ALTER TABLE u OWNER TO ${role}; ALTER TABLE c OWNER TO ${role}; ALTER TABLE free OWNER TO ${role}`);
        await run(target, `GRANT SELECT (id) ON audit TO ${role}`);
        expect(await refused(source, asRole!, KEPT, { verify: true })).toEqual([
          "PRIVILEGE_MISSING audit: The target's role may not read audit (entry).",
        ]);
        await run(target, `GRANT SELECT ON audit TO ${role}`);
        const verified = await refresh({ source, target: asRole, tables: KEPT }, { key: TEST_KEY, verify: true });
        expect(verified.verification!.scope.cells).toBe(4);
      });
    });
  });

  it("follows foreign keys that point to a partition, and those that only a partition has", async () => {
    await withDatabases(["source", "target"], async (source, target) => {
      await run(
        source,
        `CREATE TABLE u (id integer PRIMARY KEY);
         CREATE TABLE p (id integer, code integer, uid integer) PARTITION BY RANGE (id);
         CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10);
         ALTER TABLE p1 ADD UNIQUE (code), ADD FOREIGN KEY (uid) REFERENCES u;
         CREATE TABLE c (code integer REFERENCES p1 (code));
         INSERT INTO u VALUES (1), (2); INSERT INTO p VALUES (1, 7, 2); INSERT INTO c VALUES (7);`,
      );
      await refresh(
        { source, target, tables: { u: { id: tokenize() }, p: { id: keep(), code: tokenize() }, c: {} } },
        { key: TEST_KEY },
      );
      const joined = "SELECT count(*)::integer FROM c JOIN p USING (code) JOIN u ON u.id = p.uid";
      expect(await run(target, joined)).toEqual([[1]]);
      // A key of one partition is a key to keep.
      const lossy = { u: { id: tokenize() }, p: { id: keep(), code: custom(() => 1) }, c: {} };
      expect(await refused(source, target, lossy)).toEqual([expect.stringMatching(/^UNIQUENESS_LOST p/)]);
    });
  });

  it("pins what changes an array's NULL, and gives up pg_dump at an abort where a table is locked", async () => {
    await withDatabases(["source", "target"], async (source, target) => {
      await run(source, `CREATE TABLE a (v text[]); INSERT INTO a VALUES ('{NULL,"NULL"}'); CREATE TABLE locked (id integer)`);
      const name = new URL(target).pathname.slice(1);
      await run(target, `ALTER DATABASE ${name} SET array_nulls = off`);
      const tables = { a: { v: keep() }, locked: "skip" } as const;
      const locker = new pg.Client(source);
      await locker.connect();
      await locker.query("BEGIN; LOCK TABLE locked");
      const stopped = refresh({ source, target, tables }, { key: TEST_KEY, signal: AbortSignal.timeout(1000) });
      await expect(stopped).rejects.toMatchObject({ code: "ABORTED", phase: "before" });
      await locker.query("ROLLBACK");
      await locker.end();
      await refresh({ source, target, tables }, { key: TEST_KEY });
      expect(await run(target, "SELECT v[1] IS NULL, v[2] FROM a")).toEqual([[true, "NULL"]]);
    });
  });
});
