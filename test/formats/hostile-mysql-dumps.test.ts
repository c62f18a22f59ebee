import { describe, expect, it } from "vitest";
import { isStandinError } from "../../src/errors.ts";
import { mysqlDump } from "../../src/formats/mysql-dump/mysql-dump-format.ts";
import { pipeDump } from "./read-dump.ts";

const TABLE = "CREATE TABLE `t` (`id` int, `name` varchar(50));\n";
/** What stands for a value that nobody may see. */
const CANARY = "Zx9canary";

const pipe = (dump: string) => pipeDump(mysqlDump, Buffer.from(dump, "latin1"));

async function refusal(
  dump: string,
): Promise<{ code: string; text: string; line: number | undefined; offset: number | undefined }> {
  try {
    await pipe(dump);
  } catch (error) {
    if (!isStandinError(error)) throw error;
    const { code, message, hint, line, offset } = error;
    return { code, text: `${message} ${hint} ${error.stack}`, line, offset };
  }
  throw new Error(`Let through: ${dump}`);
}

/** Each would run something, or bring rows that no mask has seen. `\`-commands are those of the client. */
const REFUSED: Readonly<Record<string, readonly string[]>> = {
  "commands of the client": [
    "\\! sh\n",
    "system sh\n",
    "source /etc/passwd\n",
    "\\. /etc/passwd\n",
    "tee /tmp/x\n",
    "pager sh\n",
    "SET @a=@@sql_mode; \\! sh\n",
    "/*!50000 \\! sh */;\n",
    "-- Table structure for table `a\n\\! sh`\n",
    "UNLOCK TABLES \\g\n",
    "CREATE VIEW v AS SELECT 1 \\! sh\n;\n",
    "/*M!999999\\! enable the sandbox mode */\n",
    `INSERT INTO \`t\` VALUES (1,'a')\\! sh\n;`,
    "USE x; prompt delimiter ;\n",
  ],
  "delimiters that cut elsewhere than they seem to": [
    "DELIMITER '\n",
    "DELIMITER a\n",
    "DELIMITER\n",
    `DELIMITER ;; INSERT INTO t VALUES (1,'${CANARY}')\n`,
    "CREATE VIEW a AS SELECT 1 AS adelimiter xx\n;",
    `DELIMITER ;;\nINSERT INTO t VALUES (1,'${CANARY}');;\nDELIMITER ;\n`,
    `DELIMITER ;;\nUNLOCK TABLES; INSERT INTO t VALUES (1,'${CANARY}');;\nDELIMITER ;\n`,
  ],
  "rows that are no rows of values": [
    `INSERT INTO t SELECT 1,'${CANARY}';`,
    `INSERT INTO t SET id=1, name='${CANARY}';`,
    `REPLACE t SET id=1, name='${CANARY}';`,
    `INSERT INTO t VALUES (1,(SELECT '${CANARY}'));`,
    `INSERT INTO t VALUES (1,concat('${CANARY}'));`,
    `INSERT INTO t VALUES (1,'a') ON DUPLICATE KEY UPDATE name='${CANARY}';`,
    `INSERT INTO t VALUES (1,'a') RETURNING '${CANARY}';`,
    `INSERT INTO t VALUES (1,'a' '${CANARY}');`,
    `INSERT INTO t VALUES (1,'a'),(2);`,
    `INSERT INTO t VALUES (1,'a',3);`,
    `INSERT INTO t VALUES (1,@a);`,
    `INSERT INTO t VALUES ROW(1,'${CANARY}');`,
    `INSERT INTO t (id,name,other) VALUES (1,'a',2);`,
    `INSERT INTO t (id,id) VALUES (1,2);`,
    `INSERT INTO other VALUES (1,'${CANARY}');`,
    `/*!50000 INSERT INTO t VALUES (1,'${CANARY}') */;`,
    `/*!99999 INSERT INTO t VALUES (1,'${CANARY}') */;`,
    `/*M!100100 REPLACE INTO t VALUES (1,'${CANARY}') */;`,
    `INSERT INTO t /*!50000 VALUES (1,'${CANARY}') */;`,
    `INSERT INTO t VALUES (1,'a') /*!50000 ,(2,'${CANARY}') */;`,
    `-- INSERT INTO t VALUES (1,'${CANARY}');\n`,
    `/* insert into t (id, name) values (1,'${CANARY}'); */`,
    `# REPLACE t VALUES (1,'${CANARY}')\n`,
  ],
  "statements that no dump has": [
    `UPDATE t SET name='${CANARY}';`,
    "DELETE FROM t;",
    "TRUNCATE t;",
    `LOAD DATA LOCAL INFILE '/etc/passwd' INTO TABLE t;`,
    `LOAD XML INFILE 'x' INTO TABLE t;`,
    `SELECT '${CANARY}' INTO OUTFILE '/tmp/x';`,
    `SELECT '${CANARY}';`,
    `CREATE TABLE u AS SELECT '${CANARY}' AS a;`,
    `CREATE TABLE u (a text) SELECT '${CANARY}' AS a;`,
    `CREATE TABLE u (a text) VALUES ROW('${CANARY}');`,
    `CREATE TABLE u (a text) TABLE t;`,
    "CREATE TABLE u LIKE t;",
    `CREATE TEMPORARY TABLE u (a int);`,
    `PREPARE a FROM 'INSERT INTO t VALUES (1,"${CANARY}")';`,
    "EXECUTE a;",
    `EXECUTE IMMEDIATE '${CANARY}';`,
    `CALL p('${CANARY}');`,
    `DO sleep(100);`,
    `HANDLER t OPEN;`,
    `WITH a AS (SELECT 1) SELECT * FROM a;`,
    `VALUES (1,'${CANARY}');`,
    `BEGIN NOT ATOMIC INSERT INTO t VALUES (1,'x'); END;`,
    `CREATE USER a IDENTIFIED BY '${CANARY}';`,
    "GRANT ALL ON *.* TO a;",
    `SET PASSWORD = '${CANARY}';`,
    `CREATE FUNCTION f RETURNS STRING SONAME 'udf.so';`,
    "INSTALL PLUGIN p SONAME 'x.so';",
    `CREATE SERVER s FOREIGN DATA WRAPPER mysql OPTIONS (HOST 'x');`,
    `CHANGE MASTER TO MASTER_HOST='x';`,
    "SHUTDOWN;",
    `ALTER TABLE t ADD COLUMN c text DEFAULT '${CANARY}';`,
    "ALTER TABLE t RENAME TO u;",
    `ANALYZE TABLE t UPDATE HISTOGRAM ON name USING DATA '${CANARY}';`,
    "USE a; USE b;",
  ],
  "settings that no dump makes": [
    `SET @a='${CANARY}';`,
    `SET @a=(SELECT 1);`,
    "SET GLOBAL general_log=1;",
    "SET GLOBAL general_log_file='/var/www/x.php';",
    "SET init_connect='x';",
    "SET STATEMENT max_statement_time=1 FOR SELECT 1;",
    "SET NAMES gbk;",
    "SET character_set_client=sjis;",
    "SET sql_mode=@unknown;",
    "SET sql_mode=1048576;",
    "/*!99999 SET sql_mode='NO_BACKSLASH_ESCAPES' */;",
    "/*M!100100 SET sql_mode='ANSI_QUOTES' */;",
    "SET sql_mode=concat('a');",
  ],
  "comments that are read in several ways": [
    `/*!99999 CREATE VIEW v AS SELECT '*/ UPDATE t SET name=1; -- ' AS a */;`,
    "/*M! CREATE VIEW v AS SELECT 1 AS `*/ UPDATE t SET name=1; -- ` */;",
    "--\u0001 a\n;",
    "/*!50000 UNLOCK TABLES;\n",
    "/*!50000 UNLOCK /*!50000 TABLES */ */;",
    "/*!5 UNLOCK TABLES */;",
  ],
  "routines that go on behind their end": [
    `CREATE TRIGGER a BEFORE INSERT ON t FOR EACH ROW SET @a=1; INSERT INTO t VALUES (1,'${CANARY}') ;;`,
    `CREATE PROCEDURE p() BEGIN END; INSERT INTO t VALUES (1,'${CANARY}') ;;`,
    `CREATE PROCEDURE p() SELECT 1 begin; INSERT INTO t VALUES (1,'${CANARY}'); END ;;`,
    `CREATE PROCEDURE p() DELETE FROM begin; INSERT INTO t VALUES (1,'${CANARY}'); END ;;`,
    `CREATE TRIGGER a BEFORE INSERT ON t FOR EACH ROW SET NEW.begin=1; INSERT INTO t VALUES (1,'${CANARY}'); END ;;`,
    `CREATE PROCEDURE p() BEGIN SET @a = CASE WHEN 1 THEN begin ELSE 2 END; END; INSERT INTO t VALUES (1,'${CANARY}'); END ;;`,
    `CREATE PROCEDURE p() BEGIN SELECT 1 AS x, begin.y FROM begin; END; INSERT INTO t VALUES (1,'${CANARY}'); END ;;`,
    `CREATE PROCEDURE p() BEGIN DO begin; END; INSERT INTO t VALUES (1,'${CANARY}'); END ;;`,
    `CREATE PROCEDURE p() /*!99999 BEGIN */ SELECT 1; INSERT INTO t VALUES (1,'${CANARY}'); END ;;`,
    `CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO SELECT 1; INSERT INTO t VALUES (1,'${CANARY}') ;;`,
    `CREATE VIEW v AS SELECT 1; INSERT INTO t VALUES (1,'${CANARY}') ;;`,
  ].map((statement) => `DELIMITER ;;\n${statement}\nDELIMITER ;\n`),
};

