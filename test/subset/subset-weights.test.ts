import { expect, it } from "vitest";
import { MemorySink } from "../../src/connectors/memory/index.ts";
import { weightExpression } from "../../src/connectors/mysql/read/mysql-weights.ts";
import type { Column } from "../../src/contracts.ts";
import type { Policy } from "../../src/policy/define-policy.ts";
import { refresh } from "../../src/refresh.ts";
import { keep } from "../../src/transforms/plain/keep.ts";
import { describeWithMysql, runMysql, withMysqlDatabases } from "../servers/mysql-server.ts";
import { TEST_KEY as key } from "../test-key.ts";

/** Letters that some collation takes for others, or for nothing. */
const LETTERS = [
  "a",
  "A",
  "á",
  "a\u0301",
  "ß",
  "ss",
  "S",
  "æ",
  "ae",
  "Ł",
  "l",
  "ı",
  "i",
  "İ",
  "ς",
  "σ",
  "Σ",
  "あ",
  "ア",
  "ぁ",
  "カ",
  "が",
  "か\u3099",
  "ｱ",
  "漢",
  "한",
  "한",
  "🍣",
  "🍺",
  "\u00ad",
  "\u200d",
  "\u0001",
  " ",
  "\t",
  "\u00a0",
  "1",
  "①",
  "-",
  "ﬁ",
  "fi",
  "Ǆ",
  "dž",
  "th",
  "þ",
  "ð",
  "d",
  "%",
  "_",
];
/** Each alone, and each pair with something behind it that may count as nothing. */
const TEXTS = [
  ...new Set([
    "",
    ...LETTERS,
    ...LETTERS.flatMap((one) => [" ", "  ", "\u00ad", "\u0001 ", " \u0001", "x", "カ"].map((end) => one + end)),
  ]),
];

const COLLATIONS = [
  ["utf8mb4", "utf8mb4_general_ci"],
  ["utf8mb4", "utf8mb4_unicode_ci"],
  ["utf8mb4", "utf8mb4_unicode_520_ci"],
  ["utf8mb4", "utf8mb4_german2_ci"],
  ["utf8mb4", "utf8mb4_swedish_ci"],
  ["utf8mb4", "utf8mb4_spanish2_ci"],
  ["utf8mb3", "utf8mb3_general_ci"],
  ["latin1", "latin1_german2_ci"],
  ["latin1", "latin1_swedish_ci"],
] as const;

const HOLDS = {
  utf8mb4: /^/,
  utf8mb3: /^[\u0000-\uffff]*$/u,
  latin1: /^[\u0001-\u00ff]*$/u,
};

const hex = (text: string) => `CONVERT(X'${Buffer.from(text).toString("hex")}' USING utf8mb4)`;

describeWithMysql("weights of a server that compares otherwise than we would", () => {
  it("are equal wherever the server takes two texts for equal, and nearly nowhere else", async () => {
    await withMysqlDatabases(["standin_subset_weights"], async (url) => {
      const weight = weightExpression({ name: "k" } as Column);
      for (const [charset, collation] of COLLATIONS) {
        const texts = TEXTS.filter((text) => HOLDS[charset].test(text));
        await runMysql(
          url,
          `DROP TABLE IF EXISTS t; CREATE TABLE t (id int PRIMARY KEY, k varchar(20) CHARACTER SET ${charset} COLLATE ${collation}, w varchar(400) COLLATE utf8mb4_bin);
           INSERT INTO t (id, k) VALUES ${texts.map((text, id) => `(${id}, ${hex(text)})`).join(", ")}; UPDATE t SET w = ${weight}`,
        );
        const [found] = await runMysql(
          url,
          "SELECT COALESCE(SUM(a.k = b.k), 0) AS alike, COALESCE(SUM(a.k = b.k AND a.w <> b.w), 0) AS missed, COALESCE(SUM(a.k <> b.k AND a.w = b.w), 0) AS more FROM t a JOIN t b ON a.id < b.id",
        );
        expect(Number(found!.alike)).toBeGreaterThan(100);
        expect({ collation, missed: Number(found!.missed) }).toEqual({ collation, missed: 0 });
        expect(Number(found!.more)).toBeLessThan(Number(found!.alike) / 10);
      }
    });
  }, 60_000);

  it("bring the parents of a subset that no rule for letters knows", async () => {
    await withMysqlDatabases(["standin_subset_weights"], async (url) => {
      const type = "varchar(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci";
      await runMysql(
        url,
        `CREATE TABLE words (word ${type} PRIMARY KEY, kind int);
         CREATE TABLE uses (id int PRIMARY KEY, word ${type}, FOREIGN KEY (word) REFERENCES words (word));
         INSERT INTO words VALUES ('かな', 1), ('🍣', 2), ('other', 3);
         INSERT INTO uses VALUES (1, 'カナ'), (2, '🍺'), (3, NULL), (4, 'OTHER  ')`,
      );
      const target = new MemorySink();
      const tables = { words: { word: keep(), kind: keep() }, uses: { id: keep(), word: keep() } };
      const policy = { source: url, target, tables, subset: { uses: { keep: [1, 2, 3] } } } as Policy;
      await refresh(policy, { key });
      expect(target.tables.words!.map(({ word }) => word)).toEqual(["かな", "🍣"]);
      await refresh({ ...policy, subset: { uses: { keep: [3, 4] } } } as Policy, { key });
      expect(target.tables.words!.map(({ word }) => word)).toEqual(["other"]);
    });
  }, 60_000);
});
