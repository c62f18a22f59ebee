import { expect, it } from "vitest";
import { parseCondition } from "../../src/conditions/parse-condition.ts";
import { mysqlSchema } from "../end-to-end/mysql-examiner.ts";
import { describeWithMysql, isMariaDb, runMysql, withMysqlDatabases } from "../servers/mysql-server.ts";
import { copy, expectCopied, expectEqualDatabases, withCopy } from "./mysql-copy.ts";

/** Tables by what is odd about them. Each is copied into an empty database and once more over itself. */
const TABLES: Readonly<Record<string, string>> = {
  "composite keys": `
    CREATE TABLE parent (a int, b varchar(20), PRIMARY KEY (a, b));
    CREATE TABLE child (id int PRIMARY KEY, b varchar(20), a int, CONSTRAINT to_parent FOREIGN KEY (a, b) REFERENCES parent (a, b) ON DELETE CASCADE ON UPDATE SET NULL);
    INSERT INTO parent VALUES (1, 'x'), (1, 'y'), (2, 'x'); INSERT INTO child VALUES (1, 'y', 1), (2, NULL, 1), (3, 'x', 2)`,
  "a table that points to itself, children first": `
    CREATE TABLE t (id int PRIMARY KEY, parent int, CONSTRAINT up FOREIGN KEY (parent) REFERENCES t (id));
    SET foreign_key_checks = 0; INSERT INTO t VALUES (1, 3), (2, 1), (3, NULL), (4, 4)`,
  "a cycle of foreign keys": `
    SET foreign_key_checks = 0;
    CREATE TABLE a (id int PRIMARY KEY, b int NOT NULL, CONSTRAINT a_to_b FOREIGN KEY (b) REFERENCES b (id));
    CREATE TABLE b (id int PRIMARY KEY, c int NOT NULL, CONSTRAINT b_to_c FOREIGN KEY (c) REFERENCES c (id));
    CREATE TABLE c (id int PRIMARY KEY, a int NOT NULL, CONSTRAINT c_to_a FOREIGN KEY (a) REFERENCES a (id));
    INSERT INTO a VALUES (1, 1), (2, 2); INSERT INTO b VALUES (1, 2), (2, 1); INSERT INTO c VALUES (1, 1), (2, 2)`,
  "names that need quotes": `
    CREATE TABLE \`select\` (\`from\` int PRIMARY KEY, \`a\`\`b\` int, \`with space\` int, \`größe 表\` int, \`a.b\` int, UNIQUE KEY \`key\`\`s\` (\`a\`\`b\`));
    CREATE TABLE \`my-table\` (\`id-1\` int PRIMARY KEY, \`?\` int, CONSTRAINT \`fk-\`\`1\` FOREIGN KEY (\`?\`) REFERENCES \`select\` (\`from\`));
    CREATE TABLE \`tick\`\`ed\` (id int PRIMARY KEY); CREATE TABLE \`Ärger 表\` (id int PRIMARY KEY); CREATE TABLE \`a.b\` (id int PRIMARY KEY); CREATE TABLE \`50%_\` (id int PRIMARY KEY);
    INSERT INTO \`select\` VALUES (1, 2, 3, 4, 5); INSERT INTO \`my-table\` VALUES (1, 1); INSERT INTO \`tick\`\`ed\` VALUES (1); INSERT INTO \`Ärger 表\` VALUES (2); INSERT INTO \`a.b\` VALUES (3); INSERT INTO \`50%_\` VALUES (4)`,
  "names as long as they may be": `
    CREATE TABLE ${"t".repeat(64)} (${"c".repeat(64)} int PRIMARY KEY, up int, CONSTRAINT ${"f".repeat(64)} FOREIGN KEY (up) REFERENCES ${"t".repeat(64)} (${"c".repeat(64)}));
    CREATE TABLE ${"t".repeat(63)}u (id int PRIMARY KEY); INSERT INTO ${"t".repeat(64)} VALUES (1, 1); INSERT INTO ${"t".repeat(63)}u VALUES (2)`,
  "no rows, no primary key, no column but the counter": `
    CREATE TABLE \`empty\` (id int PRIMARY KEY AUTO_INCREMENT, v text);
    CREATE TABLE heap (a int, b varchar(10)); INSERT INTO heap VALUES (1, 'x'), (1, 'x'), (NULL, NULL), (NULL, NULL);
    CREATE TABLE numbers (id int PRIMARY KEY AUTO_INCREMENT); INSERT INTO numbers VALUES (), (), ()`,
  "a counter's zero and negative numbers": `
    SET sql_mode = 'NO_AUTO_VALUE_ON_ZERO';
    CREATE TABLE t (id int PRIMARY KEY AUTO_INCREMENT, v int); INSERT INTO t VALUES (0, 1), (-5, 2), (10, 3)`,
  "indexes of every kind": `
    CREATE TABLE t (id int PRIMARY KEY, v varchar(200), x text, p point NOT NULL, UNIQUE KEY u (v), KEY prefix (x(10)), KEY pair (v, id), FULLTEXT KEY words (x), SPATIAL KEY places (p));
    INSERT INTO t VALUES (1, NULL, 'some words', ST_GeomFromText('POINT(1 2)')), (2, NULL, 'others', ST_GeomFromText('POINT(3 4)'))`,
  "checks, expressions as defaults, comments": `
    CREATE TABLE t (id int PRIMARY KEY COMMENT 'it''s', v int DEFAULT (1 + 1), j json, c char(36) DEFAULT (uuid()), CONSTRAINT positive CHECK (v > 0), CHECK (v < 1000)) COMMENT 'a \\'table\\'';
    INSERT INTO t VALUES (1, 5, '{"a": [1, 2.0]}', 'x')`,
  "rules of foreign keys": `
    CREATE TABLE p (id int PRIMARY KEY); INSERT INTO p VALUES (1);
    CREATE TABLE c (id int PRIMARY KEY, p int, q int, r int, CONSTRAINT c_p FOREIGN KEY (p) REFERENCES p (id) ON DELETE RESTRICT ON UPDATE NO ACTION,
      CONSTRAINT c_q FOREIGN KEY (q) REFERENCES p (id) ON DELETE SET NULL ON UPDATE CASCADE, CONSTRAINT c_r FOREIGN KEY (r) REFERENCES p (id));
    INSERT INTO c VALUES (1, 1, 1, NULL)`,
  partitions: `
    CREATE TABLE t (id int, y int, PRIMARY KEY (id, y)) PARTITION BY RANGE (y) (PARTITION old VALUES LESS THAN (2000), PARTITION recent VALUES LESS THAN MAXVALUE);
    INSERT INTO t VALUES (1, 1999), (2, 2024)`,
  "engines without transactions": `
    CREATE TABLE m (id int PRIMARY KEY AUTO_INCREMENT, v text) ENGINE = MyISAM; CREATE TABLE a (id int PRIMARY KEY, v varchar(9)) ENGINE = ${isMariaDb ? "Aria" : "MEMORY"};
    INSERT INTO m VALUES (3, 'x'), (7, 'y'); INSERT INTO a VALUES (1, 'z')`,
  "views upon views, triggers and routines": `
    CREATE TABLE t (id int PRIMARY KEY, v int); CREATE TABLE log (id int PRIMARY KEY AUTO_INCREMENT, note varchar(50));
    CREATE VIEW a_top AS SELECT 1 AS id; CREATE VIEW z_base AS SELECT id FROM t; CREATE OR REPLACE VIEW a_top AS SELECT id FROM z_base WHERE id > 0;
    CREATE FUNCTION twice(n int) RETURNS int DETERMINISTIC RETURN 2 * n;
    CREATE TRIGGER first BEFORE INSERT ON t FOR EACH ROW SET NEW.v = twice(NEW.v);
    CREATE TRIGGER second AFTER INSERT ON t FOR EACH ROW INSERT INTO log (note) VALUES (CONCAT('new ', NEW.id));
    CREATE TRIGGER third AFTER DELETE ON t FOR EACH ROW BEGIN INSERT INTO log (note) VALUES ('gone; \\\\ forever'); END;
    INSERT INTO t VALUES (1, 10), (2, 20)`,
};

