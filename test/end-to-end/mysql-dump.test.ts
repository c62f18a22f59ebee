import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mysqlSource } from "../../src/connectors/mysql/index.ts";
import type { DataSchema } from "../../src/contracts.ts";
import { mysqlDump } from "../../src/formats/mysql-dump/mysql-dump-format.ts";
import { resolveMaskingKey } from "../../src/keys/masking-key.ts";
import { pipeDump } from "../../src/pipeline/dump/pipe-dump.ts";
import type { Report } from "../../src/pipeline/report.ts";
import { definePolicy, type TablePolicy } from "../../src/policy/define-policy.ts";
import { refresh } from "../../src/refresh.ts";
import { keep } from "../../src/transforms/plain/keep.ts";
import { tokenize } from "../../src/transforms/tokens/tokenize.ts";
import { IS_THOROUGH } from "../faults/seeds.ts";
import { pipeDump as readDump } from "../formats/read-dump.ts";
import { databaseOf, describeWithMysqldump, dumpMysql, restoreMysql } from "../servers/mysql-programs.ts";
import { runMysql, withMysqlDatabases, withMysqlSession } from "../servers/mysql-server.ts";
import { describeWithData } from "../shared-data.ts";
import { TEST_KEY } from "../test-key.ts";
import { keepEverything, maskPersons } from "./automatic-policy.ts";
import { mysqlDefinitions } from "./mysql-definitions.ts";
import { exactRows, mysqlSchema } from "./mysql-examiner.ts";
import { MYSQL_SAMPLES, mysqlValues } from "./mysql-samples.ts";

/** Ways in which people call mysqldump. */
const OPTION_SETS: readonly (readonly string[])[] = [
  ["--routines", "--triggers", "--events"],
  ["--skip-extended-insert"],
  ["--complete-insert", "--hex-blob"],
  ["--skip-opt", "--compact", "--skip-triggers"],
  ["--single-transaction", "--routines", "--databases"],
  ["--replace", "--no-autocommit", "--skip-tz-utc", "--skip-comments"],
  ["--compatible=ansi", "--default-character-set=utf8mb4", "--insert-ignore", "--net-buffer-length=4096"],
  ["--skip-quote-names", "--order-by-primary"],
];

/** A database of every value that is hard to copy. */
async function loadValues(url: string): Promise<void> {
  await withMysqlSession(url, async (session) => {
    for (const [index, { type, sql }] of mysqlValues().entries())
      await session.query(`CREATE TABLE v${index} (id int PRIMARY KEY, v ${type}); INSERT INTO v${index} VALUES (1, ${sql})`);
  });
}

const DATABASES: Readonly<Record<string, (url: string) => Promise<void> | void>> = {
  sakila: MYSQL_SAMPLES.sakila!.load,
  ...(IS_THOROUGH && { chinook: MYSQL_SAMPLES.chinook!.load, alltypes: MYSQL_SAMPLES.alltypes!.load }),
  edgecases: MYSQL_SAMPLES.edgecases!.load,
  values: loadValues,
};

/** Texts that would be more than texts if they could. */
const HOSTILE = [
  "'",
  "\\",
  "\\'",
  "'; DROP TABLE t; -- ",
  "\\'; DROP TABLE t; -- ",
  "*/",
  "/*!50000 x */",
  "\ndelimiter ;;\n",
  "\n\\! touch x\n",
  "\r\n",
  "\r",
  "a\0b",
  "\x1a",
  '"',
  "``",
  "%_\\%\\_",
  "\u{1f600}",
  "\uff07",
  "",
  " ",
  "NULL",
];

/** Masks a dump as `standin pipe` does. */
async function maskDump(
  dump: Buffer,
  tables: Record<string, TablePolicy>,
  schemaDump: Buffer | null = null,
): Promise<{ output: Buffer; report: Report }> {
  const key = await resolveMaskingKey(TEST_KEY, {}, undefined);
  const written: Buffer[] = [];
  const write = async (bytes: Buffer) => {
    written.push(Buffer.from(bytes));
  };
  const schema = schemaDump === null ? null : mysqlDump.reader();
  if (schema !== null) for await (const _ of schema.parts(chunks(schemaDump!), new AbortController().signal));
  const pipe = { format: mysqlDump, input: chunks(dump), output: { write, writeLast: write }, schema };
  const policy = definePolicy({ tables });
  const options = { key, signal: new AbortController().signal, onProgress: () => {}, lock: null };
  const report = await pipeDump(pipe, policy as Parameters<typeof pipeDump>[1], options);
  return { output: Buffer.concat(written), report };
}

