import { expect, it } from "vitest";
import { planRefresh, refresh } from "../../src/refresh.ts";
import { custom } from "../../src/transforms/pieces/custom.ts";
import { keep } from "../../src/transforms/plain/keep.ts";
import { mysqlDefinitions } from "../end-to-end/mysql-definitions.ts";
import { describeWithMysql, isMariaDb, runMysql, withMysqlDatabases } from "../servers/mysql-server.ts";
import { TEST_KEY } from "../test-key.ts";
import { copy, withCopy } from "./mysql-copy.ts";

const PEOPLE =
  "CREATE TABLE people (id int PRIMARY KEY, name varchar(50)); INSERT INTO people VALUES (1, 'Ann'), (2, 'Bo'), (3, 'Cy')";

describeWithMysql("a MariaDB target that is in use", () => {
  it("fires no trigger while rows are loaded, and fires them afterwards", () => {
    const target = `
      CREATE TABLE people (id int PRIMARY KEY, name varchar(50)); CREATE TABLE log (note varchar(50));
      CREATE TRIGGER on_insert BEFORE INSERT ON people FOR EACH ROW SET NEW.name = 'by trigger';
      CREATE TRIGGER on_delete AFTER DELETE ON people FOR EACH ROW INSERT INTO log VALUES ('deleted');
      INSERT INTO people VALUES (9, 'old')`;
    return withCopy(
      PEOPLE,
      async ({ target }) => {
        expect((await runMysql(target, "SELECT name FROM people ORDER BY id")).map(({ name }) => name)).toEqual([
          "Ann",
          "Bo",
          "Cy",
        ]);
        expect(await runMysql(target, "SELECT * FROM log")).toEqual([]);
        await runMysql(target, "INSERT INTO people VALUES (4, 'x'); DELETE FROM people WHERE id = 1");
        expect(await runMysql(target, "SELECT name FROM people WHERE id = 4")).toEqual([{ name: "by trigger" }]);
        expect(await runMysql(target, "SELECT * FROM log")).toEqual([{ note: "deleted" }]);
      },
      { target },
    );
  });

  it("leaves other tables as they are, and their foreign keys pointing to the new rows", () => {
    const target = `
      CREATE TABLE people (id int PRIMARY KEY, name varchar(50)); INSERT INTO people VALUES (1, 'old'), (9, 'older');
      CREATE TABLE visits (id int PRIMARY KEY, person int, CONSTRAINT of_person FOREIGN KEY (person) REFERENCES people (id)); INSERT INTO visits VALUES (1, 1);
      CREATE VIEW names AS SELECT name FROM people`;
    return withCopy(
      PEOPLE,
      async ({ target }) => {
        expect(await runMysql(target, "SELECT * FROM visits")).toEqual([{ id: 1, person: 1 }]);
        expect(await runMysql(target, "SELECT name FROM names ORDER BY name")).toEqual([
          { name: "Ann" },
          { name: "Bo" },
          { name: "Cy" },
        ]);
        await runMysql(target, "INSERT INTO visits VALUES (2, 3)");
        await expect(runMysql(target, "INSERT INTO visits VALUES (3, 9)")).rejects.toThrow("of_person");
        expect((await runMysql(target, "SHOW FULL TABLES")).map((row) => Object.values(row)[0])).toEqual([
          "names",
          "people",
          "visits",
        ]);
      },
      { target },
    );
  });

  it("refuses rows that a table outside of the plan would lose, and stays as it was", () =>
    withMysqlDatabases(["standin_source", "standin_target"], async (source, target) => {
      await runMysql(source, PEOPLE);
      await runMysql(
        target,
        `CREATE TABLE people (id int PRIMARY KEY, name varchar(50)); INSERT INTO people VALUES (9, 'old');
         CREATE TABLE visits (id int PRIMARY KEY, person int, FOREIGN KEY (person) REFERENCES people (id)); INSERT INTO visits VALUES (1, 9)`,
      );
      await expect(copy(source, target)).rejects.toMatchObject({ code: "REFERENCE_BROKEN" });
      expect(await runMysql(target, "SELECT * FROM people")).toEqual([{ id: 9, name: "old" }]);
      expect((await runMysql(target, "SHOW TABLES")).map((row) => Object.values(row)[0])).toEqual(["people", "visits"]);
    }));

  it("fills columns in the target's order, and its own columns by their defaults", () => {
    const target = "CREATE TABLE people (name varchar(80), added int NOT NULL DEFAULT 7, id int PRIMARY KEY)";
    return withCopy(
      PEOPLE,
      async ({ target }) => {
        expect(await runMysql(target, "SELECT * FROM people ORDER BY id LIMIT 1")).toEqual([{ name: "Ann", added: 7, id: 1 }]);
      },
      { target },
    );
  });

  it("shows its readers the old rows until all new ones are in, and keeps none waiting", () =>
    withMysqlDatabases(["standin_source", "standin_target"], async (source, target) => {
      await runMysql(source, `${PEOPLE}; CREATE TABLE z_last (id int PRIMARY KEY, v int); INSERT INTO z_last VALUES (1, 1)`);
      await runMysql(
        target,
        "CREATE TABLE people (id int PRIMARY KEY, name varchar(50)); CREATE TABLE z_last (id int PRIMARY KEY, v int)",
      );
      await runMysql(target, "INSERT INTO people VALUES (9, 'old')");
      const seen: unknown[] = [];
      const v = custom(async (value) => {
        seen.push(await runMysql(target, "SELECT * FROM people"));
        return value;
      });
      const tables = { people: { id: keep(), name: keep() }, z_last: { id: keep(), v } };
      await refresh({ source, target, tables }, { key: TEST_KEY });
      expect(seen).toEqual([[{ id: 9, name: "old" }]]);
      expect(await runMysql(target, "SELECT COUNT(*) AS n FROM people")).toEqual([{ n: 3 }]);
    }));

  it("reads one snapshot, whatever is written to the source meanwhile", () =>
    withMysqlDatabases(["standin_source", "standin_target"], async (source, target) => {
      await runMysql(source, `${PEOPLE}; CREATE TABLE z_last (id int PRIMARY KEY); INSERT INTO z_last VALUES (1)`);
      let isWritten = false;
      const name = custom(async (value) => {
        if (!isWritten) {
          isWritten = true;
          await runMysql(source, "INSERT INTO z_last VALUES (2); DELETE FROM people WHERE id = 3");
        }
        return value;
      });
      const tables = { people: { id: keep(), name }, z_last: { id: keep() } };
      const report = await refresh({ source, target, tables }, { key: TEST_KEY, batchSize: { maxRows: 1 } });
      expect(report.tables.map(({ rows }) => rows)).toEqual([3, 1]);
      expect(await runMysql(source, "SELECT COUNT(*) AS n FROM z_last")).toEqual([{ n: 2 }]);
    }));

  it.runIf(isMariaDb)("draws from sequences of its own, past the rows that came", () =>
    withMysqlDatabases(["standin_source", "standin_target"], async (source, target) => {
      await runMysql(
        source,
        "CREATE SEQUENCE s; CREATE TABLE t (id int PRIMARY KEY DEFAULT nextval(s), v int); INSERT INTO t (v) VALUES (1), (2), (3)",
      );
      for (const round of [1, 2]) {
        await copy(source, target);
        expect(JSON.stringify(await mysqlDefinitions(target))).not.toContain(new URL(source).pathname.slice(1));
        await runMysql(target, `INSERT INTO t (v) VALUES (${round})`);
        const [newest] = await runMysql(target, "SELECT MAX(id) AS id FROM t");
        expect(newest!.id).toBeGreaterThan(3);
      }
    }),
  );

  it("does without the views that are broken in the source, and says so", () =>
    withMysqlDatabases(["standin_source", "standin_target"], async (source, target) => {
      await runMysql(source, `${PEOPLE}; CREATE VIEW names AS SELECT name FROM people; CREATE TABLE gone (x int)`);
      await runMysql(source, "CREATE VIEW broken AS SELECT x FROM gone; DROP TABLE gone");
      const { notes } = await copy(source, target);
      expect(notes).toEqual(["created 1 table", "created 1 view", "not created, as they are broken in the source: broken"]);
    }));

  it("is refused where it lacks a table or a column of the plan, before anything is written", () =>
    withMysqlDatabases(["standin_source", "standin_target"], async (source, target) => {
      await runMysql(source, `${PEOPLE}; CREATE TABLE other (id int PRIMARY KEY)`);
      await runMysql(target, "CREATE TABLE people (id int PRIMARY KEY)");
      const tables = { people: { id: keep(), name: keep() }, other: { id: keep() } };
      const { findings } = await planRefresh({ source, target, tables });
      expect(findings.map(({ code, table, column }) => ({ code, table, column }))).toEqual([
        { code: "TARGET_TABLE_MISSING", table: "other", column: undefined },
        { code: "TARGET_MISMATCH", table: "people", column: "name" },
      ]);
    }));
});
