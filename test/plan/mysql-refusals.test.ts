import { expect, it } from "vitest";
import type { Policy } from "../../src/policy/define-policy.ts";
import { addNoise } from "../../src/transforms/add-noise.ts";
import { constant } from "../../src/transforms/constant.ts";
import { fake } from "../../src/transforms/fake.ts";
import { keep } from "../../src/transforms/keep.ts";
import { nullify } from "../../src/transforms/nullify.ts";
import { redact } from "../../src/transforms/redact.ts";
import { scramble } from "../../src/transforms/scramble.ts";
import { tokenize } from "../../src/transforms/tokenize.ts";
import { describeWithMysql, runMysql, withMysqlDatabases } from "../servers/mysql-server.ts";
import { loadRegardless } from "./load-regardless.ts";

interface Case {
  readonly what: string;
  readonly table: string;
  readonly rows: string;
  readonly broken: Policy["tables"][string];
  readonly code: string;
  readonly sound: Policy["tables"][string];
}

const LETTERS = [..."abcdefghijklmNOPQRSTUVWXYZ"].map((letter) => `('${letter}')`).join(",");
const NAMES = Array.from({ length: 3000 }, (_, index) => `('customer number ${index}')`).join(",");

const CASES: readonly Case[] = [
  {
    what: "a text with more bytes than its TINYTEXT",
    table: "CREATE TABLE t (v tinytext)",
    rows: `INSERT INTO t VALUES ('${"x".repeat(200)}')`,
    broken: { v: redact({ fill: "█" }) },
    code: "LENGTH_EXCEEDED",
    sound: { v: redact() },
  },
  {
    what: "a text that is longer than its varchar",
    table: "CREATE TABLE t (v varchar(10))",
    rows: "INSERT INTO t VALUES ('Jane')",
    broken: { v: tokenize() },
    code: "LENGTH_EXCEEDED",
    sound: { v: tokenize({ length: 10 }) },
  },
  {
    what: "a number with more digits than its decimal",
    table: "CREATE TABLE t (v decimal(4,2))",
    rows: "INSERT INTO t VALUES (1.5)",
    broken: { v: constant({ value: "123.45" }) },
    code: "LENGTH_EXCEEDED",
    sound: { v: constant({ value: "12.45" }) },
  },
  {
    what: "NULL in a NOT NULL column",
    table: "CREATE TABLE t (v varchar(10) NOT NULL)",
    rows: "INSERT INTO t VALUES ('Jane')",
    broken: { v: nullify() },
    code: "NOT_NULLABLE",
    sound: { v: redact() },
  },
  {
    what: "a text that is no label of an enum",
    table: "CREATE TABLE t (v enum('glad','sad'))",
    rows: "INSERT INTO t VALUES ('sad')",
    broken: { v: constant({ value: "cross" }) },
    code: "OPTION_INVALID",
    sound: { v: constant({ value: "glad" }) },
  },
  {
    what: "a CHECK of a column",
    table: "CREATE TABLE t (v varchar(40) CHECK (char_length(v) <= 12))",
    rows: "INSERT INTO t VALUES ('Jane')",
    broken: { v: tokenize() },
    code: "CHECK_VIOLATED",
    sound: { v: redact() },
  },
  {
    what: "a CHECK of a table, by a pattern",
    table: "CREATE TABLE t (v varchar(40), CONSTRAINT form CHECK (v regexp '^[A-Z]{2}[0-9]{4}$'))",
    rows: "INSERT INTO t VALUES ('AB1234')",
    broken: { v: tokenize() },
    code: "CHECK_VIOLATED",
    sound: { v: scramble() },
  },
  {
    what: "a CHECK of the range and one by a list",
    table: "CREATE TABLE t (n int CHECK (n between 0 and 100), v varchar(9) CHECK (v in ('new', 'paid')))",
    rows: "INSERT INTO t VALUES (100,'new'), (99,'new'), (98,'new'), (97,'new'), (96,'new'), (95,'new'), (94,'new')",
    broken: { n: addNoise({ amount: 90 }), v: constant({ value: "paid" }) },
    code: "CHECK_VIOLATED",
    sound: { n: addNoise({ amount: 50, min: 0, max: 100 }), v: constant({ value: "paid" }) },
  },
  {
    what: "a unique key that ignores case",
    table: "CREATE TABLE t (v varchar(40) UNIQUE) COLLATE utf8mb4_general_ci",
    rows: `INSERT INTO t VALUES ${LETTERS}`,
    broken: { v: scramble() },
    code: "UNIQUENESS_LOST",
    sound: { v: tokenize() },
  },
  {
    what: "a unique key under a mask that repeats",
    table: "CREATE TABLE t (v varchar(60) UNIQUE)",
    rows: `INSERT INTO t VALUES ${NAMES}`,
    broken: { v: fake("person.firstName") },
    code: "UNIQUENESS_LOST",
    sound: { v: fake("person.firstName", { unique: true }) },
  },
  {
    what: "a unique key over the start of a column",
    table: "CREATE TABLE t (v varchar(60), UNIQUE (v(3)))",
    rows: `INSERT INTO t VALUES ${Array.from({ length: 900 }, (_, index) => `('${index + 100}')`).join(",")}`,
    broken: { v: fake("internet.email", { unique: true }) },
    code: "UNIQUENESS_LOST",
    sound: { v: keep() },
  },
  {
    what: "a unique key over a generated column",
    table: "CREATE TABLE t (v varchar(40) COLLATE utf8mb4_bin, k varchar(40) COLLATE utf8mb4_bin AS (lower(v)) STORED UNIQUE)",
    rows: `INSERT INTO t (v) VALUES ${LETTERS}`,
    broken: { v: scramble() },
    code: "UNIQUENESS_LOST",
    sound: { v: tokenize() },
  },
];

