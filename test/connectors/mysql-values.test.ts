import { describe, expect, it } from "vitest";
import { StandinError } from "../../src/errors.ts";
import { custom } from "../../src/transforms/pieces/custom.ts";
import { IS_THOROUGH } from "../faults/seeds.ts";
import { describeWithMysql, numbersTo, runMysql } from "../servers/mysql-server.ts";
import { type CopyOptions, copy, expectCopied, withCopy } from "./mysql-copy.ts";

const EVERY_BYTE = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** Values that a text protocol, a driver or a strict mode is known to change, by what is odd about them. */
const TABLES: Readonly<Record<string, string>> = {
  "text of every character set in one row": `
    CREATE TABLE t (id int PRIMARY KEY, l varchar(50) CHARACTER SET latin1, c varchar(50) CHARACTER SET cp1251, k text CHARACTER SET koi8r,
      s varchar(50) CHARACTER SET sjis, u varchar(50) CHARACTER SET utf16, b varchar(50) CHARACTER SET utf8mb3, m text CHARACTER SET utf8mb4);
    INSERT INTO t VALUES (1, 'é € ÿ', 'привет', 'мир', '表示ソ', '中文 😀', '中文', '😀é'), (2, '', '', '', '', '', '', ''), (3, NULL, NULL, NULL, NULL, NULL, NULL, NULL)`,
  "a table, an enum and a set in latin1": `
    CREATE TABLE t (id int PRIMARY KEY, e enum('é','ü') DEFAULT 'é' COMMENT 'für', s set('à','ç')) DEFAULT CHARSET latin1;
    INSERT INTO t VALUES (1, 'ü', 'à,ç'), (2, 'é', '')`,
  "an enum's index 0 beside an empty label": `
    CREATE TABLE t (id int PRIMARY KEY, a enum('x','y'), b enum('x','') NOT NULL, c set('x','y'));
    INSERT INTO t VALUES (1, '', '', ''), (2, 'none of them', 'x', 'y,x'), (3, NULL, '', NULL), (4, 2, 2, 3)`,
  "zero dates and days that do not exist": `
    SET sql_mode = 'ALLOW_INVALID_DATES';
    CREATE TABLE t (id int PRIMARY KEY, d date NOT NULL DEFAULT '0000-00-00', t datetime(6), s timestamp NULL, y year);
    INSERT INTO t VALUES (1, '0000-00-00', '0000-00-00', '0000-00-00', 0), (2, '2024-00-00', '2024-02-31 24:59', NULL, 1901), (3, '0099-12-31', '9999-12-31 23:59:59.999999', '1970-01-01 00:00:01', 2155)`,
  bits: "CREATE TABLE t (id int PRIMARY KEY, a bit(1), b bit(7), c bit(64)); INSERT INTO t VALUES (1, 1, b'1010101', 18446744073709551615), (2, 0, 0, 0), (3, NULL, 10, 9), (4, 1, 92, 39)",
  "all 256 bytes, together and alone": `
    CREATE TABLE t (id int PRIMARY KEY, v varbinary(256), b blob, c binary(4));
    INSERT INTO t VALUES (1000, x'${EVERY_BYTE.join("")}', x'${EVERY_BYTE.toReversed().join("")}', x'00'), ${EVERY_BYTE.map((byte, id) => `(${id}, x'${byte}', x'${byte}${byte}', x'${byte}')`).join(", ")}`,
  "text that looks like the protocol's own signs": `
    CREATE TABLE t (id int PRIMARY KEY, v varchar(50), x text);
    INSERT INTO t VALUES (1, '\\\\N', 'NULL'), (2, NULL, ''), (3, '\\0', 'a\\0b'), (4, '\\t\\n\\r\\Z\\\\', '\\'"\`'), (5, '\\\\0\\\\t\\\\', '\\n'), (6, ' lead and trail  ', '\\t')`,
  "numbers at their limits": `
    CREATE TABLE t (id bigint unsigned PRIMARY KEY, f float, d double, m float(7,4), x decimal(65,30), z int(6) zerofill);
    INSERT INTO t VALUES (18446744073709551615, 0.1, 0.1, 3.1415, '-12345678901234567890123456789012345.123456789012345678901234567890', 42),
      (1, 16777217, 5e-324, 0, 0, 0), (2, 3.40282347e38, 1.7976931348623157e308, -999.9999, 1e-30, 999999), (3, 1.17549435e-38, -0e0, NULL, NULL, NULL), (4, 1/3, 1/3, 1/3, 1/3, 7), (5, -0e0, 123456789.123456789, 1, 1, 1)`,
  "generated and invisible columns": `
    CREATE TABLE t (id int PRIMARY KEY, price decimal(10,2) NOT NULL, hidden int INVISIBLE DEFAULT 7, twice decimal(12,2) AS (price * 2) VIRTUAL, half decimal(12,4) AS (price / 2) STORED, last varchar(10));
    INSERT INTO t (id, price, hidden, last) VALUES (1, 9.99, 1, 'a'), (2, 0.01, NULL, NULL)`,
  "times, and a column that the server would touch": `
    CREATE TABLE t (id int PRIMARY KEY, t time(6), s timestamp(6) DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6));
    INSERT INTO t VALUES (1, '-838:59:59', '2024-03-10 07:30:00.000001'), (2, '838:59:59', '2024-11-03 05:30:00.65'), (3, '-00:00:00.000001', NULL)`,
  "a large value between small ones": `
    CREATE TABLE t (id int PRIMARY KEY, b longblob, x longtext);
    INSERT INTO t VALUES (1, 'a', 'a'), (2, REPEAT(x'00ff0a5c', 700000), REPEAT('é\\\\', 1000000)), (3, 'b', 'b')`,
};

