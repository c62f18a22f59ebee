import { execFileSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { sqliteSink, sqliteSource } from "../../src/connectors/sqlite/index.ts";
import type { SqliteDatabase } from "../../src/connectors/sqlite/sqlite-library.ts";
import { RangeReader, sizeOf } from "../../src/connectors/sqlite/sqlite-range.ts";
import { readTables } from "../../src/connectors/sqlite/sqlite-schema.ts";
import type { TablePolicy } from "../../src/policy/define-policy.ts";
import { type RefreshOptions, refresh } from "../../src/refresh.ts";
import { checkSink, checkSource, type ExamRow } from "../../src/testing/index.ts";
import { custom } from "../../src/transforms/pieces/custom.ts";
import { keep } from "../../src/transforms/plain/keep.ts";
import { redact } from "../../src/transforms/plain/redact.ts";
import { tokenize } from "../../src/transforms/tokens/tokenize.ts";
import { TEST_KEY } from "../test-key.ts";
import { PEOPLE, tableOf } from "../testing/examined-people.ts";

const Database = createRequire(import.meta.url)("libsql") as new (path: string) => SqliteDatabase;

let folder: string;
const at = (name: string) => join(folder, name);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "standin-sqlite-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function withFile<Result>(name: string, use: (db: SqliteDatabase) => Result): Result {
  const db = new Database(at(name));
  try {
    return use(db);
  } finally {
    db.close();
  }
}

const make = (name: string, sql: string) => withFile(name, (db) => db.exec(sql));
/** Storage classes and values: text as the hexadecimal digits of its bytes. */
const stored = (name: string, table: string, columns: readonly string[]) =>
  withFile(name, (db) => {
    const cells = columns.map(
      (column) =>
        `typeof("${column}"), CASE typeof("${column}") WHEN 'real' THEN printf('%!.17g', "${column}") WHEN 'integer' THEN CAST("${column}" AS TEXT) ELSE hex("${column}") END`,
    );
    return db
      .prepare(`SELECT ${cells.join(", ")} FROM "${table}" ORDER BY 2, 4`)
      .raw(true)
      .all([]);
  });

const copy = (tables: Record<string, TablePolicy>, target = "masked.db", options: RefreshOptions = {}) =>
  refresh({ source: at("app.db"), target: at(target), tables }, { key: TEST_KEY, ...options });

const SHOP = `
  CREATE TABLE customers (id INTEGER PRIMARY KEY, email TEXT NOT NULL COLLATE NOCASE, name TEXT, shout TEXT GENERATED ALWAYS AS (upper(name)) STORED);
  CREATE UNIQUE INDEX by_email ON customers (email);
  CREATE TABLE orders (customer INTEGER NOT NULL REFERENCES customers, nr INTEGER, total DECIMAL(10,2), PRIMARY KEY (customer, nr)) WITHOUT ROWID;
  CREATE TABLE log (what TEXT);
  CREATE TRIGGER told AFTER INSERT ON customers BEGIN INSERT INTO log VALUES (new.email); END;
  CREATE VIEW spenders AS SELECT email, sum(total) AS total FROM customers JOIN orders ON customer = id GROUP BY 1;
  INSERT INTO customers (id, email, name) VALUES (7, 'jane@acme.com', 'Jane'), (9, 'omar@acme.com', NULL);
  INSERT INTO orders VALUES (7, 1, 12.50), (7, 2, 3), (9, 1, 0.1);`;

const SHOP_RULES = {
  customers: { id: tokenize({ domain: "customer" }), email: tokenize(), name: redact() },
  orders: { nr: keep(), total: keep() },
  log: "skip",
} as unknown as Record<string, TablePolicy>;

