import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isStandinError } from "../../src/errors.ts";
import { mysqlDump } from "../../src/formats/mysql-dump/mysql-dump-format.ts";
import { MysqlDumpReader } from "../../src/formats/mysql-dump/mysql-dump-reader.ts";
import { valuesOfTab } from "../../src/formats/mysql-dump/mysql-tab-rows.ts";
import { IS_THOROUGH } from "../faults/seeds.ts";
import { maskColumn, pipeDump } from "./read-dump.ts";

const TABLE = "CREATE TABLE `t` (\n  `id` int(11) NOT NULL,\n  `name` varchar(50) DEFAULT NULL,\n  PRIMARY KEY (`id`)\n);\n";
/** What no output, error or text may hold. */
const CANARY = "Zx9canary";

const pipe = (dump: string, chunkSize?: number, mask?: Parameters<typeof pipeDump>[3]) =>
  pipeDump(mysqlDump, Buffer.from(dump), chunkSize, mask, new MysqlDumpReader(undefined, { maxBytes: chunkSize }));

/** The values of `name`, in order. */
async function names(dump: string, column = "name"): Promise<(string | null)[]> {
  const found: (string | null)[] = [];
  await pipe(dump, undefined, ({ columns, batch }) => found.push(...batch.column(columns.indexOf(column))));
  return found;
}

const masked = async (dump: string, mask: (value: string) => string | null = () => "masked") =>
  (await pipe(dump, undefined, (part) => maskColumn(part, "name", mask))).output.toString("latin1");

/** Why a dump is refused. */
async function refusal(
  dump: string,
): Promise<{ code: string; message: string; line: number | undefined; offset: number | undefined }> {
  try {
    await pipe(dump);
  } catch (error) {
    if (!isStandinError(error)) throw error;
    const { code, message, line, offset } = error;
    return { code, message, line, offset };
  }
  throw new Error("The dump was let through.");
}