describeWithMysql("values between MariaDB databases", () => {
  it.each(IS_THOROUGH ? Object.entries(TABLES) : Object.entries(TABLES).slice(2, 3))(
    "stay what they are where parts of a run stage them: %s",
    (_, sql) => expectCopied(sql, { parts: 2 }),
  );

  describe.each<[string, CopyOptions]>([
    ["by LOAD DATA LOCAL", { loadData: true }],
    ["by INSERT", { loadData: false }],
  ])("%s", (_, options) => {
    it.each(Object.entries(TABLES))("stay what they are: %s", (_, sql) => expectCopied(sql, options));

    it("are shown to masks as text and written in the column's character set", () => {
      const upper = custom((value) => value.toUpperCase());
      const table =
        "CREATE TABLE t (id int PRIMARY KEY, l varchar(50) CHARACTER SET latin1, c varchar(50) CHARACTER SET cp1251, m text)";
      return withCopy(
        `${table}; INSERT INTO t VALUES (1, 'é\\\\n', 'привет', '\\tß\\0\\n'), (2, NULL, '', NULL)`,
        async ({ target }) => {
          expect(await runMysql(target, "SELECT HEX(l) AS l, c, m FROM t ORDER BY id")).toEqual([
            { l: "C95C4E", c: "ПРИВЕТ", m: "\tSS\0\n" },
            { l: null, c: "", m: null },
          ]);
        },
        { ...options, rules: { t: { l: upper, c: upper, m: upper } } },
      );
    });

    it.each([
      [
        "a character that the column's set lacks",
        "CREATE TABLE t (id int PRIMARY KEY, v varchar(50) CHARACTER SET latin1)",
        "😀",
      ],
      ["a text that is too long", "CREATE TABLE t (id int PRIMARY KEY, v varchar(5))", "longer than five"],
      ["a number that is out of range", "CREATE TABLE t (id int PRIMARY KEY, v tinyint)", "300"],
      ["a label that the enum lacks", "CREATE TABLE t (id int PRIMARY KEY, v enum('1','2'))", "other"],
      ["what is no date", "CREATE TABLE t (id int PRIMARY KEY, v date)", "2024-13-01"],
    ])("are refused instead of bent: %s", async (_, table, masked) => {
      const rules = { t: { v: custom(() => masked) } };
      const sql = `${table}; INSERT INTO t VALUES (1, ${table.includes("date") ? "'2024-01-01'" : "1"})`;
      const run = withCopy(sql, async () => {}, { ...options, target: table, rules });
      const error = await run.then(
        () => null,
        (reason: unknown) => reason,
      );
      expect(error).toBeInstanceOf(StandinError);
      expect((error as StandinError).code).toBe("SINK_REJECTED");
      expect(JSON.stringify(error)).not.toContain(masked);
    });
  });

  it("give the same rows by LOAD DATA LOCAL and by INSERT, over many batches", () => {
    const letters = "ELT(1 + seq % 5, 'é', NULL, '', 'a\\\\b\\'c', '😀\\n')";
    return withCopy(
      `CREATE TABLE t (id int PRIMARY KEY AUTO_INCREMENT, v varchar(50), b varbinary(50), f float);
       INSERT INTO t SELECT seq, ${letters}, UNHEX(LEFT(SHA2(seq, 256), 32)), seq / 7 FROM ${numbersTo(50000)}`,
      async ({ source, target, report }) => {
        const checksum = async (url: string) => (await runMysql(url, "CHECKSUM TABLE t"))[0]!.Checksum;
        expect(report.rows).toBe(50_000);
        expect(await checksum(target)).toBe(await checksum(source));
        await copy(source, target, { loadData: true });
        expect(await checksum(target)).toBe(await checksum(source));
      },
      { loadData: false },
    );
  });
});
