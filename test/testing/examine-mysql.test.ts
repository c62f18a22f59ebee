import { expect, it } from "vitest";
import { mysqlEncoder, mysqlReader, mysqlSink, mysqlSource } from "../../src/connectors/mysql/index.ts";
import { checkSink, checkSource, type ExamRow } from "../../src/testing/index.ts";
import { describeWithMysql, runMysql, withMysqlDatabases, withMysqlSession } from "../servers/mysql-server.ts";
import { NOTES, NOWHERE, PEOPLE, tableOf } from "./examined-people.ts";

const PEOPLE_TABLE = `
  CREATE TABLE people (id int PRIMARY KEY AUTO_INCREMENT, name varchar(100) NOT NULL, note varchar(100) COLLATE utf8mb4_bin);
  CREATE TABLE visits (person int, day date, FOREIGN KEY (person) REFERENCES people (id));`;

describeWithMysql("mysql", () => {
  it("keeps the contract of a source", () =>
    withMysqlDatabases(["standin_exam_source"], async (url) => {
      await runMysql(url, PEOPLE_TABLE);
      await withMysqlSession(url, async (session) => {
        for (const row of PEOPLE) await session.query("INSERT INTO people VALUES (?, ?, ?)", [...row]);
      });
      expect(await checkSource(() => mysqlSource({ url }), { reader: mysqlReader })).toEqual([]);
    }));

  for (const loadData of [true, false]) {
    it(`keeps the contract of a sink, ${loadData ? "by LOAD DATA where the server allows it" : "by INSERT"}`, () =>
      withMysqlDatabases(["standin_exam_sink"], async (url) => {
        await runMysql(url, `${PEOPLE_TABLE} INSERT INTO people VALUES (1000, 'old', NULL)`);
        await runMysql(url, "CREATE TRIGGER watching BEFORE INSERT ON people FOR EACH ROW SET NEW.name = CONCAT(NEW.name, '!')");
        await withMysqlSession(url, async (session) => {
          await session.query("CREATE TABLE notes (note varchar(100) COLLATE utf8mb4_bin PRIMARY KEY)");
          await session.query("INSERT INTO notes VALUES ?", [NOTES.map((note) => [note])]);
          await session.query("ALTER TABLE people ADD FOREIGN KEY (note) REFERENCES notes (note)");
        });
        const table = await tableOf(mysqlSource({ url }));
        const readRows = async (): Promise<readonly ExamRow[]> => {
          const rows = await runMysql(url, "SELECT CAST(id AS char) AS id, name, note FROM people");
          return rows.map(({ id, name, note }) => [id, name, note] as ExamRow);
        };
        const readTraces = async () => [
          await runMysql(url, "SELECT trigger_name FROM information_schema.triggers WHERE trigger_schema = DATABASE()"),
          await runMysql(url, "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() ORDER BY 1"),
          await runMysql(
            url,
            "SELECT constraint_name, table_name FROM information_schema.table_constraints WHERE table_schema = DATABASE() ORDER BY 2, 1",
          ),
        ];
        const exam = { table, rows: PEOPLE, readRows, readTraces, refusedRows: NOWHERE, encoder: mysqlEncoder };
        expect(await checkSink(() => mysqlSink({ url, loadData }), exam)).toEqual([]);
      }));
  }
});