describe("a mysqldump's rows", () => {
  it("read as the server reads their literals", async () => {
    const rows = [
      [String.raw`'it''s \'x\' \"y\" \\ \n\r\t\0\Z\b \q \% \_'`, "it's 'x' \"y\" \\ \n\r\t\0\x1a\b q \\% \\_"],
      [`"say ""no"" 'x'"`, `say "no" 'x'`],
      ["_utf8mb4'zoë'", "zoë"],
      ["_binary 'zoë'", "zoë"],
      ["N'x'", null],
      ["NULL", null],
      ["'NULL'", "NULL"],
      ["-1.5e-3", "-1.5e-3"],
      ["X'c3a9'", "é"],
      ["_latin1'\xe9'", "Ã©"],
      ["_cp1251'x'", undefined],
    ] as const;
    for (const [literal, value] of rows) {
      const dump = `${TABLE}INSERT INTO \`t\` VALUES (1,${literal});\n`;
      if (literal.startsWith("N'")) expect(await refusal(dump)).toMatchObject({ code: "DUMP_INVALID" });
      else if (value === undefined) await expect(names(dump)).rejects.toThrow("written in a character set that is not read");
      else expect(await names(dump), literal).toEqual([value]);
    }
  });

  it("are masked in every kind of INSERT, and the bytes between them stay", async () => {
    const dump = [
      "INSERT INTO `t` VALUES (1,'a'),(2,NULL),\n(3 , 'c' );",
      "INSERT INTO `t` VALUES (4,'d');\nINSERT INTO `t` VALUES (5,'e');",
      "REPLACE INTO `t` (`name`, `id`) VALUES ('f',6);",
      'INSERT  IGNORE INTO t (id,NAME) VALUES (7,"g");',
      "insert delayed t values (8,_utf8mb4 'h')/* no rows */;",
      "INSERT INTO `t` (`id`) VALUES (9);",
    ].join("\n");
    // A comment is no part of rows, so the last but one is refused.
    expect((await refusal(TABLE + dump)).message).toContain("something else than values");
    expect(await masked(TABLE + dump.replace("/* no rows */", ""))).toBe(
      TABLE + dump.replace("/* no rows */", "").replaceAll(/'[a-f]'|"g"|_utf8mb4 'h'/g, "'masked'"),
    );
  });

  it("are refused with what to do where they are of several databases, or of other times", async () => {
    const head = "/*M!101100 SET @old_system_versioning_insert_history=@@session.system_versioning_insert_history,";
    const [on, off] = ["1", "0"].map((value) => `${head} @@session.system_versioning_insert_history=${value} */;\n`);
    expect((await refusal(`${TABLE}${on}INSERT INTO \`t\` (\`id\`, row_start) VALUES (1,'x');\n`)).message).toContain(
      "make it without --dump-history",
    );
    expect(await names(`${TABLE}${off}INSERT INTO \`t\` VALUES (1,'x');\n`)).toEqual(["x"]);
    expect((await refusal(`USE \`a\`;\n${TABLE}USE \`b\`;\n${TABLE}`)).message).toContain("dump them one by one");
  });

  it("keep the style of what is no text", async () => {
    const table = "CREATE TABLE `b` (`id` bigint, `raw` varbinary(9), `flags` bit(8), `place` point, `at` datetime);\n";
    const dump = `${table}INSERT INTO \`b\` VALUES (1,0x00FF,b'101',_binary '\\0\\'','2020-01-01 00:00:00'),(2,X'0a','\\0',NULL,NULL),(3,'',0x05,'','x');\n`;
    const seen: Record<string, readonly (string | null)[]> = {};
    const { output } = await pipe(dump, undefined, (part) => {
      for (const [index, name] of part.columns.entries()) seen[name] = part.batch.column(index);
      maskColumn(part, "id", (value) => `-${value}`);
      maskColumn(part, "raw", () => "\\x00275c0a");
      maskColumn(part, "flags", () => "6");
      maskColumn(part, "place", () => "\\x0027");
    });
    expect(seen).toEqual({
      id: ["1", "2", "3"],
      raw: ["\\x00ff", "\\x0a", "\\x"],
      flags: ["5", "0", "5"],
      place: ["\\x0027", null, "\\x"],
      at: ["2020-01-01 00:00:00", null, "x"],
    });
    expect(output.toString()).toBe(
      `${table}INSERT INTO \`b\` VALUES (-1,0x00275C0A,b'110',_binary '\\0\\'','2020-01-01 00:00:00'),(-2,X'00275c0a',b'110',NULL,NULL),(-3,0x00275C0A,b'110',0x0027,'x');\n`,
    );
  });

  it("have what the server computes computed anew where anything is masked, for it tells of what it is computed from", async () => {
    const table = "CREATE TABLE `g` (`id` int, `name` text, `shout` text GENERATED ALWAYS AS (ucase(`name`)) STORED);\n";
    const dump = `${table}INSERT INTO \`g\` VALUES (1,'${CANARY}','${CANARY.toUpperCase()}');\n`;
    expect(await masked(dump)).toBe(`${table}INSERT INTO \`g\` VALUES (1,'masked',DEFAULT);\n`);
    expect((await pipe(dump)).output.toString()).toBe(dump);
    // What came out goes in again.
    expect(await masked(await masked(dump), () => "again")).toBe(`${table}INSERT INTO \`g\` VALUES (1,'again',DEFAULT);\n`);
  });

  it("are counted on over a table's statements, which say where they begin", async () => {
    const dump = `${TABLE}INSERT INTO \`t\` VALUES (1,'a'),(2,'b');\n-- more\nINSERT INTO \`t\` VALUES (3,'c');\n`;
    const parts: [number, number, string][] = [];
    await pipe(dump, undefined, ({ batch, statement }) =>
      parts.push([batch.firstRow, batch.rowCount, dump.slice(statement, statement + 11)]),
    );
    expect(parts).toEqual([
      [0, 2, "INSERT INTO"],
      [2, 1, "INSERT INTO"],
    ]);
  });

  it("read the same out of the files of mysqldump --tab", async () => {
    const rows = "1\tit's\\\tx\\\ny\\0\\\\ \\N\n2\t\\N\n3\t\n4\tzoë\n5\tNULL\n";
    const chunks = async function* () {
      for (const byte of Buffer.from(rows)) yield Buffer.of(byte);
    };
    const values: Uint8Array[] = [];
    for await (const piece of valuesOfTab(chunks(), "t.txt")) values.push(piece);
    const dump = `${TABLE}INSERT INTO \`t\` VALUES\n${Buffer.concat(values)};\n`;
    expect(await names(dump)).toEqual(["it's\tx\ny\0\\ N", null, "", "zoë", "NULL"]);
    const cut = async function* () {
      yield Buffer.from("1\tx");
    };
    await expect(
      (async () => {
        for await (const _ of valuesOfTab(cut(), "t.txt"));
      })(),
    ).rejects.toMatchObject({ code: "DUMP_INVALID" });
  });

  it("come out as they are in chunks of any size, and masked the same in all", async () => {
    const cell = fc.oneof(
      fc.string({ unit: "binary", maxLength: 12 }).map((text) => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`),
      fc.constantFrom("NULL", "-12.5", "0xFF", "_binary 'a\\'b'", '"x"', "''", "'\\\\'"),
    );
    const row = cell.map((literal) => `(1,${literal})`);
    const statement = fc.oneof(
      fc.array(row, { minLength: 1, maxLength: 5 }).map((rows) => `INSERT INTO \`t\` VALUES ${rows.join(",\n")};\n`),
      fc.constantFrom(
        "-- a comment; 'with quotes\n",
        "/*!40000 ALTER TABLE `t` DISABLE KEYS */;\n",
        "DELIMITER ;;\nCREATE TRIGGER a BEFORE INSERT ON t FOR EACH ROW BEGIN INSERT INTO u VALUES ('x;'); END ;;\nDELIMITER ;\n",
        "LOCK TABLES `t` WRITE;\n",
        "# another\n",
      ),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(statement, { maxLength: 8 }), fc.integer({ min: 1, max: 40 }), async (statements, size) => {
        const dump = TABLE + statements.join("");
        expect((await pipe(dump, size)).output.toString()).toBe(dump);
        const mask: Parameters<typeof pipeDump>[3] = (part) => maskColumn(part, "name", (value) => `${value.length}`);
        expect((await pipe(dump, size, mask)).output.equals((await pipe(dump, 1 << 20, mask)).output)).toBe(true);
      }),
      { numRuns: IS_THOROUGH ? 200 : 12 },
    );
  });
});
