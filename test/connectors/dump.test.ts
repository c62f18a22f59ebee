import { execFileSync, spawnSync } from "node:child_process";
import {
  createReadStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { dumpSource } from "../../src/connectors/dump/index.ts";
import type { Table } from "../../src/contracts.ts";
import { postgresDump } from "../../src/formats/postgres-dump/postgres-dump.ts";
import { resolveMaskingKey } from "../../src/keys/masking-key.ts";
import { pipeDump } from "../../src/pipeline/dump/pipe-dump.ts";
import { definePolicy, type TablesPolicy } from "../../src/policy/define-policy.ts";
import { preview } from "../../src/preview.ts";
import { planRefresh, refresh } from "../../src/refresh.ts";
import { shuffle } from "../../src/transforms/choices/shuffle.ts";
import { keep } from "../../src/transforms/plain/keep.ts";
import { redact } from "../../src/transforms/plain/redact.ts";
import { tokenize } from "../../src/transforms/tokens/tokenize.ts";
import { verifyRefresh } from "../../src/verify-refresh.ts";
import { runPostgres } from "../end-to-end/postgres-examiner.ts";
import { describeWithPostgres, withDatabases } from "../servers/postgres-server.ts";
import { TEST_KEY } from "../test-key.ts";

const folder = mkdtempSync(join(tmpdir(), "standin-dump-"));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string) => join(folder, name);
const signal = new AbortController().signal;
const CANARY = "Zx9canary";

const SCHEMA = `
  CREATE TABLE people (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email text NOT NULL, city text);
  CREATE TABLE visits (id serial PRIMARY KEY, person integer REFERENCES people, note text, day date, doubled integer GENERATED ALWAYS AS (id * 2) STORED);
  CREATE TABLE audit (who text);
  CREATE VIEW towns AS SELECT DISTINCT city FROM people;
  INSERT INTO people (email, city) SELECT 'person' || n || '@example.org', 'town ' || n % 9 FROM generate_series(1, 3000) n;
  INSERT INTO visits (person, note, day) SELECT n % 3000 + 1, repeat('${CANARY} \\ it''s ', 4) || n, date '2020-01-01' + n % 900 FROM generate_series(1, 9000) n;
  INSERT INTO audit VALUES ('${CANARY}');`;

const TABLES: TablesPolicy = {
  people: { id: keep(), email: redact({ keepLast: 4 }), city: shuffle() },
  visits: { id: keep(), person: keep(), note: tokenize(), day: keep() },
  audit: "skip",
};

const policyOf = (tables: TablesPolicy) => definePolicy({ source: "postgres://x/a", target: "postgres://x/b", tables });

/** Pipes a dump; gives what was written, also where it failed. */
async function pipe(
  dump: string,
  tables: TablesPolicy,
  more: { readonly signal?: AbortSignal } = {},
): Promise<{ output: string; error: unknown }> {
  const written: Buffer[] = [];
  const write = async (bytes: Buffer) => void written.push(Buffer.from(bytes));
  const key = await resolveMaskingKey(TEST_KEY, {}, undefined);
  const way = { format: postgresDump, input: createReadStream(dump), output: { write, writeLast: write }, schema: null };
  const error = await pipeDump(way, policyOf(tables), { key, signal, onProgress: () => {}, lock: null, ...more }).then(
    () => null,
    (failure: unknown) => failure,
  );
  return { output: Buffer.concat(written).toString(), error };
}

const psql = (url: string, input: string | Buffer, ...more: readonly string[]) =>
  spawnSync("psql", ["-X", "-q", "-d", url, ...more], { input, encoding: "utf8", maxBuffer: 1e9 });

const rowsOf = async (url: string) => ({
  people: await runPostgres(url, "SELECT * FROM people ORDER BY id"),
  visits: await runPostgres(url, "SELECT id, person, note, day::text, doubled FROM visits ORDER BY id"),
});

async function withDump(use: (dumpFile: string, source: string, one: string, other: string) => Promise<void>): Promise<void> {
  await withDatabases(["standin_dump_a", "standin_dump_b", "standin_dump_c"], async (source, one, other) => {
    expect(psql(source, SCHEMA, "-v", "ON_ERROR_STOP=1").stderr).toBe("");
    execFileSync("pg_dump", ["-d", source, "-f", at("dump.sql")]);
    await use(at("dump.sql"), source, one, other);
  });
}

