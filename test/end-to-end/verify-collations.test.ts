import { expect, it } from "vitest";
import type { Policy } from "../../src/policy/define-policy.ts";
import { refresh } from "../../src/refresh.ts";
import { keep } from "../../src/transforms/plain/keep.ts";
import { verifyRefresh } from "../../src/verify-refresh.ts";
import { describeWithMysql, runMysql, withMysqlDatabases } from "../servers/mysql-server.ts";
import { describeWithPostgres, withDatabases } from "../servers/postgres-server.ts";
import { TEST_KEY as key } from "../test-key.ts";
import { runPostgres } from "./postgres-examiner.ts";

const TABLES: Policy["tables"] = { words: { word: keep() }, uses: { id: keep(), word: keep() } };
const NEW = ["words", "uses"] as const;

const foundIn = async (policy: Policy) => {
  const { findings, scope } = await verifyRefresh(policy);
  return [findings.map(({ code, table }) => [code, table]), scope.references];
};

const missing = [["REFERENCE_BROKEN", "uses"]];

describeWithMysql("a verification of keys that MariaDB compares by a collation", () => {
  /** By collation: parents, and children that are equal to them. */
  const EQUAL = {
    utf8mb4_general_ci: { parents: ["🍣", "a", "ß", "x"], children: ["🍺", "Á", "S", "X  "] },
    utf8mb4_unicode_ci: { parents: ["かな", "ß", "op", "x"], children: ["カナ", "SS", "o\u0001p", "X "] },
    utf8mb4_bin: { parents: ["かな", "x"], children: ["かな", "x  "] },
  };

  const rows = (values: readonly string[]) => values.map((value, id) => `(${id}, '${value}')`).join(", ");

  for (const [collation, { parents, children }] of Object.entries(EQUAL))
    it(
      `takes no key for missing that ${collation} takes for another, staged or published, and finds those that are`,
      () =>
        withMysqlDatabases(["standin_verify_source", "standin_verify_target"], async (source, target) => {
          const type = `varchar(20) CHARACTER SET utf8mb4 COLLATE ${collation}`;
          await runMysql(
            source!,
            `CREATE TABLE words (word ${type} PRIMARY KEY); CREATE TABLE uses (id int PRIMARY KEY, word ${type}, FOREIGN KEY (word) REFERENCES words (word));
           INSERT INTO words VALUES ${parents.map((word) => `('${word}')`).join(", ")}; INSERT INTO uses VALUES ${rows(children)}, (100, NULL)`,
          );
          const policy = { source: source!, target: target!, tables: TABLES };
          // Into tables that are made, and then over those that stand.
          for (const _ of NEW) {
            const { verification } = await refresh(policy, { key, verify: true });
            expect([verification!.findings, verification!.scope.references]).toEqual([[], 1]);
            expect(await foundIn(policy)).toEqual([[], 1]);
          }
          for (const place of [source!, target!])
            await runMysql(place, "SET foreign_key_checks = 0; INSERT INTO uses VALUES (101, 'missing')");
          expect(await foundIn(policy)).toEqual([missing, 1]);
          const refused = { code: "VERIFICATION_FAILED", findings: [expect.objectContaining({ code: "REFERENCE_BROKEN" })] };
          await expect(refresh(policy, { key, verify: true })).rejects.toMatchObject(refused);
          await runMysql(target!, "DROP TABLE uses, words");
          await expect(refresh(policy, { key, verify: true })).rejects.toMatchObject(refused);
        }),
      30_000,
    );

  it(
    "says nothing of keys of two collations that are not ASCII, as of dumps, and of the others what it finds",
    () =>
      withMysqlDatabases(["standin_verify_source", "standin_verify_target"], async (source, target) => {
        for (const place of [source!, target!])
          await runMysql(
            place,
            `CREATE TABLE words (word varchar(20) COLLATE utf8mb4_general_ci PRIMARY KEY); CREATE TABLE uses (id int PRIMARY KEY, word varchar(20) COLLATE utf8mb4_unicode_ci);
           INSERT INTO words VALUES ('x'); INSERT INTO uses VALUES (1, 'X'), (2, 'y')`,
          );
        const policy = {
          source: source!,
          target: target!,
          tables: TABLES,
          references: [{ from: "uses.word", to: "words.word" }],
        };
        expect(await foundIn(policy)).toEqual([missing, 1]);
        for (const place of [source!, target!])
          await runMysql(place, "INSERT INTO words VALUES ('カナ'); INSERT INTO uses VALUES (3, 'かな')");
        expect(await foundIn(policy)).toEqual([[], 1]);
        // One parent may be one of the two that are missing, and not both. A child that may be any is none of them.
        for (const place of [source!, target!]) await runMysql(place, "INSERT INTO uses VALUES (4, 'z'), (5, 'Z')");
        expect(await foundIn(policy)).toEqual([missing, 1]);
        for (const place of [source!, target!])
          await runMysql(place, "DELETE FROM uses WHERE id > 3; DELETE FROM words WHERE word <> 'x'");
        expect(await foundIn(policy)).toEqual([missing, 1]);
      }),
    30_000,
  );

  it(
    "leaves keys that a collation takes for one to the server, which publishes none of them",
    () =>
      withMysqlDatabases(["standin_verify_source", "standin_verify_target"], async (source, target) => {
        const type = (collation: string) => `varchar(20) CHARACTER SET utf8mb4 COLLATE ${collation}`;
        await runMysql(
          source!,
          `CREATE TABLE words (word ${type("utf8mb4_bin")} PRIMARY KEY); INSERT INTO words VALUES ('かな'), ('カナ')`,
        );
        await runMysql(target!, `CREATE TABLE words (word ${type("utf8mb4_unicode_ci")} PRIMARY KEY)`);
        const policy = { source: source!, target: target!, tables: { words: { word: keep() } } };
        await expect(refresh(policy, { key })).rejects.toMatchObject({ name: "StandinError" });
        expect(await runMysql(target!, "SELECT * FROM words")).toEqual([]);
      }),
    30_000,
  );
});

