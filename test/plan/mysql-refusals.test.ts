import { randomBytes } from "node:crypto";
import { expect, it } from "vitest";
import { fake } from "../../src/transforms/fake/fake.ts";
import { addNoise } from "../../src/transforms/numbers/add-noise.ts";
import { constant } from "../../src/transforms/plain/constant.ts";
import { keep } from "../../src/transforms/plain/keep.ts";
import { nullify } from "../../src/transforms/plain/nullify.ts";
import { redact } from "../../src/transforms/plain/redact.ts";
import { scramble } from "../../src/transforms/tokens/scramble.ts";
import { tokenize } from "../../src/transforms/tokens/tokenize.ts";
import { describeWithMysql, runMysql, withMysqlDatabases } from "../servers/mysql-server.ts";
import { loadRegardless } from "./load-regardless.ts";
import { errorsOf, itRefusesEach, type RefusalCase } from "./refusal-cases.ts";

const LETTERS = [..."abcdefghijklmNOPQRSTUVWXYZ"].map((letter) => `('${letter}')`).join(",");
const NAMES = Array.from({ length: 3000 }, (_, index) => `('customer number ${index}')`).join(",");

const CASES: readonly RefusalCase[] = [
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
  {
    what: "a letter that the column's character set lacks",
    table: "CREATE TABLE t (v varchar(60)) CHARACTER SET latin1",
    rows: `INSERT INTO t VALUES ${NAMES}`,
    broken: { v: fake("person.lastName", { locale: "pl" }) },
    code: "KIND_UNSUPPORTED",
    sound: { v: fake("person.lastName", { locale: "de" }) },
  },
  {
    what: "a fill that ASCII lacks",
    table: "CREATE TABLE t (v varchar(20) CHARACTER SET ascii)",
    rows: "INSERT INTO t VALUES ('Jane')",
    broken: { v: redact({ fill: "█" }) },
    code: "KIND_UNSUPPORTED",
    sound: { v: redact() },
  },
  {
    what: "an emoji in utf8mb3",
    table: "CREATE TABLE t (v varchar(20) CHARACTER SET utf8mb3)",
    rows: "INSERT INTO t VALUES ('Jane')",
    broken: { v: constant({ value: "😀" }) },
    code: "KIND_UNSUPPORTED",
    sound: { v: redact({ fill: "█" }) },
  },
  {
    what: "a number that a CHECK of MOD refuses",
    table: "CREATE TABLE t (v int CHECK (v % 2 = 0))",
    rows: "INSERT INTO t VALUES (2), (4), (6), (8), (10), (12), (14), (16), (18), (20), (22), (24)",
    broken: { v: tokenize() },
    code: "CHECK_VIOLATED",
    sound: { v: constant({ value: "4" }) },
  },
  {
    what: "a text of another case in a CHECK that heeds case",
    table: "CREATE TABLE t (v varchar(20) COLLATE utf8mb4_bin CHECK (v in ('new', 'paid')))",
    rows: "INSERT INTO t VALUES ('new')",
    broken: { v: constant({ value: "PAID" }) },
    code: "CHECK_VIOLATED",
    sound: { v: constant({ value: "paid" }) },
  },
  {
    what: "rows that lose the only one of two columns that they have",
    table: "CREATE TABLE t (a varchar(9), b varchar(9), CHECK (a is not null or b is not null))",
    rows: "INSERT INTO t VALUES ('x', null)",
    broken: { a: nullify(), b: keep() },
    code: "CHECK_VIOLATED",
    sound: { a: redact(), b: keep() },
  },
];

describeWithMysql("what MySQL or MariaDB would refuse at load time", () => {
  itRefusesEach(CASES, {
    withPair: (use) => withMysqlDatabases(["plan_source", "plan_target"], (source, target) => use(source!, target!)),
    run: runMysql,
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

  // Without DROP what was made for the rows cannot be taken back either: a forced load would leave it behind.
  it.each(["SELECT", "INSERT", "DELETE", "CREATE", "ALTER"])(
    "is refused before a row moves: a user without %s",
    async (lacking) => {
      const user = `plan_${randomBytes(4).toString("hex")}`;
      const all = ["SELECT", "INSERT", "DELETE", "CREATE", "DROP", "ALTER"];
      await withMysqlDatabases(["plan_source", "plan_target"], async (source, target) => {
        await runMysql(source!, "CREATE TABLE t (v text); INSERT INTO t VALUES ('Jane')");
        await runMysql(target!, "CREATE TABLE t (v text)");
        const url = new URL(target!);
        const grant = (privileges: readonly string[]) =>
          runMysql(
            target!,
            `GRANT ${privileges.join(", ")} ON \`${url.pathname.slice(1).replaceAll("_", "\\_")}\`.* TO '${user}'@'%'`,
          );
        try {
          await runMysql(target!, `CREATE USER '${user}'@'%' IDENTIFIED BY 'secret'`);
          await grant(all.filter((one) => one !== lacking));
          const asUser = Object.assign(new URL(target!), { username: user, password: "secret" }).toString();
          const refused = await loadRegardless(source!, asUser, { tables: { t: { v: redact() } } });
          expect(refused.findings).toMatchObject([
            { code: "PRIVILEGE_MISSING", message: expect.stringContaining(` ${lacking} `) },
          ]);
          expect(refused.failure).not.toBeNull();
          await grant([lacking]);
          const accepted = await loadRegardless(source!, asUser, { tables: { t: { v: redact() } } });
          expect({ errors: errorsOf(accepted.findings), failure: accepted.failure }).toEqual({ errors: [], failure: null });
        } finally {
          await runMysql(target!, `DROP USER IF EXISTS '${user}'@'%'`);
        }
      });
    },
  );
});