describeWithPostgres("a dump of PostgreSQL", () => {
  it("is a source and a target as its server is, plain, packed and as an archive", async () => {
    await withDump(async (plain, source, one, other) => {
      writeFileSync(at("dump.sql.gz"), gzipSync(readFileSync(plain)));
      execFileSync("pg_dump", ["-d", source, "-Fc", "-f", at("archive.dump")]);
      execFileSync("pg_dump", ["-d", source, "-Fd", "-f", at("archive")]);
      await refresh({ source, target: one, tables: TABLES }, { key: TEST_KEY });
      const expected = await rowsOf(one);
      // From a live database, and from each kind of dump, into a dump; read by psql.
      const outputs: string[] = [];
      for (const from of [source, plain, at("dump.sql.gz"), at("archive.dump"), at("archive")]) {
        const policy = { source: from, target: at("out.sql"), tables: TABLES };
        const report = await refresh(policy, { key: TEST_KEY, verify: true });
        expect(report).toMatchObject({ rows: 12_000, notCopied: ["audit"], source: "postgres", target: "postgres" });
        outputs.push(readFileSync(at("out.sql"), "utf8"));
        expect((await verifyRefresh(policy)).findings.filter(({ severity }) => severity === "error")).toEqual([]);
      }
      const [fromLive, ...fromDumps] = outputs;
      expect(new Set(fromDumps).size).toBe(1);
      for (const output of [fromLive!, fromDumps[0]!]) {
        expect(output).not.toContain(CANARY);
        psql(other, "DROP SCHEMA public CASCADE; CREATE SCHEMA public;");
        expect(psql(other, output, "-v", "ON_ERROR_STOP=1", "--single-transaction")).toMatchObject({ status: 0, stderr: "" });
        expect(await rowsOf(other)).toEqual(expected);
        // Sequences go on behind the rows.
        expect(await runPostgres(other, "INSERT INTO visits (person) VALUES (1) RETURNING id")).toEqual([{ id: 9001 }]);
      }
      // From a dump into a live database that has no tables.
      psql(other, "DROP SCHEMA public CASCADE; CREATE SCHEMA public;");
      await refresh({ source: at("archive.dump"), target: other, tables: TABLES }, { key: TEST_KEY });
      expect(await rowsOf(other)).toEqual(expected);
    });
  });

  it("makes psql fail where a run fails behind its first rows, whatever options psql has", async () => {
    await withDump(async (plain, source, one) => {
      const broken = readFileSync(plain, "utf8").replace(/\n8999\t/, "\n8999\tx\t");
      writeFileSync(at("broken.sql"), broken);
      const { output, error } = await pipe(at("broken.sql"), TABLES);
      expect(error).toMatchObject({ code: "FORMAT_INVALID", phase: "during" });
      expect(String((error as Error).message)).not.toContain(CANARY);
      for (const options of [
        [],
        ["-v", "ON_ERROR_STOP=1"],
        ["-v", "ON_ERROR_STOP=1", "--single-transaction"],
        ["--single-transaction"],
      ]) {
        psql(one, "DROP SCHEMA public CASCADE; CREATE SCHEMA public;");
        expect(psql(one, output, ...options).status, options.join(" ")).not.toBe(0);
        const [there] = await runPostgres(one, "SELECT to_regclass('public.visits') IS NOT NULL AS made");
        if (options.includes("--single-transaction")) expect(there).toEqual({ made: false });
        else if (there!.made) expect(await runPostgres(one, "SELECT count(*)::int AS rows FROM visits")).toEqual([{ rows: 0 }]);
      }
      // The reader of INSERTs is told as well.
      const inserts = execFileSync("pg_dump", ["-d", source, "--rows-per-insert=50"], { encoding: "utf8", maxBuffer: 1e9 });
      writeFileSync(at("broken.sql"), inserts.replace("(8999, ", "(now(), "));
      const second = await pipe(at("broken.sql"), TABLES);
      expect(second.error).toMatchObject({ code: "DUMP_INVALID", phase: "during" });
      psql(one, "DROP SCHEMA public CASCADE; CREATE SCHEMA public;");
      expect(psql(one, second.output).status).not.toBe(0);
    });
  });

  it("is refused before its first byte is written, or at its end by the keys that come there", async () => {
    await withDump(async (plain) => {
      const uncovered = await pipe(plain, { ...TABLES, visits: { id: keep(), person: keep(), note: tokenize() } });
      expect(uncovered.output).toBe("");
      expect(uncovered.error).toMatchObject({
        code: "PLAN_REFUSED",
        phase: "before",
        findings: [{ code: "COLUMN_UNCOVERED", column: "day" }],
      });
      const unknown = await pipe(plain, { ...TABLES, visit: { id: keep() } });
      expect({ output: unknown.output, error: unknown.error }).toMatchObject({
        output: "",
        error: { code: "PLAN_REFUSED", phase: "before" },
      });
      // That visits.person points to people.id stands behind the rows of both.
      const late = await pipe(plain, { ...TABLES, people: { ...(TABLES.people as object), id: tokenize() } });
      expect(late.error).toMatchObject({ code: "PLAN_REFUSED", phase: "during", hint: expect.stringContaining("--schema") });
      expect(late.output).toContain("RAISE EXCEPTION");
    });
  });

  it("leaves rows out that the policy does not copy, and keeps rows in order that are looked at together", async () => {
    await withDump(async (plain, source, one, other) => {
      await refresh({ source, target: one, tables: TABLES }, { key: TEST_KEY });
      for (const options of [[], ["--rows-per-insert=70"]]) {
        execFileSync("pg_dump", ["-d", source, "-f", plain, ...options]);
        const { output, error } = await pipe(plain, TABLES);
        expect(error).toBeNull();
        expect(output).not.toContain(CANARY);
        psql(other, "DROP SCHEMA public CASCADE; CREATE SCHEMA public;");
        expect(psql(other, output, "-v", "ON_ERROR_STOP=1", "--single-transaction").stderr).toBe("");
        expect(await rowsOf(other)).toEqual(await rowsOf(one));
        expect(await runPostgres(other, "SELECT * FROM audit")).toEqual([]);
      }
    });
  });

  it("is planned, previewed and sampled", async () => {
    await withDump(async (plain) => {
      writeFileSync(at("packed.sql.gz"), gzipSync(readFileSync(plain)));
      for (const source of [plain, at("packed.sql.gz")]) {
        const policy = { source, target: at("planned.sql"), tables: TABLES };
        const { tables, findings } = await planRefresh(policy, { sample: true });
        expect(findings.filter(({ severity }) => severity === "error")).toEqual([]);
        expect(tables.map(({ table }) => [table.ref.name, table.rowEstimate])).toEqual([
          ["people", 3000],
          ["visits", 9000],
        ]);
        const shown = await preview(policy, "visits", { rows: 3, key: TEST_KEY });
        expect(shown.masked[0]).toEqual(["1", "2", "3"]);
        expect(existsSync(at("planned.sql"))).toBe(false);
      }
    });
  });
});