describeWithPostgres("a verification of keys that PostgreSQL compares otherwise than by their bytes", () => {
  const shop = (type: string) => `CREATE TABLE words (word ${type} PRIMARY KEY);
    CREATE TABLE uses (id int PRIMARY KEY, word ${type} REFERENCES words (word))`;

  it(
    "takes no key for missing that a nondeterministic collation takes for another",
    () =>
      withDatabases(["standin_verify_source", "standin_verify_target"], async (source, target) => {
        for (const place of [source!, target!]) {
          await runPostgres(
            place,
            "CREATE COLLATION loose (provider = icu, locale = 'und-u-ka-shifted-ks-level1', deterministic = false)",
          );
          await runPostgres(place, shop("text COLLATE loose"));
          await runPostgres(
            place,
            "INSERT INTO words VALUES ('かな'), ('co-op'); INSERT INTO uses VALUES (1, 'カナ'), (2, 'COOP')",
          );
        }
        const policy = { source: source!, target: target!, tables: TABLES };
        expect(await foundIn(policy)).toEqual([[], 0]);
        expect((await refresh(policy, { key, verify: true })).verification!.findings).toEqual([]);
      }),
    30_000,
  );

  it(
    "compares citext without regard to case, and finds what is missing",
    () =>
      withDatabases(["standin_verify_source", "standin_verify_target"], async (source, target) => {
        for (const place of [source!, target!]) {
          await runPostgres(place, "CREATE EXTENSION citext");
          await runPostgres(place, shop("citext"));
          await runPostgres(
            place,
            "INSERT INTO words VALUES ('Straße'), ('ΣΟΦΟΣ'); INSERT INTO uses VALUES (1, 'STRAßE'), (2, 'σοφοσ')",
          );
        }
        const policy = { source: source!, target: target!, tables: TABLES };
        expect(await foundIn(policy)).toEqual([[], 1]);
        for (const place of [source!, target!])
          await runPostgres(place, "ALTER TABLE uses DROP CONSTRAINT uses_word_fkey; INSERT INTO uses VALUES (3, 'missing')");
        const references = [{ from: "uses.word", to: "words.word" }];
        expect(await foundIn({ ...policy, references })).toEqual([missing, 1]);
      }),
    30_000,
  );
});
