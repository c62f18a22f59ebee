import { type ExecFileSyncOptions, execFileSync } from "node:child_process";
import { createReadStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { readDumpSchema } from "../../src/connectors/dump/index.ts";
import type { DataSchema } from "../../src/contracts.ts";
import { postgresDump } from "../../src/formats/postgres-dump/postgres-dump.ts";
import { resolveMaskingKey } from "../../src/keys/masking-key.ts";
import { pipeDump } from "../../src/pipeline/dump/pipe-dump.ts";
import { definePolicy, type TablePolicy, type TablesPolicy } from "../../src/policy/define-policy.ts";
import { refresh } from "../../src/refresh.ts";
import { tableName } from "../../src/table-ref.ts";
import { keep } from "../../src/transforms/plain/keep.ts";
import { tokenize } from "../../src/transforms/tokens/tokenize.ts";
import { IS_THOROUGH } from "../faults/seeds.ts";
import { describeWithPostgres, withDatabases } from "../servers/postgres-server.ts";
import { describeWithData, sharedData } from "../shared-data.ts";
import { TEST_KEY } from "../test-key.ts";
import { keepEverything, maskPersons } from "./automatic-policy.ts";
import { postgresExaminer, withPostgresSession } from "./postgres-examiner.ts";
import { POSTGRES_SAMPLES } from "./postgres-samples.ts";

const folder = mkdtempSync(join(tmpdir(), "standin-dumps-"));
afterAll(() => rmSync(folder, { recursive: true }));

const signal = new AbortController().signal;

/** Databases with what makes them; `types` has a value of each type. */
const DATABASES: Readonly<Record<string, (url: string) => void | Promise<void>>> = {
  pagila: POSTGRES_SAMPLES.pagila!.load,
  northwind: POSTGRES_SAMPLES.northwind!.load,
  chinook: POSTGRES_SAMPLES.chinook!.load,
  types: makeTypes,
};

async function makeTypes(url: string): Promise<void> {
  const { values } = JSON.parse(readFileSync(sharedData("types", "pg-values.json"), "utf8")) as {
    values: { type: string; literal: string | null }[];
  };
  await withPostgresSession(url, async (session) => {
    await session.query(
      "CREATE EXTENSION hstore; CREATE EXTENSION citext; CREATE TYPE mood AS ENUM ('sad', 'o''k'); CREATE TYPE comp AS (a int, b text); CREATE DOMAIN dm AS text",
    );
    for (const [index, { type, literal }] of values.entries()) {
      // pg_dump's INSERTs write it bare, and the server reads the number 0.
      if (literal === "-0") continue;
      await session.query(`CREATE TABLE v${index} (id int PRIMARY KEY, v ${type})`);
      await session.query(`INSERT INTO v${index} SELECT 1, $1::text::${type}`, [literal]);
    }
    await session.query(ODD_SCHEMA);
  });
}

/** What the samples have none of. */
const ODD_SCHEMA = `
  CREATE SCHEMA "Odd one";
  CREATE DOMAIN "Odd one".code AS varchar(9) DEFAULT 'x' NOT NULL CONSTRAINT shaped CHECK (VALUE ~ '^[a-z(,]' AND VALUE <> 'VALUE');
  CREATE TABLE "Odd one"."a ""b""" (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, n serial, code "Odd one".code, "Mixed, (name" text DEFAULT E'a\\'b',
    mail citext UNIQUE, pair comp, pairs comp[], moods mood[], fixed char(3), stamp timestamp(3), tz timetz, gap interval day to second(2), bits bit varying(5), c "char",
    twice bigint GENERATED ALWAYS AS (id * 2) STORED, during tsrange, CONSTRAINT "odd (check" CHECK (n > 0 OR "Mixed, (name" <> 'CHECK ('), EXCLUDE USING gist (during WITH &&) WHERE (n > 1));
  CREATE UNIQUE INDEX odd_lower ON "Odd one"."a ""b""" (lower("Mixed, (name"), (n + 1), code) WHERE n > 5;
  CREATE UNIQUE INDEX odd_nulls ON "Odd one"."a ""b""" (n) INCLUDE (code) NULLS NOT DISTINCT;
  CREATE TABLE parent (id int PRIMARY KEY CHECK (id > 0), name text NOT NULL);
  CREATE TABLE child (extra int, up bigint REFERENCES "Odd one"."a ""b""") INHERITS (parent);
  CREATE TABLE empty_one ();
  CREATE TABLE listed (id int, kind text, PRIMARY KEY (id, kind)) PARTITION BY LIST (kind);
  CREATE TABLE listed_a PARTITION OF listed FOR VALUES IN ('a') PARTITION BY RANGE (id);
  CREATE TABLE listed_a1 PARTITION OF listed_a FOR VALUES FROM (1) TO (MAXVALUE);
  INSERT INTO "Odd one"."a ""b""" ("Mixed, (name", mail) VALUES ('\\. \\N it''s' || chr(10) || 'x', 'a@b.c'), (NULL, 'A@b.d');
  INSERT INTO parent VALUES (1, 'p'); INSERT INTO child VALUES (2, 'c', 3, 1); INSERT INTO listed VALUES (1, 'a'); INSERT INTO empty_one DEFAULT VALUES;`;

/** Masks every text that nothing else asks anything of, and keeps the rest. */
function maskTexts(schema: DataSchema): Record<string, TablePolicy> {
  const kept = keepEverything(schema);
  return Object.fromEntries(
    schema.tables.map(({ ref, columns }) => {
      const name = ref.schema === "public" ? ref.name : `${ref.schema}.${ref.name}`;
      const texts = columns.filter(({ kind, type, maxLength }) => kind === "text" && type === "text" && maxLength === null);
      const masked = texts
        .filter((column) => /^v$|extra|note|^name$/.test(column.name))
        .map((column) => [column.name, tokenize()]);
      return [name, { ...kept[name], ...Object.fromEntries(masked) }];
    }),
  );
}

/** How dumps are written; archives are made plain by pg_restore. */
const OPTIONS: Readonly<Record<string, readonly string[]>> = {
  COPY: [],
  "--inserts": ["--inserts"],
  "--column-inserts": ["--column-inserts", "--rows-per-insert=100", "--disable-dollar-quoting"],
  "--data-only": ["--data-only", "--disable-triggers"],
  "--clean": ["--no-owner", "--no-privileges", "--clean", "--if-exists", "--quote-all-identifiers", "--load-via-partition-root"],
  "--section": ["--section=data", "--section=post-data"],
  "-Fc": ["-Fc"],
  "-Fd": ["-Fd"],
};

const THIN: Readonly<Record<string, readonly string[]>> = {
  northwind: ["COPY"],
  types: ["--column-inserts", "-Fc", "--data-only"],
};

const quiet: ExecFileSyncOptions = { stdio: ["ignore", "pipe", "pipe"], maxBuffer: 1e9 };

function dump(url: string, name: string, options: readonly string[]): string {
  const made = join(folder, `${name}.dump`);
  rmSync(made, { recursive: true, force: true });
  execFileSync("pg_dump", ["-d", url, "-f", made, ...options], quiet);
  if (!options.some((option) => option.startsWith("-F"))) return made;
  const plain = join(folder, `${name}.sql`);
  execFileSync("pg_restore", ["-f", plain, made], quiet);
  return plain;
}

async function pipe(file: string, schemaFile: string, tables: TablesPolicy): Promise<string> {
  const written: Buffer[] = [];
  const write = async (bytes: Buffer) => void written.push(Buffer.from(bytes));
  await pipeDump(
    {
      format: postgresDump,
      input: createReadStream(file),
      output: { write, writeLast: write },
      schema: await readDumpSchema(schemaFile, postgresDump, signal),
    },
    definePolicy({ source: "postgres://x/source", target: "postgres://x/target", tables }),
    { key: await resolveMaskingKey(TEST_KEY, {}, undefined), signal, onProgress: () => {}, lock: null },
  );
  const output = `${file}.masked`;
  writeFileSync(output, Buffer.concat(written));
  return output;
}

const psql = (url: string, file: string) =>
  execFileSync("psql", ["-X", "-q", "-v", "ON_ERROR_STOP=1", "--single-transaction", "-d", url, "-f", file], quiet);

/** Every row of every table, as text. */
async function rowsOf(url: string, { tables }: DataSchema): Promise<Record<string, readonly string[]>> {
  const found: Record<string, readonly string[]> = {};
  for (const table of tables) {
    const columns = table.columns.map(({ name }) => name);
    const rows = await postgresExaminer.rows(url, { table, columns: [] }, columns);
    found[tableName(table.ref)] = rows.sort();
  }
  return found;
}

const withoutEstimates = ({ tables, ...schema }: DataSchema) => ({
  ...schema,
  tables: tables.map(({ rowEstimate: _, partitionBounds: __, ...table }) => table),
});

describeWithPostgres("dumps of PostgreSQL", () => {
  describeWithData("of databases that others made", "sql", () => {
    const chosen = Object.entries(DATABASES).filter(([name]) => IS_THOROUGH || THIN[name] !== undefined);
    it.each(chosen)(
      "of %s tell the schema that its server tells, and are masked as it is: to the byte where all is kept, row for row where not",
      async (name, load) => {
        await withDatabases(["standin_dump_source", "standin_dump_live", "standin_dump_out"], async (source, live, out) => {
          await load(source);
          const schema = await postgresExaminer.schema(source);
          const schemaFile = dump(source, "schema", ["--schema-only"]);
          const told = (await readDumpSchema(schemaFile, postgresDump, signal)).schema();
          expect(withoutEstimates(told)).toEqual(withoutEstimates(schema));

          const tables = name === "types" ? maskTexts(schema) : maskPersons(schema);
          // By its date a payment is in one of the partitions, which most of these dumps name.
          if (name === "pagila") tables.payment = { ...tables.payment, payment_date: keep() };
          await refresh({ source, target: live, tables }, { key: TEST_KEY });
          const expected = await rowsOf(live, schema);
          const before = dump(source, "before", ["--section=pre-data", "--no-owner"]);
          for (const [how, options] of Object.entries(OPTIONS)) {
            if (!IS_THOROUGH && !THIN[name]!.includes(how)) continue;
            const file = dump(source, "rows", options);
            const kept = await pipe(file, schemaFile, keepEverything(schema));
            expect(readFileSync(kept).equals(readFileSync(file)), `${how}: identity`).toBe(true);

            const masked = await pipe(file, schemaFile, tables);
            expect(readFileSync(masked).equals(readFileSync(file)), `${how}: masked`).toBe(false);
            await empty(out);
            if (how === "--data-only" || how === "--section") psql(out, before);
            psql(out, masked);
            expect(await rowsOf(out, schema), how).toEqual(expected);
          }
        });
      },
      600_000,
    );
  });
});

async function empty(url: string): Promise<void> {
  await withPostgresSession(url, async (session) => {
    const { rows } = await session.query(
      "SELECT format('%I', nspname) AS name FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'",
    );
    for (const { name } of rows) await session.query(`DROP SCHEMA ${name} CASCADE`);
    await session.query("CREATE SCHEMA public");
  });
}