describeWithPostgres("an archive of pg_dump", () => {
  it.each(["-Fc", "-Fd", "-Ft"])("is read again as it was found or not at all: %s", async (form) => {
    await withDatabases(["standin_dump_archive"], async (url) => {
      await runPostgres(url, "CREATE TABLE a (id int); INSERT INTO a VALUES (1), (2)");
      execFileSync("pg_dump", ["-d", url, form, "-f", at(`held${form}`)]);
    });
    const source = await dumpSource({ path: at(`held${form}`) });
    await source.open(signal);
    const { tables } = await source.schema();
    const read = async () => {
      let rows = 0;
      for await (const batch of source.read(tables[0]!, { columns: tables[0]!.columns, batchSize: {}, signal }))
        rows += batch.rowCount;
      return rows;
    };
    expect([await read(), await read()]).toEqual([2, 2]);
    const file = form === "-Fd" ? readdirSync(at("held-Fd")).find((name) => name.endsWith(".dat.gz"))! : "";
    utimesSync(join(at(`held${form}`), file), 1, 1);
    await expect(read()).rejects.toMatchObject({ code: "SOURCE_FAILED", message: expect.stringContaining("changed") });
    await source.close();
  });
});

describe("a dump in a file", () => {
  const HEAD = "SET standard_conforming_strings = on;\n";
  beforeEach(() => {
    writeFileSync(
      at("small.sql"),
      `${HEAD}CREATE TABLE public.a (id integer, name text);\nCREATE TABLE public.b (id integer);\nCOPY public.a (id, name) FROM stdin;\n1\tx\n\\.\nCOPY public.b (id) FROM stdin;\n7\n\\.\nCOPY public.a (name, id) FROM stdin;\ny\t2\n\\.\n`,
    );
  });

  it("gives a table's rows from wherever they lie, packed or not, with their ordinals, in any order and as often as asked", async () => {
    writeFileSync(at("small.sql.gz"), gzipSync(readFileSync(at("small.sql"))));
    for (const path of [at("small.sql"), at("small.sql.gz")]) {
      const source = await dumpSource({ path });
      await source.open(signal);
      const { tables } = await source.schema();
      const read = async (name: string) => {
        const table = tables.find(({ ref }) => ref.name === name) as Table;
        const found: unknown[] = [];
        for await (const batch of source.read(table, { columns: table.columns, batchSize: {}, signal }))
          for (let row = 0; row < batch.rowCount; row++)
            found.push([batch.firstRow + row, ...table.columns.map((_, index) => batch.column(index)[row])]);
        return found;
      };
      const a = [
        [0, "1", "x"],
        [1, "2", "y"],
      ];
      expect([await read("a"), await read("b"), await read("a"), await read("b")]).toEqual([a, [[0, "7"]], a, [[0, "7"]]]);
      await source.close();
    }
  });

  it.each(["large.sql", "tab"])("is read again as it was found or not at all: %s", async (name) => {
    mkdirSync(at("tab"), { recursive: true });
    writeFileSync(at("tab/a.sql"), "CREATE TABLE `a` (`id` int, `name` text);\n");
    writeFileSync(at("tab/a.txt"), "1\tx\n2\ty\n");
    // Whoever has read the first table's rows has not come near the end of the file.
    const more = `COPY public.b (id) FROM stdin;\n${"7\n".repeat(2 ** 20)}\\.\n`;
    const tables = "CREATE TABLE public.a (id integer, name text);\nCREATE TABLE public.b (id integer);\n";
    writeFileSync(at("large.sql"), `${HEAD}${tables}COPY public.a (id, name) FROM stdin;\n1\tx\n2\ty\n\\.\n${more}`);
    const source = await dumpSource({ path: at(name) });
    await source.open(signal);
    const table = (await source.schema()).tables.find(({ ref }) => ref.name === "a") as Table;
    const read = async () => {
      let rows = 0;
      for await (const batch of source.read(table, { columns: table.columns, batchSize: {}, signal })) rows += batch.rowCount;
      return rows;
    };
    expect(await read()).toBe(2);
    // As many bytes: only another time tells.
    const file = name === "tab" ? at("tab/a.txt") : at(name);
    writeFileSync(file, readFileSync(file, "utf8").replace("1\tx", "1\tz"));
    utimesSync(file, 1, 1);
    await expect(read()).rejects.toMatchObject({ code: "SOURCE_FAILED", message: expect.stringContaining("changed") });
    await source.close();
  });

  it.each([
    ["no file", "missing.sql", null, "SOURCE_UNREACHABLE"],
    ["a file that is no dump", "text.sql", "hello\n", "DUMP_INVALID"],
    ["rows without a schema", "rows.sql", `${HEAD}COPY public.a (id) FROM stdin;\n1\n\\.\n`, "DUMP_INVALID"],
    ["an archive that breaks off", "cut.dump", "PGDMP\x01\x0e\x00", "SOURCE_FAILED"],
  ])("is refused for %s", async (_what, name, content, code) => {
    if (content !== null) writeFileSync(at(name), content);
    await expect(planRefresh({ source: at(name), target: at("never.sql"), tables: { a: { id: keep() } } })).rejects.toMatchObject(
      { code },
    );
  });

  it("leaves the former dump and nothing else where a run fails, and is no target of its own", async () => {
    writeFileSync(at("former.sql"), "the former\n");
    const before = readdirSync(folder).sort();
    writeFileSync(at("small.sql"), readFileSync(at("small.sql"), "utf8").replace("y\t2\n", "y\t2\t3\n"));
    const tables: TablesPolicy = { a: { id: keep(), name: redact() }, b: { id: keep() } };
    await expect(refresh({ source: at("small.sql"), target: at("former.sql"), tables }, { key: TEST_KEY })).rejects.toMatchObject(
      { code: "FORMAT_INVALID" },
    );
    expect(readdirSync(folder).sort()).toEqual(before);
    expect(readFileSync(at("former.sql"), "utf8")).toBe("the former\n");
    await expect(planRefresh({ source: at("small.sql"), target: at("small.sql"), tables })).rejects.toMatchObject({
      code: "SOURCE_IS_TARGET",
    });
  });

  it("packs a target whose name says so", async () => {
    const tables: TablesPolicy = { a: { id: keep(), name: redact() }, b: { id: keep() } };
    await refresh({ source: at("small.sql"), target: at("packed-out.sql.gz"), tables }, { key: TEST_KEY });
    expect(gunzipSync(readFileSync(at("packed-out.sql.gz"))).toString()).toContain(
      'COPY "public"."a" ("id", "name") FROM stdin;\n1\t*\n2\t*\n\\.\n',
    );
  });
});
