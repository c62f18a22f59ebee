import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isStandinError } from "../../src/errors.ts";
import { postgresDump } from "../../src/formats/postgres-dump/postgres-dump.ts";
import { maskColumn, pipeDump } from "./read-dump.ts";

/** What no output, error or text may hold. */
const CANARY = "Zx9canary";
const HEAD = "SET client_encoding = 'UTF8';\nSET standard_conforming_strings = on;\n";
const TABLE = `${HEAD}CREATE TABLE public.t (id integer NOT NULL, name text, twice integer GENERATED ALWAYS AS ((id * 2)) STORED);\n`;
const COPY = "COPY public.t (id, name) FROM stdin;\n";

const pipe = (dump: string, chunkSize?: number, mask?: Parameters<typeof pipeDump>[3]) =>
  pipeDump(postgresDump, Buffer.from(dump), chunkSize, mask);

async function values(dump: string, column = "name", chunkSize?: number): Promise<(string | null)[]> {
  const found: (string | null)[] = [];
  await pipe(dump, chunkSize, ({ columns, batch }) => found.push(...batch.column(columns.indexOf(column))));
  return found;
}

async function refusal(dump: string): Promise<{ code: string; text: string; offset: number | undefined }> {
  try {
    await pipe(dump);
  } catch (error) {
    if (!isStandinError(error)) throw error;
    return { code: error.code, text: `${error.message} ${error.hint} ${error.stack}`, offset: error.offset };
  }
  throw new Error(`Let through: ${dump}`);
}