/** MySQL writes before each text in which character set it is. */
const CHARSET = /_utf8mb[34](?=')/g;

describeWithMysql("tables between MariaDB databases", () => {
  it.each(Object.entries(TABLES))("come out the same, twice: %s", (_, sql) =>
    withCopy(sql, async ({ source, target }) => {
      await expectEqualDatabases({ source, target });
      await copy(source, target);
      await expectEqualDatabases({ source, target });
    }),
  );

  it("copies a table whose name differs from another's by case alone, where the server tells them apart", async () => {
    await expectCopied(
      "CREATE TABLE t (id int PRIMARY KEY); CREATE TABLE T (id int PRIMARY KEY); INSERT INTO t VALUES (1); INSERT INTO T VALUES (2)",
    );
  });

  it("tells the texts in its checks and computed columns as they are, however the server escapes them", () =>
    withMysqlDatabases(["standin_source"], async (url) => {
      await runMysql(
        url!,
        String.raw`CREATE TABLE t (id int PRIMARY KEY, v varchar(20), w varchar(40) AS (CONCAT(v, '\n', '"')), CONSTRAINT odd CHECK (v <> 'it''s \\ '))`,
      );
      const [table] = (await mysqlSchema(url!)).tables;
      const [check] = table!.checks!;
      expect(check!.expression.replaceAll(CHARSET, "")).toContain(String.raw`'it''s \ '`);
      expect(parseCondition(check!.expression)).not.toBeNull();
      expect(table!.columns[2]!.computedBy!.text.replaceAll(CHARSET, "")).toBe("concat(`v`,'\n','\"')");
    }));

  it("goes on counting behind the source's rows", () =>
    withCopy(
      "CREATE TABLE t (id int PRIMARY KEY AUTO_INCREMENT, v int); INSERT INTO t VALUES (5, 1), (41, 2)",
      async ({ target }) => {
        await runMysql(target, "INSERT INTO t (v) VALUES (3)");
        expect(await runMysql(target, "SELECT id FROM t ORDER BY id")).toEqual([{ id: 5 }, { id: 41 }, { id: 42 }]);
      },
    ));

  it("names the rows that it copied, table by table", () =>
    withCopy(
      "CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (id int PRIMARY KEY); INSERT INTO b VALUES (1), (2)",
      async ({ report }) => {
        expect(report.tables.map(({ table, rows }) => [table, rows])).toEqual([
          ["a", 0],
          ["b", 2],
        ]);
      },
    ));
});
