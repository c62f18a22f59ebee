import pg from "pg";
import { expect, it } from "vitest";
import type { Policy } from "../../src/policy/define-policy.ts";
import { addNoise } from "../../src/transforms/add-noise.ts";
import { constant } from "../../src/transforms/constant.ts";
import { fake } from "../../src/transforms/fake.ts";
import { hash } from "../../src/transforms/hash.ts";
import { keep } from "../../src/transforms/keep.ts";
import { nullify } from "../../src/transforms/nullify.ts";
import { redact } from "../../src/transforms/redact.ts";
import { scramble } from "../../src/transforms/scramble.ts";
import { tokenize } from "../../src/transforms/tokenize.ts";
import { describeWithPostgres, withDatabases } from "../servers/postgres-server.ts";
import { loadRegardless } from "./load-regardless.ts";

async function runSql(url: string, sql: string): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

const LETTERS = "SELECT chr(CASE WHEN i < 13 THEN 97 + i ELSE 65 + i END) FROM generate_series(0, 25) i";

interface Case {
  readonly what: string;
  /** Makes the table `t`, in the source and, without its rows, in the target. */
  readonly table: string;
  readonly rows: string;
  readonly broken: Policy["tables"][string];
  readonly code: string;
  /** A rule that the plan takes and the server too. */
  readonly sound: Policy["tables"][string];
}