async function* chunks(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += 10_007) yield bytes.subarray(at, at + 10_007);
}

/** As a dump can tell it: it counts no rows. */
const comparable = ({ tables }: DataSchema) =>
  tables.map(({ rowEstimate: _, checks = [], ...table }) => ({
    ...table,
    checks: [...checks].sort((one, other) => (one.name < other.name ? -1 : 1)),
  }));

async function allRows(url: string, schema: DataSchema): Promise<Record<string, string[]>> {
  const rows: Record<string, string[]> = {};
  for (const { ref, columns } of schema.tables)
    rows[ref.name] = (
      await exactRows(
        url,
        ref.name,
        columns.map(({ name }) => name),
      )
    ).sort();
  return rows;
}

/** Has the server write its rows into files. False where it may not, or is elsewhere. */
async function dumpIntoFolder(url: string, folder: string): Promise<boolean> {
  await mkdir(folder, { mode: 0o777 });
  await chmod(join(folder, ".."), 0o755);
  await chmod(folder, 0o777);
  return dumpMysql(url, [`--tab=${folder}`]).then(
    () => true,
    () => false,
  );
}

/** The column `v` of every table, as a run reads it. */
async function liveTexts(url: string): Promise<Record<string, readonly (string | null)[]>> {
  const source = mysqlSource({ url });
  const { signal } = new AbortController();
  const texts: Record<string, readonly (string | null)[]> = {};
  try {
    await source.open(signal);
    for (const table of (await source.schema()).tables)
      for await (const batch of source.read(table, { columns: table.columns, batchSize: {}, signal }))
        texts[table.ref.name] = batch.column(1);
  } finally {
    await source.close();
  }
  return texts;
}

/** What a dump without settings of its own (--compact) leaves to whoever restores it. */
const LENIENT = "--init-command=SET SESSION foreign_key_checks = 0, sql_mode = ''";

/** mysqldump writes six digits of a FLOAT: what it loses of this one, no mask can give back. */
function withoutLost<Rows>({ v9: _, ...rows }: Record<string, Rows>): Record<string, Rows> {
  return rows;
}