/** What the program at the other end of the pipe may send instead. */
const FOREIGN = [
  '<?xml version="1.0"?>\n<mysqldump/>\n',
  "PGDMP\u0001",
  "-- PostgreSQL database dump\n",
  "\xff\xfeI\0N\0",
  "\x1f\x8b\x08",
];
const CUT_OFF = [
  `${TABLE}INSERT INTO \`t\` VALUES (1,'${CANARY}'),(2,`,
  `${TABLE}INSERT INTO \`t\` VALUES (1,'${CANARY}')`,
  `${TABLE}INSERT INTO \`t\` VALUES`,
  "UNLOCK TABLES",
  "/* a comment",
  "DELIMITER ;;\n",
  "-- MySQL dump 10.13\nUNLOCK TABLES;\n",
];

describe("a hostile mysqldump", () => {
  it.each(Object.entries(REFUSED))("is refused for %s, by line and byte, without a word of what it holds", async (_, dumps) => {
    for (const dump of dumps) {
      const { code, text, line, offset } = await refusal(`${TABLE}${dump}\nUNLOCK TABLES;\n`);
      expect(code, dump).toBe("DUMP_INVALID");
      expect(text, dump).not.toContain(CANARY);
      // Whatever it is, its end is not waited for.
      expect(text, dump).not.toContain("breaks off");
      expect({ line: typeof line, offset: typeof offset }, dump).toEqual({ line: "number", offset: "number" });
    }
  });

  it("is refused where it is none", async () => {
    for (const dump of FOREIGN) expect(await refusal(dump), dump).toMatchObject({ code: "DUMP_INVALID", line: 1, offset: 0 });
  });

  it("is refused where it breaks off", async () => {
    for (const dump of CUT_OFF) {
      const { code, text } = await refusal(dump);
      expect([code, text], dump).toEqual(["DUMP_INVALID", expect.stringContaining("breaks off")]);
      expect(text, dump).not.toContain(CANARY);
    }
  });

  it("is refused at the line and byte where it is hostile", async () => {
    const before = `${TABLE}INSERT INTO \`t\` VALUES (1,'a\nb'),\n(2,'c\\\nd');\n-- x\n`;
    expect(await refusal(`${before}SHUTDOWN;\n`)).toMatchObject({ line: 7, offset: before.length });
  });

  it("is told from an odd one", async () => {
    const routine = (body: string) =>
      `DELIMITER ;;\n/*!50003 CREATE*/ /*!50017 DEFINER=\`a\`@\`%\`*/ /*!50003 ${body} */;;\nDELIMITER ;\n`;
    const odd = [
      "/*M!999999\\- enable the sandbox mode */ \n",
      "SET SQL_MODE='NO_AUTO_VALUE_ON_ZERO,NO_BACKSLASH_ESCAPES';INSERT INTO `t` VALUES (1,'\\');",
      'SET SQL_MODE=ANSI_QUOTES;INSERT INTO "t" ("id") VALUES (1);',
      "/*!80000 SET @@GLOBAL.GTID_PURGED=/*!80000 '+'*/ 'a-b:1-5';".replace("/*!80000 SET", "SET"),
      "SET @a = @@sql_mode; SET sql_mode = 'ANSI'; SET sql_mode = @a;INSERT INTO `t` VALUES (1,\"x\");",
      "DO SETVAL(`s`, 1001, 0);",
      "CREATE TABLE `delimiter ;` (`a;'\\` int COMMENT ';\\'');INSERT INTO `delimiter ;` VALUES (1);",
      "CREATE TABLE p (a int) PARTITION BY RANGE (a) (PARTITION p0 VALUES LESS THAN (10));",
      "CREATE TABLE v (a int) WITH SYSTEM VERSIONING;",
      "CREATE TABLE c (a int /*!80023 INVISIBLE */, b int /*!80016 NOT NULL */);INSERT INTO c VALUES (1);",
      routine("TRIGGER a BEFORE INSERT ON t FOR EACH ROW SET NEW.id = 1"),
      routine(
        "TRIGGER a BEFORE INSERT ON t FOR EACH ROW BEGIN DECLARE EXIT HANDLER FOR SQLSTATE '23000', NOT FOUND BEGIN END; IF NEW.id THEN INSERT INTO t VALUES (1,';;'); ELSE BEGIN END; END IF; END",
      ),
      routine(
        "PROCEDURE p(IN a int) READS SQL DATA COMMENT 'x' l: BEGIN a: LOOP LEAVE a; END LOOP a; WHILE 1 DO BEGIN END; END WHILE; END l",
      ),
      routine(
        "FUNCTION f(a int) RETURNS varchar(9) CHARSET utf8mb4 DETERMINISTIC BEGIN CASE a WHEN 1 THEN BEGIN END; END CASE; RETURN CASE WHEN a THEN 1 ELSE 2 END; END",
      ),
      routine("EVENT e ON SCHEDULE EVERY 1 DAY ON COMPLETION NOT PRESERVE ENABLE DO BEGIN DELETE FROM t; END"),
    ];
    for (const dump of odd) {
      const { output } = await pipe(TABLE + dump);
      expect(output.toString("latin1"), dump).toBe(TABLE + dump);
    }
  });
});
