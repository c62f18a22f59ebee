import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { MemorySink } from "../../src/connectors/memory/index.ts";
import type { SqliteDatabase } from "../../src/connectors/sqlite/sqlite-library.ts";
import type { TablePolicy } from "../../src/policy/define-policy.ts";
import { refresh } from "../../src/refresh.ts";
import { keep } from "../../src/transforms/plain/keep.ts";
import { tokenize } from "../../src/transforms/tokens/tokenize.ts";
import { describeWithMysql, runMysql, withMysqlDatabases } from "../servers/mysql-server.ts";
import { describeWithPostgres, withDatabases } from "../servers/postgres-server.ts";
import { TEST_KEY } from "../test-key.ts";

const Database = createRequire(import.meta.url)("libsql") as new (path: string) => SqliteDatabase;

let folder: string;
const at = (name: string) => join(folder, name);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "standin-elsewhere-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function make(name: string, sql: string): void {
  const db = new Database(at(name));
  db.exec(sql);
  db.close();
}

const COLUMNS = ["id", "mail", "price", "share", "active", "born", "at", "photo", "doc", "note"];
const RULES: TablePolicy = Object.fromEntries(COLUMNS.map((name) => [name, name === "mail" ? tokenize() : keep("as it is")]));

/** As applications declare them, and as their values come: numbers in text, text in numbers, dates as text. */
const APP = `
  CREATE TABLE t (id INTEGER PRIMARY KEY, mail TEXT, price DECIMAL(10,2), share REAL, active BOOLEAN, born DATE, at DATETIME, photo BLOB, doc JSON, note TEXT);
  INSERT INTO t VALUES
    (1, 'jane@acme.com', 12.5, 0.1, 1, '1987-03-14', '2024-03-10 02:30:00.5', x'00ff5c0a', '{"a":[1]}', 'tab	and "quote" \\'),
    (9007199254740993, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
    (3, 'jane@acme.com', '3.10', 1e300, 0, '0001-01-01', '1999-12-31T23:59:59', x'', 'null', '');`;

const run = (target: string | MemorySink, tables: Record<string, TablePolicy> = { t: RULES }) =>
  refresh({ source: at("app.db"), target, tables }, { key: TEST_KEY });

async function maskedMail(): Promise<unknown> {
  const memory = new MemorySink();
  await run(memory);
  return memory.tables.t![0]!.mail;
}

/** Values that a target's column of this type would round or take for something else. */
const UNFITTING: readonly (readonly [what: string, value: string, postgres: string, mysql: string])[] = [
  ["a fraction as an integer", "1.5", "integer", "int"],
  ["a fraction in text as an integer", "'1.5'", "bigint", "bigint"],
  ["digits that are cut off", "1.005", "numeric(10,2)", "decimal(10,2)"],
  ["a number as a date", "20200101", "date", "date"],
  ["seconds since 1970 as a timestamp", "1577836800", "timestamp", "datetime"],
  ["a word as a date", "'today'", "date", "date"],
  ["text as bytes", "'canary'", "bytea", "blob"],
  ["bytes as text", "x'00'", "text", "text"],
  ["a word as a float", "'canary'", "double precision", "double"],
  ["an integer that no double is", "9007199254740993", "double precision", "double"],
  ["an integer that no float is", "16777217", "real", "float"],
  ["digits that no double has", "'0.12345678901234567891'", "double precision", "double"],
  ["digits that no float has", "0.123456789012", "real", "float"],
  ["digits that a scale cuts off", "0.12345", "numeric(10,4)", "double(10,4)"],
  ["parts of a second", "'2024-01-01 12:00:00.7'", "timestamp(0)", "datetime"],
  ["digits of a second", "'2024-01-01 12:00:00.1234567'", "timestamp", "datetime(6)"],
  ["parts of a second of a time", "'13:00:00.6'", "time(0)", "time"],
  ["a zone that is dropped", "'2024-01-01 12:00:00+02'", "timestamp", "datetime"],
  ["a time of day that is dropped", "'2024-01-01 13:00:00'", "date", "date"],
  ["a day that is dropped", "'2024-01-01 13:00:00'", "time", "time"],
  ["a date in another order", "'01/02/2024'", "date", "date"],
  ["a time as a date", "'10:11:12'", "date", "date"],
  ["digits as a time", "'1112'", "time", "time"],
  ["a fraction as money or a year", "1.239", "money", "year"],
  ["two digits as seconds or a year", "70", "interval", "year"],
  ["a number as a label's place", "'1'", "interval", "enum('a','b')"],
  ["a label in other letters", "'A'", "mood", "enum('a','b')"],
  ["a label that is none", "'a,2'", "mood", "set('a','b')"],
  ["digits that a domain cuts off", "1.005", "price", "decimal(10,2)"],
  ["spaces that are cut off", "'abc  '", "varchar(3)", "varchar(3)"],
];