describe("a mysqldump on its way", () => {
  const made = (name: string) => `CREATE TABLE \`${name}\` (\`id\` int NOT NULL, \`who\` varchar(99), PRIMARY KEY (\`id\`));\n`;
  const rows = (name: string) => `INSERT INTO \`${name}\` VALUES (1,'Zx9canary'),(2,NULL);\n`;
  const tables = { t: { id: keep(), who: tokenize() } };

  it("loses the rows of tables that the policy does not name, with the statements that they stand in", async () => {
    const { output, report } = await maskDump(
      Buffer.from(made("t") + rows("t") + made("u") + rows("u") + rows("u") + rows("t")),
      tables,
    );
    const lines = output.toString().split("\n");
    expect(lines.filter((line) => line.includes("`u`"))).toEqual([made("u").trim()]);
    expect(lines.filter((line) => line.startsWith("INSERT INTO `t`"))).toHaveLength(2);
    expect(output.toString()).not.toContain("Zx9canary");
    expect(report.notes).toEqual(["left out 4 rows of u, which the policy does not copy"]);
  });

  it("masks rows alone by the schema that is given beside them", async () => {
    await expect(maskDump(Buffer.from(rows("t")), tables)).rejects.toMatchObject({ code: "DUMP_INVALID", table: "t" });
    const { output } = await maskDump(Buffer.from(rows("t")), tables, Buffer.from(made("t")));
    expect(output.toString()).toMatch(/^INSERT INTO `t` VALUES \(1,'[^Z][^']*'\),\(2,NULL\);\n$/);
  });
});

describeWithMysqldump("a mysqldump", () => {
  describeWithData("of real databases", "sql", () => {
    it.each(Object.entries(DATABASES))(
      "of %s tells the schema that the server tells, and comes out to the byte where nothing is masked",
      async (_, load) => {
        await withMysqlDatabases(["standin_dump"], async (url) => {
          await load(url);
          const live = await mysqlSchema(url);
          for (const options of IS_THOROUGH ? OPTION_SETS : OPTION_SETS.slice(0, 4)) {
            const dump = await dumpMysql(url, options);
            const { output, schema } = await readDump(mysqlDump, dump, 10_007);
            expect(output.equals(dump), options.join(" ")).toBe(true);
            // What is left out, or written otherwise than the server writes it, cannot be told.
            if (!/--compatible|--skip-opt|--skip-quote-names/.test(options.join(" ")))
              expect(comparable(schema), options.join(" ")).toEqual(comparable(live));
          }
          const dump = await dumpMysql(url);
          const { output } = await maskDump(dump, keepEverything(live), await dumpMysql(url, ["--no-data"]));
          expect(output.equals(dump)).toBe(true);
        });
      },
      120_000,
    );

    // A dump does not say how many rows there are, and the unique fakes of edgecases would not do for any number of them.
    it.each(Object.entries(DATABASES).filter(([name]) => (IS_THOROUGH && name !== "edgecases") || name === "sakila"))(
      "of %s restores, masked, to what a run from server to server makes, with triggers and routines that work",
      async (_, load) => {
        await withMysqlDatabases(["standin_dump", "standin_live", "standin_restored"], async (source, live, restored) => {
          await load(source);
          const schema = await mysqlSchema(source);
          const tables = maskPersons(schema);
          await refresh({ source, target: live, tables }, { key: TEST_KEY });
          const all = await allRows(live, schema);
          const expected = withoutLost(all);
          for (const options of IS_THOROUGH ? OPTION_SETS : OPTION_SETS.slice(0, 1)) {
            const name = options.join(" ");
            const dump = await dumpMysql(source, options);
            const { output, report } = await maskDump(dump, tables, await dumpMysql(source, ["--no-data", "--skip-triggers"]));
            const renamed = output.toString("latin1").replaceAll(databaseOf(source), databaseOf(restored));
            await withMysqlSession(restored, (session) =>
              session.query(
                `DROP DATABASE ${databaseOf(restored)}; CREATE DATABASE ${databaseOf(restored)} CHARACTER SET utf8mb4`,
              ),
            );
            await restoreMysql(restored, Buffer.from(renamed, "latin1"), [
              "--default-character-set=utf8mb4",
              "--comments",
              LENIENT,
            ]);
            const found = withoutLost(await allRows(restored, schema));
            expect(found, name).toEqual(expected);
            expect(report.rows, name).toBe(Object.values(all).flat().length);
            if (!options.includes("--routines")) continue;
            expect(await mysqlDefinitions(restored), name).toEqual(await mysqlDefinitions(source));
          }
        });
      },
      1_200_000,
    );
  });

  describeWithData("of every type", "types", () => {
    it.each(IS_THOROUGH ? ["--hex-blob", "--complete-insert"] : ["--hex-blob"])(
      "gives the texts that a session of the server gives, dumped with %s",
      async (option) => {
        await withMysqlDatabases(["standin_dump"], async (url) => {
          await loadValues(url);
          const floats = Array.from({ length: 75 }, (_, index) => `(${index},-1.5e${index - 37})`).join();
          await runMysql(url, `CREATE TABLE f (id int PRIMARY KEY, v float); INSERT INTO f VALUES ${floats}`);
          const told: Record<string, readonly (string | null)[]> = {};
          await readDump(mysqlDump, await dumpMysql(url, [option]), undefined, ({ table, columns, batch }) => {
            told[table.name] = batch.column(columns.indexOf("v"));
          });
          expect(withoutLost(told)).toEqual(withoutLost(await liveTexts(url)));
        });
      },
    );
  });

  describeWithData("as a source and a target", "sql", () => {
    it("of a run gives the rows of a run from server to server: into a server, into a packed dump, and out of a server", async () => {
      const folder = await mkdtemp(join(tmpdir(), "standin-dump-"));
      const databases = ["standin_dump", "standin_live", "standin_restored"];
      try {
        await withMysqlDatabases(databases, async (source, live, restored) => {
          await MYSQL_SAMPLES.edgecases!.load(source);
          const schema = await mysqlSchema(source);
          const tables = maskPersons(schema);
          await refresh({ source, target: live, tables }, { key: TEST_KEY });
          const expected = await allRows(live, schema);
          const file = join(folder, "dump.sql");
          await writeFile(file, await dumpMysql(source, ["--routines"]));
          const run = (from: string, to: string) => refresh({ source: from, target: to, tables }, { key: TEST_KEY });
          const empty = () =>
            runMysql(
              source,
              `DROP DATABASE ${databaseOf(restored)}; CREATE DATABASE ${databaseOf(restored)} CHARACTER SET utf8mb4`,
            );
          for (const round of ["into an empty database", "over itself"]) {
            await run(file, restored);
            expect(await allRows(restored, schema), round).toEqual(expected);
          }
          const folderOfFiles = join(folder, "tab");
          const isWritten = await dumpIntoFolder(source, folderOfFiles);
          for (const from of [file, source, ...(isWritten ? [folderOfFiles] : [])]) {
            const target = join(folder, "masked.sql.gz");
            await run(from, target);
            await empty();
            await restoreMysql(restored, gunzipSync(await readFile(target)), ["--default-character-set=utf8mb4"]);
            expect(await allRows(restored, schema), from).toEqual(expected);
            // mysqldump writes no routines into a folder.
            if (from === folderOfFiles) continue;
            expect(Object.keys(await mysqlDefinitions(restored)), from).toEqual(Object.keys(await mysqlDefinitions(source)));
          }
        });
      } finally {
        await rm(folder, { recursive: true });
      }
    }, 120_000);
  });

  it("restores every masked text as that text, in every style of literal and every sql_mode, however it tries to get out", async () => {
    await withMysqlDatabases(["standin_dump"], async (url) => {
      const texts = [...HOSTILE, ...fc.sample(fc.string({ unit: "binary", maxLength: 20 }), { numRuns: 300, seed: 7 })];
      for (const settings of ["", "SET sql_mode='NO_BACKSLASH_ESCAPES';", "SET NAMES utf8;", "SET sql_mode='ANSI_QUOTES';"]) {
        const literals = [
          "'x'",
          "_utf8mb4 'x'",
          "_binary 'x'",
          "_latin1'x'",
          "X'78'",
          "0x78",
          "'x\\'y'".replace(/\\/g, settings.includes("NO_BACK") ? "'" : "\\"),
        ];
        const columns = literals.map((_, index) => `c${index}`);
        const made = `DROP TABLE IF EXISTS t;\nCREATE TABLE t (id int PRIMARY KEY, ${columns.map((name) => `${name} text`).join()}, b blob, v varbinary(200)) CHARSET utf8mb4;\n`;
        const rows = texts.map((_, id) => `(${id},${literals.join()},0xff,_binary 'x')`);
        const dump = `SET NAMES utf8mb4;\n${settings}\n${made}INSERT INTO t VALUES ${rows.join(",\n")};\n`;
        const { output } = await readDump(mysqlDump, Buffer.from(dump), undefined, ({ columns: names, batch }) => {
          const given = texts.slice(batch.firstRow, batch.firstRow + batch.rowCount);
          for (const [index, name] of names.entries()) {
            const asBytes = (text: string) => (text.length % 2 === 0 ? `\\x${Buffer.from(text).toString("hex")}` : text);
            const isBytes = name === "b" || name === "v";
            if (name !== "id") batch.replace(index, isBytes ? given.map(asBytes) : given);
          }
        });
        await restoreMysql(url, output, ["--default-character-set=utf8mb4"]);
        const list = ["b", "v", ...columns].map((name) => `HEX(${name}) AS ${name}`).join();
        const found = await runMysql(url, `SELECT ${list} FROM t ORDER BY id`);
        const expected = texts.map((text) => Buffer.from(text).toString("hex").toUpperCase());
        for (const name of ["b", "v", ...columns])
          expect(
            found.map((row) => row[name]),
            `${settings} ${name}`,
          ).toEqual(expected);
      }
    });
  });
});
