import { randomBytes } from "node:crypto";
import { inspect } from "node:util";
import { expect, it } from "vitest";
import { StandinError } from "../../src/errors.ts";
import { refresh } from "../../src/refresh.ts";
import { keep } from "../../src/transforms/plain/keep.ts";
import { mysqlDefinitions } from "../end-to-end/mysql-definitions.ts";
import { exactRows } from "../end-to-end/mysql-examiner.ts";
import { describeWithMysql, isMariaDb, mysqlUrl, runMysql, withMysqlDatabases } from "../servers/mysql-server.ts";
import { TEST_KEY } from "../test-key.ts";
import { copy, expectEqualDatabases } from "./mysql-copy.ts";

const TABLES = { t: { id: keep(), v: keep() } };
const T =
  "CREATE TABLE t (id int PRIMARY KEY AUTO_INCREMENT, v varchar(50)); INSERT INTO t VALUES (1, 'one'), (2, NULL), (3, '')";
const withHost = (url: string, hostname: string) => Object.assign(new URL(url), { hostname }).toString();
const isLocal = ["127.0.0.1", "localhost"].includes(new URL(mysqlUrl ?? "mysql://none").hostname);

/** Makes a user with no more than these privileges on two databases, and lends the URLs with it. */
async function withPlainUser(
  source: string,
  target: string,
  use: (source: string, target: string) => Promise<void>,
  onSource = "SELECT, SHOW VIEW, TRIGGER",
  onTarget = "ALL",
): Promise<void> {
  const name = `standin_${randomBytes(4).toString("hex")}`;
  const databaseOf = (url: string) => `\`${new URL(url).pathname.slice(1)}\``;
  const as = (url: string) => Object.assign(new URL(url), { username: name, password: "p@ss/word" }).toString();
  await runMysql(mysqlUrl!, `CREATE USER ${name}@'%' IDENTIFIED BY 'p@ss/word'`);
  try {
    await runMysql(
      mysqlUrl!,
      `GRANT ${onSource} ON ${databaseOf(source)}.* TO ${name}@'%'; GRANT ${onTarget} ON ${databaseOf(target)}.* TO ${name}@'%'`,
    );
    await use(as(source), as(target));
  } finally {
    await runMysql(mysqlUrl!, `DROP USER ${name}@'%'`);
  }
}