const errorsOf = (findings: readonly { severity: string; code: string }[]) =>
  findings.filter(({ severity }) => severity === "error").map(({ code }) => code);

describeWithMysql("what MySQL or MariaDB would refuse at load time", () => {
  it.each(CASES)("is refused before a row moves: $what", async ({ table, rows, broken, code, sound }) => {
    await withMysqlDatabases(["plan_source", "plan_target"], async (source, target) => {
      await runMysql(source!, `${table};${rows}`);
      await runMysql(target!, table);
      const refused = await loadRegardless(source!, target!, { tables: { t: broken } });
      expect(errorsOf(refused.findings)).toContain(code);
      expect(refused.failure).not.toBeNull();
      const accepted = await loadRegardless(source!, target!, { tables: { t: sound } });
      expect(errorsOf(accepted.findings)).toEqual([]);
      expect(accepted.failure).toBeNull();
    });
  });

  it("is refused before a row moves: rows that stay and lose their parents", async () => {
    const family =
      "CREATE TABLE parent (id int PRIMARY KEY); CREATE TABLE child (parent_id int, FOREIGN KEY (parent_id) REFERENCES parent (id))";
    await withMysqlDatabases(["plan_source", "plan_target"], async (source, target) => {
      await runMysql(source!, `${family}; INSERT INTO parent VALUES (1)`);
      await runMysql(target!, `${family}; INSERT INTO parent VALUES (1); INSERT INTO child VALUES (1)`);
      const skipped = await loadRegardless(source!, target!, { tables: { parent: { id: tokenize() }, child: "skip" } });
      expect({ errors: errorsOf(skipped.findings), failure: skipped.failure }).toEqual({
        errors: ["REFERENCE_STRANDED"],
        failure: "REFERENCE_BROKEN",
      });
      const left = await loadRegardless(source!, target!, { tables: { parent: { id: keep() }, child: "leave" } });
      expect({ errors: errorsOf(left.findings), failure: left.failure }).toEqual({ errors: [], failure: null });
    });
  });
});
