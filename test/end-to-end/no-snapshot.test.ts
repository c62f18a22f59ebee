import { expect, it } from "vitest";
import type { Policy } from "../../src/policy/define-policy.ts";
import { planRefresh, refresh } from "../../src/refresh.ts";
import { keep, redact } from "../../src/transforms/index.ts";
import { describeWithMysql, runMysql, withMysqlDatabases } from "../servers/mysql-server.ts";
import { TEST_KEY as key } from "../test-key.ts";

const tables = (engine: string) =>
  `CREATE TABLE logs (id int PRIMARY KEY, line varchar(40)) ENGINE=${engine}; CREATE TABLE users (id int PRIMARY KEY, name varchar(40)) ENGINE=InnoDB`;

describeWithMysql("a source with tables of an engine without transactions", () => {
  const withEnds = (use: (policy: Policy, target: string) => Promise<void>) =>
    withMysqlDatabases(["standin_source", "standin_target"], async (source, target) => {
      await runMysql(source!, tables("MyISAM"));
      await runMysql(target!, tables("InnoDB"));
      await runMysql(source!, "INSERT INTO logs VALUES (1, 'first line'); INSERT INTO users VALUES (1, 'Ana')");
      const rules = { logs: { id: keep(), line: redact() }, users: { id: keep(), name: redact() } };
      await use({ source: source!, target: target!, tables: rules }, target!);
    });

  it("is told of by the plan, before a row moves, and in the report: of such a table, and of no other", () =>
    withEnds(async (policy) => {
      const told: string[] = [];
      const { warnings } = await refresh(policy, {
        key,
        onProgress: (event) => {
          if (event.type === "warning") told.push(event.finding.code);
          if (event.type === "table-started") told.push(event.table);
        },
      });
      expect(warnings.map(({ code, table, severity }) => [code, table, severity])).toEqual([
        ["SNAPSHOT_MISSING", "logs", "warning"],
      ]);
      expect(warnings[0]!.message).toContain("MyISAM");
      expect(told).toEqual(["SNAPSHOT_MISSING", "logs", "users"]);
      expect((await planRefresh(policy)).findings.map(({ code }) => code)).toEqual(["SNAPSHOT_MISSING"]);
    }));

  it("is refused before a row moves where it would be read again and a warning keeps a copy from being published", () =>
    withEnds(async (policy, target) => {
      const strict = { warningsAsErrors: true };
      await expect(refresh(policy, { key, resumable: true, verify: strict })).rejects.toMatchObject({
        code: "PLAN_REFUSED",
        phase: "before",
        findings: [expect.objectContaining({ code: "SNAPSHOT_MISSING", table: "logs" })],
      });
      expect(await runMysql(target, "SHOW TABLES")).toHaveLength(2);
      expect(await runMysql(target, "SELECT id FROM logs")).toEqual([]);
      // What is looked at while it is read is of one moment.
      await refresh(policy, { key, verify: strict });
      expect(await runMysql(target, "SELECT line FROM logs")).toEqual([{ line: "**********" }]);
    }));
});