const CASES: readonly Case[] = [
  {
    what: "a text that is longer than its varchar",
    table: "CREATE TABLE t (v varchar(10))",
    rows: "INSERT INTO t VALUES ('Jane')",
    broken: { v: tokenize() },
    code: "LENGTH_EXCEEDED",
    sound: { v: tokenize({ length: 10 }) },
  },
  {
    what: "a number with more digits than its numeric",
    table: "CREATE TABLE t (v numeric(4,2))",
    rows: "INSERT INTO t VALUES (1.5)",
    broken: { v: constant({ value: "123.45" }) },
    code: "LENGTH_EXCEEDED",
    sound: { v: constant({ value: "12.45" }) },
  },
  {
    what: "NULL in a NOT NULL column",
    table: "CREATE TABLE t (v text NOT NULL)",
    rows: "INSERT INTO t VALUES ('Jane')",
    broken: { v: nullify() },
    code: "NOT_NULLABLE",
    sound: { v: redact() },
  },
  {
    what: "a text that is no label of an enum",
    table: "CREATE TYPE mood AS ENUM ('glad', 'sad'); CREATE TABLE t (v mood)",
    rows: "INSERT INTO t VALUES ('sad')",
    broken: { v: fake("person.firstName") },
    code: "OPTION_INVALID",
    sound: { v: constant({ value: "glad" }) },
  },
  {
    what: "a domain over a domain",
    table: `CREATE DOMAIN code AS text CHECK (VALUE ~ '^[0-9]+$');
            CREATE DOMAIN zip AS code CHECK (char_length(VALUE) = 5); CREATE TABLE t (v zip)`,
    rows: "INSERT INTO t VALUES ('10115')",
    broken: { v: tokenize() },
    code: "CHECK_VIOLATED",
    sound: { v: scramble() },
  },
  {
    what: "a CHECK of the length",
    table: "CREATE TABLE t (v text CHECK (length(v) BETWEEN 2 AND 12))",
    rows: "INSERT INTO t VALUES ('Jane')",
    broken: { v: tokenize() },
    code: "CHECK_VIOLATED",
    sound: { v: redact() },
  },
  {
    what: "a CHECK of the range",
    table: "CREATE TABLE t (v numeric(10,2) CHECK (v >= 0 AND v <= 100))",
    rows: "INSERT INTO t VALUES (99.99), (99.98), (99.97), (99.96), (99.95), (99.94), (99.93), (99.92)",
    broken: { v: addNoise({ amount: 50 }) },
    code: "CHECK_VIOLATED",
    sound: { v: addNoise({ amount: 50, min: 0, max: 100 }) },
  },
  {
    what: "a CHECK by a pattern",
    table: "CREATE TABLE t (v text CHECK (v LIKE '%@%.com'), w text CHECK (w ~ '^[A-Z]{2}-\\d{4}$'))",
    rows: "INSERT INTO t VALUES ('a@b.com', 'AB-1234')",
    broken: { v: keep(), w: tokenize() },
    code: "CHECK_VIOLATED",
    sound: { v: constant({ value: "x@y.com" }), w: scramble() },
  },
  {
    what: "a CHECK by a list",
    table: "CREATE TABLE t (v varchar(20) CHECK (v IN ('new', 'paid')))",
    rows: "INSERT INTO t VALUES ('new')",
    broken: { v: redact() },
    code: "CHECK_VIOLATED",
    sound: { v: constant({ value: "paid" }) },
  },
  {
    what: "a unique key under a mask that repeats",
    table: "CREATE TABLE t (v text UNIQUE)",
    rows: "INSERT INTO t SELECT 'name' || i FROM generate_series(1, 3000) i",
    broken: { v: fake("person.firstName") },
    code: "UNIQUENESS_LOST",
    sound: { v: tokenize() },
  },
  {
    what: "a unique key with too few bits for its rows",
    table: "CREATE TABLE t (v text PRIMARY KEY)",
    rows: "INSERT INTO t SELECT 'name' || i FROM generate_series(1, 3000) i",
    broken: { v: hash({ length: 4 }) },
    code: "UNIQUENESS_LOST",
    sound: { v: hash() },
  },
  {
    what: "a composite key with a mask that repeats",
    table: "CREATE TABLE t (a integer, v text, UNIQUE (a, v))",
    rows: "INSERT INTO t SELECT i % 2, 'name' || i FROM generate_series(1, 3000) i",
    broken: { a: keep(), v: fake("person.firstName") },
    code: "UNIQUENESS_LOST",
    sound: { a: keep(), v: fake("person.firstName", { unique: true }) },
  },
  {
    what: "a key that ignores case by its expression",
    table: "CREATE TABLE t (v text); CREATE UNIQUE INDEX t_v ON t (lower(v))",
    rows: `INSERT INTO t ${LETTERS}`,
    broken: { v: scramble() },
    code: "UNIQUENESS_LOST",
    sound: { v: tokenize() },
  },
  {
    what: "a key over a generated column that ignores case",
    table: "CREATE TABLE t (v text, k text GENERATED ALWAYS AS (lower(v)) STORED UNIQUE)",
    rows: `INSERT INTO t ${LETTERS}`,
    broken: { v: scramble() },
    code: "UNIQUENESS_LOST",
    sound: { v: tokenize() },
  },
  {
    what: "a key whose collation ignores case",
    table: `CREATE COLLATION caseless (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
            CREATE TABLE t (v text COLLATE caseless UNIQUE)`,
    rows: `INSERT INTO t ${LETTERS}`,
    broken: { v: scramble() },
    code: "UNIQUENESS_LOST",
    sound: { v: tokenize() },
  },
  {
    what: "a partial key whose WHERE comes to hold for more rows",
    table: "CREATE TABLE t (v text, state text); CREATE UNIQUE INDEX t_v ON t (v) WHERE state = 'live'",
    rows: "INSERT INTO t VALUES ('a', 'live'), ('a', 'gone')",
    broken: { v: keep(), state: constant({ value: "live" }) },
    code: "UNIQUENESS_LOST",
    sound: { v: tokenize(), state: keep() },
  },
  {
    what: "an exclusion whose ranges move",
    table: "CREATE TABLE t (a integer, b integer, EXCLUDE USING gist (int4range(a, b) WITH &&))",
    rows: "INSERT INTO t SELECT i * 1000, i * 1000 + 900 FROM generate_series(1, 50) i",
    broken: { a: keep(), b: addNoise({ amount: 5000, min: 60000 }) },
    code: "UNIQUENESS_LOST",
    sound: { a: keep(), b: keep() },
  },
];

const errorsOf = (findings: readonly { severity: string; code: string }[]) =>
  findings.filter(({ severity }) => severity === "error").map(({ code }) => code);