/** Each would run something, end rows where they do not end, or bring rows that no mask has seen. */
const REFUSED: Readonly<Record<string, readonly string[]>> = {
  "commands of psql": [
    "\\! sh\n",
    "\\copy t from program 'sh'\n",
    "\\o /tmp/x\n",
    "\\i /tmp/x\n",
    "SELECT 'x' \\gexec\n",
    "CREATE VIEW v AS SELECT 1 \\g |sh\n;",
    "CREATE TABLE x (a int); \\! sh\n",
    "-- Name: x\n\\! sh\n-- ; Type: TABLE\n",
    "-- Name: x\r\\! sh\n",
    "/* a /* b */ c */\\! sh\n",
    "CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; \\! sh\nEND;\n",
    "CREATE VIEW v AS SELECT $a$ $b$ $a$ \\! sh\n;",
    "\\restrict a`sh`\n",
    "\\restrict abc def\n",
    "\\restrict abc\n\\unrestrict abd\n",
    "\\unrestrict `sh`\n",
    "\\connect `sh`\n",
    "\\connect a b c d\n",
    "\\connect -reuse-previous=on \"dbname='a' host='b'\"\n",
    " \\restrict abc\n",
  ],
  "ends of rows that are none": [
    `${TABLE}${COPY}1\ta\n\\.\r\n\\! sh\n\\.\n`,
    `${TABLE}${COPY}1\ta\\.\n2\tb\n\\.\n`,
    `${TABLE}${COPY}1\ta\r\n\\.\n`,
    `${TABLE}${COPY}1\ta\0b\n\\.\n`,
    `${TABLE}COPY public.t (id, name) FROM stdin; \\! sh\n1\ta\n\\.\n`,
    `${TABLE}${COPY}1\ta\n`,
    `${TABLE}${COPY}1\ta\n\\.`,
  ],
  "texts whose end hangs on settings": [
    "SET standard_conforming_strings = off;\n",
    "SET client_encoding = 'SJIS';\n",
    "SET NAMES 'LATIN1';\n",
    "SELECT pg_catalog.set_config('standard_conforming_strings', 'off', false);\n",
    "ALTER DATABASE d SET standard_conforming_strings = off;\n",
    "CREATE VIEW v AS SELECT '\\' \\! sh';\n",
    `${HEAD}\\connect d\nCREATE VIEW v AS SELECT '\\'';\n`,
    `${HEAD}CREATE VIEW v AS SELECT E'a'\n'\\' \\! sh';\n`,
    `${HEAD}CREATE VIEW v AS SELECT 1E'\\' \\! sh';\n`,
    "CREATE VIEW v AS SELECT 'a\0';\n",
  ],
  "names whose schema hangs on settings": [
    "SET search_path = hr, pg_catalog;\n",
    "SET search_path TO hr;\n",
    "SET SESSION search_path = public, hr;\n",
    "SET\nsearch_path = hr;\n",
    "SET SCHEMA 'hr';\n",
    "SELECT pg_catalog.set_config('search_path', 'hr', false);\n",
  ],
  "more than one database": [
    `${TABLE}\\connect other\n${TABLE}${COPY}1\t${CANARY}\n\\.\n`,
    `${TABLE}${COPY}1\ta\n\\.\n\\connect other\n${HEAD}${COPY}1\t${CANARY}\n\\.\n`,
  ],
  "rows that are none of a dump's": [
    `CREATE  TABLE x AS VALUES ('${CANARY}');\n${TABLE}${COPY}\\.\n`,
    `CREATE\nUNLOGGED TABLE x AS VALUES ('${CANARY}');\n${TABLE}${COPY}\\.\n`,
    `CREATE/**/TABLE x AS VALUES ('${CANARY}');\n`,
    `CREATE UNLOGGED -- x\nTABLE x AS VALUES ('${CANARY}');\n`,
    `UPDATE t SET name = '${CANARY}';\n`,
    `DO $$ BEGIN EXECUTE '${CANARY}'; END $$;\n`,
    `WITH x AS (SELECT 1) INSERT INTO t SELECT 1, '${CANARY}';\n`,
    `${TABLE}INSERT INTO public.t SELECT 1, '${CANARY}';\n`,
    `${TABLE}INSERT INTO public.t VALUES (1, pg_read_file('${CANARY}'));\n`,
    `${TABLE}INSERT INTO public.t VALUES (1, (SELECT '${CANARY}'), DEFAULT);\n`,
    `${TABLE}INSERT INTO public.t VALUES (1, 'a' || '${CANARY}', DEFAULT);\n`,
    `${TABLE}INSERT INTO public.t VALUES (1, 'a', DEFAULT) RETURNING '${CANARY}';\n`,
    `${TABLE}INSERT INTO public.t VALUES (1, 'a', DEFAULT) ON CONFLICT DO UPDATE SET name = '${CANARY}';\n`,
    `${TABLE}INSERT INTO public.t VALUES (1, 'a');\n`,
    `${TABLE}INSERT INTO public.t (id, name) VALUES (1, /* x */ '${CANARY}');\n`,
    `INSERT INTO public.t (id, name) VALUES (1, '${CANARY}');\n`,
    `INSERT INTO public.t VALUES (1, '${CANARY}');\n`,
    `${HEAD}CREATE TABLE x AS SELECT '${CANARY}';\n${COPY}\\.\n`,
    `COPY public.t FROM PROGRAM 'sh';\n`,
    `COPY public.t FROM '/etc/passwd';\n`,
    `COPY (SELECT 1) TO PROGRAM 'sh';\n`,
    `SELECT pg_catalog.lo_open('1', 131072);\n`,
    `SELECT pg_catalog.lowrite(0, '\\x${CANARY}');\n`,
    `SELECT * FROM pg_catalog.pg_restore_attribute_stats('most_common_vals', '${CANARY}');\n`,
    "SELECT pg_sleep(1);\n",
    `ALTER ROLE x WITH PASSWORD '${CANARY}';\n`,
  ],
  "dumps that break off": [
    "-- PostgreSQL database dump\n\nCREATE TABLE x (a int);\n",
    "CREATE TABLE x (a int",
    "CREATE VIEW v AS SELECT 'a",
    "/* a",
    `${TABLE}INSERT INTO public.t VALUES (1, 'a', DEFAULT),\n`,
    `-- PostgreSQL database dump\n${TABLE}-- PostgreSQL database dump complete\n${COPY}1\ta\n\\.\n`,
  ],
};