describe("SQLite", () => {
  it("keeps every value and its storage class, in any column", async () => {
    make(
      "app.db",
      `CREATE TABLE t (a, b INTEGER, c TEXT, d REAL, e BLOB, f);
       INSERT INTO t VALUES
         (1, 2, 'x', 1.0, x'00ff', 1.0), (1.0, 'no number', 3, 'text', NULL, '1.0'),
         (9007199254740993, 9223372036854775807, 'a' || char(0) || 'b', 1e999, zeroblob(0), -9223372036854775808),
         (0.1 + 0.2, -5, CAST(x'ff41' AS TEXT), -1e999, 'text', ''), (5e-324, NULL, '', 1.7976931348623157e308, '🙂', x'');`,
    );
    const names = ["a", "b", "c", "d", "e", "f"];
    await copy({ t: Object.fromEntries(names.map((name) => [name, keep()])) });
    expect(stored("masked.db", "t", names)).toEqual(stored("app.db", "t", names));
  });

  it("gives a masked value the storage class of its original", async () => {
    make("app.db", "CREATE TABLE t (a, b); INSERT INTO t VALUES (1, 1.5), ('one', x'01'), (NULL, NULL);");
    const twice = custom((value: string) => ({ "1": "12", "1.5": "2", one: "two", "\\x01": "\\x02" })[value] ?? "other");
    await copy({ t: { a: twice, b: twice } });
    const classes = (stored("masked.db", "t", ["a", "b"]) as unknown[][]).map((row) => row.join(" "));
    expect(classes).toEqual(["null  null ", "integer 12 real 2.0", "text 74776F blob 02"]);
  });

  it("makes tables, keys, indexes, triggers and views in a file that is not there, and computed columns compute", async () => {
    make("app.db", SHOP);
    const report = await copy(SHOP_RULES);
    expect(report.notes).toEqual(["created 2 tables"]);
    withFile("masked.db", (db) => {
      const rows = (sql: string) => db.prepare(sql).raw(true).all([]);
      expect(rows("SELECT type, name FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY 1, 2")).toEqual([
        ["index", "by_email"],
        ["table", "customers"],
        ["table", "orders"],
        ["trigger", "told"],
        ["view", "spenders"],
      ]);
      expect(rows("SELECT count(*) FROM orders JOIN customers ON customer = id")).toEqual([[3]]);
      expect(rows("SELECT name, shout FROM customers ORDER BY name")).toEqual([
        [null, null],
        ["****", "****"],
      ]);
      expect(rows("SELECT typeof(total), total FROM orders ORDER BY total")).toEqual([
        ["real", 0.1],
        ["integer", 3],
        ["real", 12.5],
      ]);
      expect(rows("PRAGMA integrity_check")).toEqual([["ok"]]);
    });
    expect(readdirSync(folder).sort()).toEqual(["app.db", "masked.db"]);
  });

  it("fills a file that is there in one transaction, sets no trigger off, and puts it back", async () => {
    make("app.db", SHOP);
    make("masked.db", `${SHOP} DELETE FROM log; INSERT INTO log VALUES ('stays');`);
    await copy(SHOP_RULES);
    withFile("masked.db", (db) => {
      expect(db.prepare("SELECT what FROM log").raw(true).all([])).toEqual([["stays"]]);
      expect(db.prepare("SELECT count(*) FROM customers WHERE email LIKE '%acme%'").raw(true).all([])).toEqual([[0]]);
      expect(db.prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'").raw(true).all([])).toEqual([["told"]]);
    });
  });

  it("leaves the target as it was where the run fails, and quotes no value", async () => {
    make("app.db", SHOP);
    make("masked.db", SHOP);
    const before = stored("masked.db", "customers", ["id", "email"]);
    const throwing = custom((value: string) => {
      throw new Error(`canary ${value}`);
    });
    const fails = { ...SHOP_RULES, customers: { id: tokenize({ domain: "customer" }), email: tokenize(), name: throwing } };
    for (const target of ["masked.db", "new.db"]) {
      const error = await copy(fails as Record<string, TablePolicy>, target).catch((caught) => caught);
      expect(error).toMatchObject({ phase: "during", code: "TRANSFORM_FAILED" });
      expect(`${error.stack}${JSON.stringify(error)}`).not.toMatch(/canary|acme/);
    }
    expect(stored("masked.db", "customers", ["id", "email"])).toEqual(before);
    expect(readdirSync(folder).sort()).toEqual(["app.db", "masked.db"]);
  });

  it("reads one moment of a file that others write, also in WAL mode, and writes nothing to it", async () => {
    make(
      "app.db",
      "PRAGMA journal_mode = WAL; CREATE TABLE t (a); CREATE TABLE u (a); INSERT INTO t VALUES (1); INSERT INTO u VALUES (1);",
    );
    const source = sqliteSource({ path: at("app.db") });
    const { signal } = new AbortController();
    await source.open(signal);
    make("app.db", "INSERT INTO u VALUES (2); CREATE TABLE v (a);");
    const { tables } = await source.schema();
    expect(tables.map(({ ref }) => ref.name)).toEqual(["t", "u"]);
    let rows = 0;
    for await (const batch of source.read(tables[1]!, { columns: tables[1]!.columns, batchSize: {}, signal }))
      rows += batch.rowCount;
    expect(rows).toBe(1);
    await source.close();
    expect(stored("app.db", "u", ["a", "a"])).toHaveLength(2);
  });

  it("refuses a target that is the source, one that a reference would be broken in, and what is no database", async () => {
    make("app.db", SHOP);
    await expect(copy(SHOP_RULES, "app.db")).rejects.toMatchObject({ code: "SOURCE_IS_TARGET", phase: "before" });
    make("masked.db", SHOP);
    make(
      "loose.db",
      "CREATE TABLE orders (customer INTEGER NOT NULL, nr INTEGER NOT NULL, total DECIMAL(10,2), PRIMARY KEY (customer, nr)); INSERT INTO orders VALUES (8, 1, 1);",
    );
    const tables = { orders: { customer: keep(), nr: keep(), total: keep() } };
    const dangling = refresh({ source: at("loose.db"), target: at("masked.db"), tables }, { key: TEST_KEY });
    await expect(dangling).rejects.toMatchObject({ code: "REFERENCE_BROKEN" });
    expect(stored("masked.db", "orders", ["customer", "nr"])).toHaveLength(3);
    execFileSync("sh", ["-c", `printf 'no database, but long enough to be taken for one' > ${at("broken.db")}`]);
    await expect(sqliteSource({ path: at("broken.db") }).open(new AbortController().signal)).rejects.toMatchObject({
      code: "SOURCE_UNREACHABLE",
    });
  });

  it.each(["blobs", "nothing", "text that is none", "keys of bytes"])("copies a table of one column: %s", async (what) => {
    const values: Record<string, string> = {
      blobs: "(x'00ff'), (x'07'), (zeroblob(0))",
      nothing: "(NULL), (NULL)",
      "text that is none": "(CAST(x'ff41' AS TEXT)), ('')",
      "keys of bytes": "(x'01'), (x'02'), (x'0203')",
    };
    const table = what === "keys of bytes" ? "t (a BLOB PRIMARY KEY) WITHOUT ROWID" : "t (a)";
    make("app.db", `CREATE TABLE ${table}; INSERT INTO t VALUES ${values[what]};`);
    await refresh(
      { source: at("app.db"), target: at("masked.db"), tables: { t: { a: keep() } } },
      { key: TEST_KEY, batchSize: { maxRows: 1 } },
    );
    expect(stored("masked.db", "t", ["a", "a"])).toEqual(stored("app.db", "t", ["a", "a"]));
  });

  it("reads every row where a key tells apart what its columns take for equal", async () => {
    make("app.db", "CREATE TABLE t (a TEXT COLLATE NOCASE, n INTEGER, PRIMARY KEY (n DESC, a COLLATE BINARY)) WITHOUT ROWID;");
    make("app.db", "INSERT INTO t VALUES ('a', 1), ('A', 1), ('b', 1), ('B', 1), ('B', 2), ('b', 2);");
    await refresh(
      { source: at("app.db"), target: at("masked.db"), tables: { t: { a: keep(), n: keep() } } },
      { key: TEST_KEY, batchSize: { maxRows: 1 } },
    );
    expect(stored("masked.db", "t", ["a", "n"])).toEqual(stored("app.db", "t", ["a", "n"]));
  });

  it("reads a file in UTF-16 as any other", async () => {
    make("app.db", "PRAGMA encoding = 'UTF-16be'; CREATE TABLE t (k TEXT PRIMARY KEY, a TEXT) WITHOUT ROWID;");
    make("app.db", "INSERT INTO t VALUES ('ä', 'Zoë 🙂'), ('b', 'plain'), ('c', NULL), ('d', 'a' || char(0) || 'b'), ('€', '')");
    const same = custom((value: string) => `${value}`);
    const tables = { t: { k: keep(), a: same } };
    await refresh({ source: at("app.db"), target: at("masked.db"), tables }, { key: TEST_KEY, batchSize: { maxRows: 2 } });
    const rows = (name: string) =>
      withFile(name, (db) => db.prepare("SELECT k, length(a), a FROM t ORDER BY k").raw(true).all([]));
    expect(rows("masked.db")).toEqual(rows("app.db"));
    expect(rows("masked.db")).toContainEqual(["ä", 5, "Zoë 🙂"]);
  });

  it("holds few rows at once where the next are longer than those before", () => {
    make(
      "app.db",
      `CREATE TABLE t (a, b); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)
       INSERT INTO t SELECT i, CASE WHEN i < 200 THEN 'x' ELSE zeroblob(100000) END FROM n;`,
    );
    withFile("app.db", (db) => {
      const [table] = readTables(db);
      const ranges = new RangeReader(db, table!.ref, table!.columns, 10_000, 256 * 1024);
      const sizes: number[][] = [];
      for (let rows = ranges.next(0); rows !== null; rows = ranges.next(0)) sizes.push(rows.map(sizeOf));
      expect(sizes.flat()).toHaveLength(500);
      for (const range of sizes) expect(range.reduce((sum, size) => sum + size, 0)).toBeLessThan(9 * 256 * 1024);
    });
  });

  it("takes the marks of an application along, and brings rows home from a target's log", async () => {
    make("app.db", "PRAGMA user_version = 7; PRAGMA application_id = 99; CREATE TABLE t (a); INSERT INTO t VALUES ('x');");
    make("masked.db", "PRAGMA journal_mode = WAL; CREATE TABLE t (a); INSERT INTO t VALUES ('old');");
    const marks = (name: string) =>
      withFile(name, (db) => ["user_version", "application_id"].map((mark) => db.prepare(`PRAGMA ${mark}`).raw(true).all([])));
    for (const target of ["new.db", "masked.db"]) await copy({ t: { a: keep() } }, target);
    expect(marks("new.db")).toEqual([[[7]], [[99]]]);
    expect(marks("masked.db")).toEqual([[[0]], [[0]]]);
    copyFileSync(at("masked.db"), at("alone.db"));
    expect(stored("alone.db", "t", ["a", "a"])).toEqual(stored("app.db", "t", ["a", "a"]));
  });

  it("leaves broken references of other tables alone, and tells of a folder that is not there", async () => {
    make("app.db", "CREATE TABLE t (a); INSERT INTO t VALUES ('x');");
    make("masked.db", "CREATE TABLE t (a); CREATE TABLE p (a INTEGER PRIMARY KEY); CREATE TABLE c (p REFERENCES p);");
    make("masked.db", "PRAGMA foreign_keys = OFF; INSERT INTO c VALUES (9)");
    await copy({ t: { a: keep() } });
    expect(stored("masked.db", "t", ["a", "a"])).toHaveLength(1);
    await expect(copy({ t: { a: keep() } }, "none/new.db")).rejects.toMatchObject({
      code: "TARGET_UNREACHABLE",
      phase: "before",
    });
  });

  const makePeople = (name: string, rows: readonly ExamRow[]) =>
    withFile(name, (db) => {
      db.exec("CREATE TABLE people (id TEXT, name TEXT, note TEXT)");
      const insert = db.prepare("INSERT INTO people VALUES (?, ?, ?)");
      for (const row of rows) insert.run(row);
    });

  it("keeps the contract of a source", async () => {
    makePeople("people.db", PEOPLE);
    make("people.db", "CREATE TABLE short (a INTEGER PRIMARY KEY, b UNIQUE)");
    expect(await checkSource(() => sqliteSource({ path: at("people.db") }))).toEqual([]);
  });

  it("keeps the contract of a sink", async () => {
    makePeople("people.db", PEOPLE);
    makePeople("target.db", [["0", "old", null]]);
    const table = await tableOf(sqliteSource({ path: at("people.db") }));
    const readRows = async () =>
      withFile("target.db", (db) => db.prepare("SELECT id, name, note FROM people").raw(true).all([]) as ExamRow[]);
    const readTraces = async () =>
      readdirSync(folder)
        .filter((name) => !name.endsWith("-journal"))
        .sort();
    expect(await checkSink(() => sqliteSink({ path: at("target.db") }), { table, rows: PEOPLE, readRows, readTraces })).toEqual(
      [],
    );
  });
});
