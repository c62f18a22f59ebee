import pg from "pg";
import { expect, it } from "vitest";
import { shuffle } from "../../src/transforms/choices/shuffle.ts";
import { shiftDates } from "../../src/transforms/dates/shift-dates.ts";
import { fake } from "../../src/transforms/fake/fake.ts";
import { addNoise } from "../../src/transforms/numbers/add-noise.ts";
import { constant } from "../../src/transforms/plain/constant.ts";
import { keep } from "../../src/transforms/plain/keep.ts";
import { nullify } from "../../src/transforms/plain/nullify.ts";
import { redact } from "../../src/transforms/plain/redact.ts";
import { encryptDigits } from "../../src/transforms/tokens/encrypt-digits.ts";
import { hash } from "../../src/transforms/tokens/hash.ts";
import { scramble } from "../../src/transforms/tokens/scramble.ts";
import { tokenize } from "../../src/transforms/tokens/tokenize.ts";
import { describeWithPostgres, withDatabases } from "../servers/postgres-server.ts";
import { loadRegardless } from "./load-regardless.ts";
import { errorsOf, itRefusesEach, type RefusalCase } from "./refusal-cases.ts";

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

const CASES: readonly RefusalCase[] = [
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
  ...(
    [
      ["date", "2024-02-30", "2024-02-29"],
      ["inet", "10.0.0.300", "10.0.0.3"],
      ["macaddr", "08:00:2b:01:02", "08:00:2b:01:02:03"],
      ["interval", "some days", "3 days"],
      ["integer[]", "{1,x}", "{1,2}"],
      ["int4range", "[9,1)", "[1,9)"],
      ["xml", "<a>", "<a/>"],
      ["money", "much", "12.50"],
      ["bit(3)", "10101", "101"],
      ["point", "(1)", "(1,2)"],
      ["oid", "-x", "7"],
      ["real", "1e60", "1e6"],
      ["text", "a\u0000b", "ab"],
      ["jsonb", '"\\u0000"', '"a"'],
    ] as const
  ).map(([type, broken, sound]) => ({
    what: `a constant that is no ${type}`,
    table: `CREATE TABLE t (v ${type})`,
    rows: `INSERT INTO t VALUES ('${sound}')`,
    broken: { v: constant({ value: broken }) },
    code: "OPTION_INVALID",
    sound: { v: constant({ value: sound }) },
  })),
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
  {
    what: "rows that a CHECK of two columns refuses",
    table: "CREATE TABLE t (id integer, a date, b date, CHECK (a <= b))",
    rows: "INSERT INTO t SELECT i, date '2020-01-01' + i, date '2020-01-02' + i FROM generate_series(1, 300) i",
    broken: { id: keep(), a: keep(), b: shiftDates({ days: 60, by: "id" }) },
    code: "CHECK_VIOLATED",
    sound: { id: keep(), a: shiftDates({ days: 60, by: "id" }), b: shiftDates({ days: 60, by: "id" }) },
  },
  {
    what: "rows that lose the only one of two columns that they have",
    table: "CREATE TABLE t (e text, p text, CHECK (e IS NOT NULL OR p IS NOT NULL))",
    rows: "INSERT INTO t VALUES ('a', NULL), (NULL, 'b')",
    broken: { e: nullify(), p: redact() },
    code: "CHECK_VIOLATED",
    sound: { e: tokenize(), p: redact() },
  },
  {
    what: "rows that must have one of two columns by count",
    table: "CREATE TABLE t (e text, p text, CHECK (num_nonnulls(e, p) = 1))",
    rows: "INSERT INTO t VALUES ('a', NULL), (NULL, 'b')",
    broken: { e: nullify(), p: redact() },
    code: "CHECK_VIOLATED",
    sound: { e: redact(), p: redact() },
  },
  {
    what: "a column that another's value asks for",
    table: "CREATE TABLE t (s text, d date, CHECK (s <> 'done' OR d IS NOT NULL))",
    rows: "INSERT INTO t VALUES ('done', '2020-01-01')",
    broken: { s: keep(), d: nullify() },
    code: "CHECK_VIOLATED",
    sound: { s: keep(), d: constant({ value: "2020-02-02" }) },
  },
  {
    what: "a value that no partition takes",
    table: `CREATE TABLE t (k integer, v text) PARTITION BY LIST (k);
            CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1, 2)`,
    rows: "INSERT INTO t VALUES (1, 'a'), (2, 'b')",
    broken: { k: tokenize(), v: keep() },
    code: "CHECK_VIOLATED",
    sound: { k: constant({ value: "2" }), v: tokenize() },
  },
  {
    what: "a date that is moved out of every partition",
    table: `CREATE TABLE t (k date, v text) PARTITION BY RANGE (k);
            CREATE TABLE t1 PARTITION OF t FOR VALUES FROM ('2020-01-01') TO ('2021-01-01')`,
    rows: "INSERT INTO t SELECT date '2020-01-01' + i, i::text FROM generate_series(0, 300) i",
    broken: { k: shiftDates({ days: 300, by: "v" }), v: keep() },
    code: "CHECK_VIOLATED",
    sound: { k: keep(), v: tokenize() },
  },
  {
    what: "a number with more digits than the numeric under its domain",
    table: "CREATE DOMAIN share AS numeric(4,2); CREATE TABLE t (v share)",
    rows: "INSERT INTO t VALUES (1.5)",
    broken: { v: constant({ value: "123.45" }) },
    code: "LENGTH_EXCEEDED",
    sound: { v: constant({ value: "12.45" }) },
  },
  {
    what: "values that are moved beside others of a composite key",
    table: "CREATE TABLE t (a integer, v text, UNIQUE (a, v))",
    rows: "INSERT INTO t SELECT i % 30, 'u' || (i / 30) FROM generate_series(1, 300) i",
    broken: { a: keep(), v: shuffle() },
    code: "UNIQUENESS_LOST",
    sound: { a: keep(), v: tokenize() },
  },
  {
    what: "a unique key whose odd values are redacted",
    table: "CREATE TABLE t (v text UNIQUE)",
    rows: "INSERT INTO t SELECT 'abcd' || chr(64 + i) FROM generate_series(1, 20) i",
    broken: { v: encryptDigits({ onUnsupported: "redact" }) },
    code: "UNIQUENESS_LOST",
    sound: { v: tokenize() },
  },
  {
    what: "NULLs in a key that takes them for equal, unlike others",
    table: "CREATE TABLE t (v text, w text UNIQUE, UNIQUE NULLS NOT DISTINCT (v))",
    rows: "INSERT INTO t SELECT 'x' || i, 'y' || i FROM generate_series(1, 30) i",
    broken: { v: nullify(), w: nullify() },
    code: "UNIQUENESS_LOST",
    sound: { v: tokenize(), w: nullify() },
  },
];

describeWithPostgres("what PostgreSQL would refuse at load time", () => {
  itRefusesEach(CASES, {
    withPair: (use) => withDatabases(["plan_source", "plan_target"], (source, target) => use(source!, target!)),
    run: (url, sql) => runSql(url, `${sql};ANALYZE`),
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

  it("warns of what only the target asks of columns that are copied as they are", async () => {
    await withDatabases(["plan_source", "plan_target"], async (source, target) => {
      await runSql(source!, "CREATE TABLE t (v text, k integer); INSERT INTO t VALUES ('abcdefgh', 1), ('ab', 1)");
      await runSql(target!, "CREATE TABLE t (v text CHECK (length(v) < 5), k integer UNIQUE)");
      const { findings, failure } = await loadRegardless(source!, target!, { tables: { t: { v: keep(), k: keep() } } });
      expect(findings.map(({ code, severity }) => `${severity} ${code}`)).toEqual([
        "warning CHECK_VIOLATED",
        "warning UNIQUENESS_LOST",
      ]);
      expect(failure).toBe("SINK_REJECTED");
    });
  });
});