describe("a dump of PostgreSQL", () => {
  for (const [what, dumps] of Object.entries(REFUSED)) {
    it(`is refused for ${what}`, async () => {
      for (const dump of dumps) {
        const { code, text } = await refusal(dump);
        expect({ dump, code }).toEqual({ dump, code: "DUMP_INVALID" });
        expect(text).not.toContain(CANARY);
      }
    });
  }

  it("passes with a database that it makes, and with some before that have no tables", async () => {
    const name = await values(`\\connect template1\n${HEAD}\\connect postgres\n${HEAD}\\connect d\n${TABLE}${COPY}1\ta\n\\.\n`);
    expect(name).toEqual(["a"]);
  });

  it("says what other things are that are taken for one", async () => {
    const others: readonly (readonly [Uint8Array | string, RegExp])[] = [
      ["PGDMP\u0001\u000e", /archive of pg_dump.*pg_restore -f -/],
      [`toc.dat${"\0".repeat(100)}`, /archive of pg_dump/],
      [Buffer.of(0x1f, 0x8b, 8, 0), /compressed.*gunzip/],
      [Buffer.from(`\ufeff${TABLE}`, "utf16le"), /UTF-16/],
      [`\ufeff${TABLE}`, /byte order mark/],
      ["-- MySQL dump 10.13  Distrib 8.0.36\n", /--format mysqldump/],
      ["/*M!999999\\- enable the sandbox mode */ \n", /--format mysqldump/],
    ];
    for (const [bytes, told] of others) {
      const error = await pipeDump(postgresDump, Buffer.from(bytes as string)).catch((thrown: unknown) => thrown);
      expect(isStandinError(error) && `${error.code} ${error.message} ${error.hint}`).toMatch(told);
    }
  });

  it("passes with the search_path that pg_dump of old sets where all is public's", async () => {
    for (const path of [
      "SET search_path = public, pg_catalog;",
      "SET search_path = '';",
      "SELECT pg_catalog.set_config('search_path', '', false);",
    ]) {
      const dump = `${HEAD}${path}\nCREATE TABLE t (id integer NOT NULL, name text);\nCOPY t (id, name) FROM stdin;\n1\ta\n\\.\n`;
      expect(await values(dump)).toEqual(["a"]);
    }
  });

  it("knows the columns of tables that are made of a type, or name some of their root's", async () => {
    const dump = [
      `${HEAD}CREATE TYPE public.person AS (id integer, name text);`,
      "CREATE TABLE public.t OF public.person (id WITH OPTIONS NOT NULL);",
      "CREATE TABLE public.r (id integer, name text) PARTITION BY RANGE (id);",
      "CREATE TABLE public.r1 PARTITION OF public.r (id DEFAULT 7 NOT NULL) FOR VALUES FROM (1) TO (9);",
      `${COPY}1\ta`,
      "\\.",
      "COPY public.r1 (id, name) FROM stdin;\n2\tb",
      "\\.\n",
    ].join("\n");
    expect(await values(dump)).toEqual(["a", "b"]);
    const { schema } = await pipe(dump);
    const columns = schema.tables.map(({ ref, columns }) => [ref.name, ...columns.map(({ name, type }) => `${name} ${type}`)]);
    expect(columns).toEqual([
      ["r", "id integer", "name text"],
      ["t", "id integer", "name text"],
    ]);
    expect(schema.tables[1]!.columns[0]).toMatchObject({ nullable: false });
    expect((await refusal(`${HEAD}CREATE TABLE public.t OF public.person (id WITH OPTIONS NOT NULL);\n${COPY}\\.\n`)).code).toBe(
      "DUMP_INVALID",
    );
  });

  it("passes where the same stands in texts, names, comments and rows", async () => {
    const dump = [
      "\\restrict aBc1",
      "-- Name: \\! sh; Type: TABLE",
      TABLE,
      "CREATE FUNCTION public.f() RETURNS text LANGUAGE sql AS $_$ SELECT '\\! sh'; COPY public.t (id, name) FROM stdin; $_$;",
      "CREATE FUNCTION public.g() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END;",
      "COMMENT ON TABLE public.t IS 'COPY public.t (id, name) FROM stdin;\n\\.\n\\! sh''; \\';",
      'CREATE TABLE public."a\n\\! sh" (a integer DEFAULT 1);',
      "CREATE VIEW public.v AS SELECT E'\\'; \\\\! sh' AS a, $1$ /* $ */ FROM b;".replace("$1$ /* $ */", "1"),
      "CREATE RULE r AS ON INSERT TO public.t DO INSTEAD (SELECT 1; SELECT 2);",
      `${COPY}1\t\\\\.\n2\tC:\\\\.\n3\tINSERT INTO public.t VALUES (1); \\\\! sh\n\\.`,
      "",
      "SELECT pg_catalog.setval('public.t_id_seq', 3, true);",
      "\\unrestrict aBc1",
      "\\connect -reuse-previous=on \"dbname='my db'\"",
      "\\connect plain_1",
      "",
    ].join("\n");
    const { output, rows } = await pipe(dump);
    expect(output.toString()).toBe(dump);
    expect(rows).toBe(3);
    expect(await values(dump)).toEqual(["\\.", "C:\\.", "INSERT INTO public.t VALUES (1); \\! sh"]);
  });

  it("reads the literals of INSERTs as COPY has them, and writes them in their style", async () => {
    const insert =
      "INSERT INTO public.t VALUES (1, 'it''s', DEFAULT), (-2, NULL, DEFAULT);\nINSERT INTO public.t VALUES (3, E'a\\'\\n\\u00e9'::text, DEFAULT) ON CONFLICT DO NOTHING;\n";
    expect(await values(TABLE + insert)).toEqual(["it's", null, "a'\né"]);
    expect(await values(TABLE + insert, "twice")).toEqual([null, null, null]);
    const { output } = await pipe(TABLE + insert, undefined, (part) => {
      maskColumn(part, "id", (value) => String(Number(value) + 1));
      maskColumn(part, "name", () => "x'\\");
    });
    expect(output.toString()).toBe(
      `${TABLE}INSERT INTO public.t VALUES (2, 'x''\\', DEFAULT), (-1, NULL, DEFAULT);\nINSERT INTO public.t VALUES (4, 'x''\\'::text, DEFAULT) ON CONFLICT DO NOTHING;\n`,
    );
    const kinds = `${HEAD}CREATE TABLE public.k (a boolean, b bit(3), c numeric, d double precision, e bytea, f text);\n`;
    const row = "INSERT INTO public.k (a, b, c, d, e, f) VALUES (true, B'101', 1.50, 1e+20, '\\x00ff', NULL);\n";
    const read = async (column: string) => (await values(kinds + row, column))[0];
    expect(await Promise.all([..."abcdef"].map(read))).toEqual(["t", "101", "1.50", "1e+20", "\\x00ff", null]);
    const masks: Readonly<Record<string, string>> = { a: "f", b: "010", c: "NaN", d: "-3", e: "\\x01" };
    const masked = await pipe(kinds + row, undefined, (part) => {
      for (const [column, value] of Object.entries(masks)) maskColumn(part, column, () => value);
      part.batch.replace(5, ["007"]);
    });
    expect(masked.output.toString()).toBe(
      `${kinds}INSERT INTO public.k (a, b, c, d, e, f) VALUES (false, B'010', 'NaN', -3, '\\x01', '007');\n`,
    );
  });

  it("stays what it is, however it is cut", async () => {
    const rows = Array.from({ length: 40 }, (_, index) => `${index}\tname ${index}\\n\\\\\n`).join("");
    const inserts = Array.from({ length: 20 }, (_, index) => `INSERT INTO public.t VALUES (${index}, 'it''s', DEFAULT);\n`).join(
      "",
    );
    const dump = `${TABLE}-- a\n${COPY}${rows}\\.\n\n${inserts}ALTER TABLE ONLY public.t ADD CONSTRAINT t_pkey PRIMARY KEY (id);\n`;
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 300 }), async (size) => {
        const { output, rows } = await pipe(dump, size);
        expect(output.toString()).toBe(dump);
        expect(rows).toBe(60);
      }),
      { numRuns: 25 },
    );
  });

  it("holds whatever a mask gives within its value, in COPY and in INSERTs", async () => {
    const text = fc.oneof(
      fc.string({ unit: "binary" }),
      fc
        .array(
          fc.constantFrom("\\", "'", "\n", "\\.", "\n\\.\n", "\t", "\r", "$$", ";", "--", "\\! sh", "E'", "''", "\\N", ")"),
          { maxLength: 8 },
        )
        .map((parts) => parts.join("")),
    );
    await fc.assert(
      fc.asyncProperty(text, text, async (one, other) => {
        fc.pre(!`${one}${other}`.includes("\0"));
        const [first, second] = [one, other].map((value) => Buffer.from(value).toString());
        const dump = `${TABLE}${COPY}1\ta\n2\tb\n\\.\nINSERT INTO public.t VALUES (3, 'c', DEFAULT), (4, 'd', DEFAULT);\nINSERT INTO public.t VALUES (5, E'e', DEFAULT);\n`;
        const { output } = await pipe(dump, undefined, (part) =>
          maskColumn(part, "name", (value) => ("ace".includes(value) ? first! : second!)),
        );
        expect(await values(output.toString())).toEqual([first, second, first, second, first]);
        expect((await pipe(output.toString())).texts.toString()).toBe((await pipe(dump)).texts.toString());
      }),
      { numRuns: 100 },
    );
  });

  it("takes no zero byte of a mask", async () => {
    for (const rows of [`${COPY}1\ta\n\\.\n`, "INSERT INTO public.t VALUES (1, 'a', DEFAULT);\n"]) {
      const masked = pipe(TABLE + rows, undefined, (part) => maskColumn(part, "name", () => "a\0'; DROP TABLE t;"));
      await expect(masked).rejects.toMatchObject({ code: "VALUE_UNSUPPORTED", message: expect.not.stringContaining("DROP") });
    }
  });
});