describeWithPostgres("SQLite to PostgreSQL", () => {
  const withTarget = (use: (url: string, query: (sql: string) => Promise<unknown[]>) => Promise<void>) =>
    withDatabases(["standin_from_sqlite"], async (url) => {
      const client = new pg.Client({ connectionString: url! });
      await client.connect();
      try {
        await use(url!, async (sql) => (await client.query(sql)).rows);
      } finally {
        await client.end();
      }
    });

  it("gives every value to columns of its kind, masked as everywhere", () =>
    withTarget(async (url, query) => {
      make("app.db", APP);
      await query(
        "CREATE TABLE t (id bigint PRIMARY KEY, mail text, price numeric(10,2), share double precision, active boolean, born date, at timestamp, photo bytea, doc jsonb, note text)",
      );
      await run(url);
      const rows = await query(
        "SELECT id::text, mail, price::text, share::text, active, born::text, at::text, photo, doc, note FROM t ORDER BY id",
      );
      const mail = await maskedMail();
      expect(rows).toEqual([
        {
          ...{ id: "1", mail, price: "12.50", share: "0.1", active: true, born: "1987-03-14", at: "2024-03-10 02:30:00.5" },
          ...{ photo: Buffer.from("00ff5c0a", "hex"), doc: { a: [1] }, note: 'tab\tand "quote" \\' },
        },
        {
          ...{ id: "3", mail, price: "3.10", share: "1e+300", active: false, born: "0001-01-01", at: "1999-12-31 23:59:59" },
          ...{ photo: Buffer.alloc(0), doc: null, note: "" },
        },
        { ...Object.fromEntries(COLUMNS.map((name) => [name, null])), id: "9007199254740993" },
      ]);
    }));

  it("refuses what would become something else there, and leaves the target as it was", () =>
    withTarget(async (url, query) => {
      await query("CREATE DOMAIN price AS numeric(10,2); CREATE TYPE mood AS ENUM ('a', 'b')");
      for (const [index, [what, value, type]] of UNFITTING.entries()) {
        make("app.db", `DROP TABLE IF EXISTS t; CREATE TABLE t (v); INSERT INTO t VALUES (NULL), (${value});`);
        await query(`DROP TABLE IF EXISTS t; CREATE TABLE t (v ${type}); INSERT INTO t VALUES (NULL)`);
        const error = await run(url, { t: { v: keep() } }).catch((caught) => caught);
        expect(error, `${index} ${what}`).toMatchObject({ code: "VALUE_UNSUPPORTED", table: "t", column: "v", row: 2 });
        expect(`${error.stack}${JSON.stringify(error)}`).not.toContain("canary");
        expect(await query("SELECT v FROM t")).toEqual([{ v: null }]);
      }
    }));

  it("needs the target's tables, and its columns", () =>
    withTarget(async (url, query) => {
      make("app.db", APP);
      const findings = async () => (await run(url).catch((error) => error)).findings.map(({ code }: { code: string }) => code);
      expect(await findings()).toEqual(["TARGET_TABLE_MISSING"]);
      await query("CREATE TABLE t (id bigint PRIMARY KEY, mail text)");
      expect(new Set(await findings())).toEqual(new Set(["TARGET_MISMATCH"]));
    }));
});