describeWithMysql("who may copy from and to MariaDB", () => {
  it("refuses a target that is the source", () =>
    withMysqlDatabases(["standin_same"], async (url) => {
      await runMysql(url!, T);
      await expect(refresh({ source: url, target: url, tables: TABLES }, { key: TEST_KEY })).rejects.toMatchObject({
        code: "SOURCE_IS_TARGET",
        phase: "before",
      });
      expect(await runMysql(url!, "SELECT COUNT(*) AS n FROM t")).toEqual([{ n: 3 }]);
    }));

  it.runIf(isLocal)("knows the source under another host name", () =>
    withMysqlDatabases(["standin_same"], async (url) => {
      await runMysql(url!, T);
      const policy = { source: withHost(url!, "127.0.0.1"), target: withHost(url!, "localhost"), tables: TABLES };
      await expect(refresh(policy, { key: TEST_KEY })).rejects.toMatchObject({ code: "SOURCE_IS_TARGET" });
    }),
  );

  it.each([
    ["PostgreSQL", "MySQL", "postgres://127.0.0.1:1/a", "mysql://127.0.0.1:1/a"],
    ["MySQL", "PostgreSQL", "mariadb://127.0.0.1:1/a", "postgres://127.0.0.1:1/a"],
  ])("refuses rows from %s to %s, before it connects to either", async (_from, _to, source, target) => {
    await expect(refresh({ source, target, tables: TABLES }, { key: TEST_KEY })).rejects.toMatchObject({
      code: "SYSTEMS_UNSUPPORTED",
      phase: "before",
    });
  });

  it.each([
    ["refuses connections", "SOURCE_UNREACHABLE", (url: string) => Object.assign(new URL(url), { port: "1" }).toString()],
    [
      "refuses the password",
      "SOURCE_UNREACHABLE",
      (url: string) => Object.assign(new URL(url), { username: "standin_nobody", password: "hunter2secret" }).toString(),
    ],
    [
      "has no such database",
      "SOURCE_UNREACHABLE",
      (url: string) => Object.assign(new URL(url), { pathname: "/standin_no_such" }).toString(),
    ],
  ])("tells when the server %s, and never the password", (_, code, spoil) =>
    withMysqlDatabases(["standin_target"], async (target) => {
      const error = await refresh({ source: spoil(target!), target, tables: TABLES }, { key: TEST_KEY }).catch(
        (reason: unknown) => reason,
      );
      expect(error).toBeInstanceOf(StandinError);
      expect(error).toMatchObject({ code, phase: "before" });
      expect(inspect(error, { depth: 20, showHidden: true })).not.toContain("hunter2secret");
    }),
  );

  it("needs no superuser: SELECT, SHOW VIEW and TRIGGER on the source, and ALL on the target", () =>
    withMysqlDatabases(["standin_source", "standin_target"], async (source, target) => {
      await runMysql(
        source!,
        `${T}; CREATE TABLE child (id int PRIMARY KEY, t int, CONSTRAINT up FOREIGN KEY (t) REFERENCES t (id)); INSERT INTO child VALUES (1, 3), (2, NULL)`,
      );
      await withPlainUser(source!, target!, async (plainSource, plainTarget) => {
        for (let round = 0; round < 2; round++) {
          const report = await copy(plainSource, plainTarget);
          expect(report.rows).toBe(5);
          await expectEqualDatabases({ source: source!, target: target! });
        }
      });
    }));

  it("takes a trigger of the user's own out of the way and puts it back, unless the server's binary log has plain users make none", () =>
    withMysqlDatabases(["standin_source", "standin_target"], async (source, target) => {
      for (const url of [source!, target!]) await runMysql(url, T);
      await withPlainUser(source!, target!, async (plainSource, plainTarget) => {
        const definer = `${new URL(plainTarget).username}@'%'`;
        await runMysql(target!, `CREATE DEFINER = ${definer} TRIGGER mine BEFORE INSERT ON t FOR EACH ROW SET NEW.v = 'x'`);
        const before = await mysqlDefinitions(target!);
        const logs = "SELECT @@log_bin = 1 AND @@log_bin_trust_function_creators = 0 AS refuses";
        const [{ refuses }] = (await runMysql(target!, logs)) as [{ refuses: number }];
        const hint = expect.stringContaining("log_bin_trust_function_creators");
        if (refuses === 1)
          await expect(copy(plainSource, plainTarget)).rejects.toMatchObject({
            code: "PRIVILEGE_MISSING",
            phase: "before",
            hint,
          });
        else expect((await copy(plainSource, plainTarget)).rows).toBe(3);
        expect(await mysqlDefinitions(target!)).toEqual(before);
      });
    }));

  it("needs no more than SELECT on a source whose tables the target has already", () =>
    withMysqlDatabases(["standin_source", "standin_target"], async (source, target) => {
      await runMysql(source!, `${T}; CREATE TRIGGER theirs BEFORE INSERT ON t FOR EACH ROW SET NEW.v = 'x'`);
      await runMysql(target!, "CREATE TABLE t (id int PRIMARY KEY AUTO_INCREMENT, v varchar(50))");
      const use = async (plainSource: string, plainTarget: string) => {
        expect((await copy(plainSource, plainTarget)).rows).toBe(3);
      };
      await withPlainUser(source!, target!, use, "SELECT");
      expect((await exactRows(target!, "t")).sort()).toEqual((await exactRows(source!, "t")).sort());
    }));

  it("leaves what a plain user may not put back: a trigger of somebody else's", () =>
    withMysqlDatabases(["standin_source", "standin_target"], async (source, target) => {
      await runMysql(source!, T);
      await runMysql(target!, `${T}; CREATE TRIGGER theirs BEFORE INSERT ON t FOR EACH ROW SET NEW.v = UPPER(NEW.v)`);
      const triggers = () =>
        runMysql(target!, "SELECT trigger_name, definer FROM information_schema.triggers WHERE trigger_schema = DATABASE()");
      const before = await triggers();
      await withPlainUser(source!, target!, async (plainSource, plainTarget) => {
        // Either way is right: a copy with the trigger as it was, or a refusal with everything as it was.
        await copy(plainSource, plainTarget).catch((error: unknown) =>
          expect(error).toMatchObject({ code: "PRIVILEGE_MISSING" }),
        );
      });
      expect(await triggers()).toEqual(before);
      expect(await runMysql(target!, "SELECT v FROM t ORDER BY id")).toEqual([{ v: "one" }, { v: null }, { v: "" }]);
      expect(await runMysql(target!, "SHOW TABLES")).toHaveLength(1);
    }));

  it.each([
    ["finish a swap", "PLAN_REFUSED", "", T],
    [
      "make its triggers",
      "PRIVILEGE_MISSING",
      "DELETE, ",
      `${T}; CREATE TRIGGER mine BEFORE INSERT ON t FOR EACH ROW SET NEW.v = 'x'`,
    ],
    [
      "make its routines",
      "PRIVILEGE_MISSING",
      "DELETE, ",
      `${T}; ${isMariaDb ? "CREATE SEQUENCE numbers;" : ""} CREATE FUNCTION one() RETURNS int DETERMINISTIC RETURN 1`,
    ],
    ["make its views", "PRIVILEGE_MISSING", "DELETE, ", `${T}; CREATE VIEW names AS SELECT v FROM t`],
  ])("is refused before the first row where the target's user may not %s, and leaves nothing behind", (_, code, more, sql) =>
    withMysqlDatabases(["standin_source", "standin_target"], async (source, target) => {
      await runMysql(source!, sql);
      const rights = `${more}SELECT, INSERT, CREATE, DROP, ALTER, INDEX, LOCK TABLES`;
      const use = async (_plainSource: string, plainTarget: string) => {
        await expect(copy(source!, plainTarget)).rejects.toMatchObject({ code, phase: "before" });
        expect(await runMysql(target!, "SHOW FULL TABLES")).toEqual([]);
      };
      await withPlainUser(source!, target!, use, undefined, rights);
    }),
  );
});