describeWithPostgres("what PostgreSQL would refuse at load time", () => {
  it.each(CASES)("is refused before a row moves: $what", async ({ table, rows, broken, code, sound }) => {
    await withDatabases(["plan_source", "plan_target"], async (source, target) => {
      await runSql(source!, `${table};${rows};ANALYZE`);
      await runSql(target!, table);
      const refused = await loadRegardless(source!, target!, { tables: { t: broken } });
      expect(errorsOf(refused.findings)).toContain(code);
      expect(refused.failure).not.toBeNull();
      const accepted = await loadRegardless(source!, target!, { tables: { t: sound } });
      expect(errorsOf(accepted.findings)).toEqual([]);
      expect(accepted.failure).toBeNull();
    });
  });

  const FAMILY = `CREATE TABLE parent (id integer PRIMARY KEY); CREATE TABLE child (parent_id integer REFERENCES parent)`;

  it("is refused before a row moves: rows that stay and lose their parents", async () => {
    await withDatabases(["plan_source", "plan_target"], async (source, target) => {
      await runSql(source!, `${FAMILY}; INSERT INTO parent VALUES (1)`);
      await runSql(target!, `${FAMILY}; INSERT INTO parent VALUES (1); INSERT INTO child VALUES (1)`);
      const skipped = await loadRegardless(source!, target!, { tables: { parent: { id: tokenize() }, child: "skip" } });
      expect(errorsOf(skipped.findings)).toEqual(["REFERENCE_STRANDED"]);
      expect(skipped.failure).toBe("REFERENCE_BROKEN");
      // Their keys are kept, so they may find them: the server will tell.
      const kept = await loadRegardless(source!, target!, { tables: { parent: { id: keep() }, child: "skip" } });
      expect(kept.findings.map(({ code, severity }) => `${severity} ${code}`)).toEqual(["warning REFERENCE_STRANDED"]);
      expect(kept.failure).toBeNull();
      // Left by the user's word, the reference must hold: it does where the keys are kept.
      const left = await loadRegardless(source!, target!, { tables: { parent: { id: keep() }, child: "leave" } });
      expect({ errors: errorsOf(left.findings), failure: left.failure }).toEqual({ errors: [], failure: null });
    });
  });

  it("takes the user's word for a table that only the target has, and is not deceived by a name that neither has", async () => {
    await withDatabases(["plan_source", "plan_target"], async (source, target) => {
      await runSql(source!, "CREATE TABLE parent (id integer PRIMARY KEY)");
      await runSql(target!, `${FAMILY}; INSERT INTO parent VALUES (1); INSERT INTO child VALUES (1)`);
      const planned = async (name: string) =>
        errorsOf((await loadRegardless(source!, target!, { tables: { parent: { id: tokenize() }, [name]: "leave" } })).findings);
      expect(await planned("child")).toEqual([]);
      expect(await planned("chidl")).toEqual(["TABLE_UNKNOWN", "REFERENCE_STRANDED"]);
    });
  });

  it("is refused before a row moves: a reference to a table that is not copied, unless the target holds its rows", async () => {
    await withDatabases(["plan_source", "plan_target"], async (source, target) => {
      await runSql(source!, `${FAMILY}; INSERT INTO parent VALUES (1); INSERT INTO child VALUES (1)`);
      await runSql(target!, FAMILY);
      const child = { parent_id: keep() };
      const refused = await loadRegardless(source!, target!, { tables: { parent: "skip", child } });
      expect({ errors: errorsOf(refused.findings), failure: refused.failure }).toEqual({
        errors: ["REFERENCE_UNSELECTED"],
        failure: "REFERENCE_BROKEN",
      });
      await runSql(target!, "INSERT INTO parent VALUES (1)");
      const left = await loadRegardless(source!, target!, { tables: { parent: "leave", child } });
      expect({ errors: errorsOf(left.findings), failure: left.failure }).toEqual({ errors: [], failure: null });
    });
  });

  it("is refused before a row moves: what only the target's CHECK and key forbid", async () => {
    await withDatabases(["plan_source", "plan_target"], async (source, target) => {
      await runSql(source!, "CREATE TABLE t (v text); INSERT INTO t VALUES ('ab')");
      await runSql(target!, "CREATE TABLE t (v text CHECK (length(v) < 5))");
      const refused = await loadRegardless(source!, target!, { tables: { t: { v: tokenize() } } });
      expect(errorsOf(refused.findings)).toEqual(["CHECK_VIOLATED"]);
      expect(refused.failure).not.toBeNull();
    });
  });
});