describeWithMysql("SQLite to MariaDB", () => {
  it("gives every value to columns of its kind, masked as everywhere", () =>
    withMysqlDatabases(["standin_from_sqlite"], async (url) => {
      make("app.db", APP);
      await runMysql(
        url!,
        "CREATE TABLE t (id bigint PRIMARY KEY, mail varchar(99), price decimal(10,2), share double, active tinyint(1), born date, at datetime(3), photo blob, doc json, note text)",
      );
      await run(url!);
      const rows = await runMysql(
        url!,
        "SELECT CONCAT(id) AS id, mail, CONCAT(price) AS price, CONCAT(share) AS share, active, CONCAT(born) AS born, CONCAT(at) AS at, HEX(photo) AS photo, CONCAT(doc) AS doc, note FROM t ORDER BY t.id",
      );
      const mail = await maskedMail();
      expect(rows.slice(0, 2)).toEqual([
        {
          ...{ id: "1", mail, price: "12.50", share: "0.1", active: 1, born: "1987-03-14", at: "2024-03-10 02:30:00.500" },
          ...{ photo: "00FF5C0A", doc: '{"a":[1]}', note: 'tab\tand "quote" \\' },
        },
        {
          ...{ id: "3", mail, price: "3.10", share: "1e300", active: 0, born: "0001-01-01", at: "1999-12-31 23:59:59.000" },
          ...{ photo: "", doc: "null", note: "" },
        },
      ]);
    }));

  it("refuses what would become something else there, and leaves the target as it was", () =>
    withMysqlDatabases(["standin_from_sqlite"], async (url) => {
      for (const [index, [what, value, , type]] of UNFITTING.entries()) {
        make("app.db", `DROP TABLE IF EXISTS t; CREATE TABLE t (v); INSERT INTO t VALUES (NULL), (${value});`);
        await runMysql(url!, `DROP TABLE IF EXISTS t; CREATE TABLE t (v ${type}); INSERT INTO t VALUES (NULL)`);
        const error = await run(url!, { t: { v: keep() } }).catch((caught) => caught);
        expect(error, `${index} ${what}`).toMatchObject({ code: "VALUE_UNSUPPORTED", table: "t", column: "v", row: 2 });
        expect(await runMysql(url!, "SELECT v FROM t")).toEqual([{ v: null }]);
      }
    }));
});

describe("SQLite and files", () => {
  it("goes to CSV, JSON Lines and Parquet, and comes from CSV", async () => {
    make("app.db", APP);
    await run(at("csv"));
    const [header, first] = readFileSync(at("csv/t.csv"), "utf8").split("\n");
    expect(header).toBe(COLUMNS.join(","));
    expect(first).toContain('12.5,0.1,1,1987-03-14,2024-03-10 02:30:00.5,\\x00ff5c0a,"{""a"":[1]}"');
    await run(at("lines/*.jsonl"));
    const lines = readFileSync(at("lines/t.jsonl"), "utf8").split("\n");
    expect(lines[0]).toContain('"price":12.5,"share":0.1,"active":true,"born":"1987-03-14"');
    await run(at("lake/*.parquet"), { t: { ...RULES, at: keep() } });
    make("again.db", `${APP} DELETE FROM t;`);
    await refresh({ source: at("csv"), target: at("again.db"), tables: { t: RULES } }, { key: TEST_KEY });
    const cells = (name: string) => {
      const db = new Database(at(name));
      const rows = db
        .prepare("SELECT CAST(id AS TEXT), price, share, active, hex(photo), typeof(price) FROM t")
        .raw(true)
        .all([]);
      db.close();
      return rows;
    };
    expect(cells("again.db")).toEqual(cells("app.db"));
  });

  it("is no target for rows of a server, whose numbers it would round", async () => {
    writeFileSync(at("b.db"), "");
    for (const source of ["postgres://127.0.0.1:1/a", "mysql://127.0.0.1:1/a"])
      await expect(refresh({ source, target: at("b.db"), tables: { t: RULES } }, { key: TEST_KEY })).rejects.toMatchObject({
        code: "SYSTEMS_UNSUPPORTED",
        phase: "before",
      });
  });
});
