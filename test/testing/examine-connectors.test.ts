import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { describe, expect, it } from "vitest";
import { csvSink, csvSource } from "../../src/connectors/csv/index.ts";
import { MemorySink, memorySource } from "../../src/connectors/memory/index.ts";
import { postgresSink, postgresSource } from "../../src/connectors/postgres/index.ts";
import type { Source, Table } from "../../src/contracts.ts";
import { checkSink, checkSource, type ExamRow } from "../../src/testing/index.ts";
import { describeWithPostgres, withDatabases } from "../servers/postgres-server.ts";
import { PEOPLE } from "./examined-people.ts";

const toObject = ([id, name, note]: ExamRow) => ({ id, name, note });

async function readAll(source: Source): Promise<readonly ExamRow[]> {
  const { signal } = new AbortController();
  try {
    await source.open(signal);
    const [table] = (await source.schema()).tables;
    const rows: ExamRow[] = [];
    for await (const batch of source.read(table!, { columns: table!.columns, batchSize: {}, signal })) {
      const columns = table!.columns.map((_, index) => batch.column(index));
      for (let row = 0; row < batch.rowCount; row++) rows.push(columns.map((values) => values[row]!));
    }
    return rows;
  } finally {
    await source.close();
  }
}

async function tableOf(source: Source): Promise<Table> {
  try {
    await source.open(new AbortController().signal);
    return (await source.schema()).tables[0]!;
  } finally {
    await source.close();
  }
}

async function inFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "standin-exam-"));
  try {
    await use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const csvText = (rows: readonly ExamRow[]) => {
  const cell = (value: string | null) => (value === null ? "" : `"${value.replaceAll('"', '""')}"`);
  return `id,name,note\n${rows.map((row) => `${row.map(cell).join(",")}\n`).join("")}`;
};

describe("memory", () => {
  const people = () => memorySource({ people: PEOPLE.map(toObject) });

  it("keeps the contract of a source", async () => {
    expect(await checkSource(people)).toEqual([]);
  });

  it("keeps the contract of a sink", async () => {
    const sink = new MemorySink();
    sink.tables.people = [{ id: "0", name: "old", note: null }];
    const readRows = async () => (sink.tables.people ?? []).map(({ id, name, note }) => [id, name, note] as ExamRow);
    expect(await checkSink(() => sink, { table: await tableOf(people()), rows: PEOPLE, readRows })).toEqual([]);
  });
});

describe("csv", () => {
  it("keeps the contract of a source", () =>
    inFolder(async (folder) => {
      writeFileSync(join(folder, "people.csv"), csvText(PEOPLE));
      writeFileSync(join(folder, "short.csv"), "a;b\n1;2\n");
      expect(await checkSource(() => csvSource({ paths: folder }))).toEqual([]);
    }));

  for (const gzip of [false, true]) {
    it(`keeps the contract of a sink${gzip ? " of packed files" : ""}`, () =>
      inFolder(async (folder) => {
        const [from, to] = [join(folder, "from"), join(folder, "to")];
        for (const path of [from, to]) mkdirSync(path);
        writeFileSync(join(from, "people.csv"), csvText(PEOPLE));
        writeFileSync(join(to, "of-somebody-else.txt"), "stays");
        const table = await tableOf(csvSource({ paths: from }));
        const file = join(to, gzip ? "people.csv.gz" : "people.csv");
        const readRows = async () => (existsSync(file) ? readAll(csvSource({ paths: file })) : []);
        const readTraces = async () => readdirSync(to).sort();
        expect(await checkSink(() => csvSink({ folder: to, gzip }), { table, rows: PEOPLE, readRows, readTraces })).toEqual([]);
      }));
  }
});

describeWithPostgres("postgres", () => {
  const PEOPLE_TABLE = `
    CREATE TABLE teams (id int PRIMARY KEY);
    INSERT INTO teams VALUES (1);
    CREATE TABLE people (id int PRIMARY KEY, name text NOT NULL, note text);
    CREATE TABLE visits (person int REFERENCES people DEFERRABLE, day date);`;

  it("keeps the contract of a source", () =>
    withDatabases(["standin_exam_source"], async (url) => {
      await withClient(url, async (client) => {
        await client.query(PEOPLE_TABLE);
        for (const row of PEOPLE) await client.query("INSERT INTO people VALUES ($1, $2, $3)", [...row]);
        await client.query("CREATE TABLE computed (n int, twice int GENERATED ALWAYS AS (n * 2) STORED)");
        await client.query("INSERT INTO computed SELECT generate_series(1, 500)");
      });
      expect(await checkSource(() => postgresSource({ url }))).toEqual([]);
    }));

  it("keeps the contract of a sink", () =>
    withDatabases(["standin_exam_sink"], async (url) => {
      await withClient(url, async (client) => {
        await client.query(PEOPLE_TABLE);
        await client.query("CREATE FUNCTION watch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'");
        await client.query("CREATE TRIGGER watching BEFORE INSERT ON people FOR EACH ROW EXECUTE FUNCTION watch()");
        await client.query("INSERT INTO people VALUES (1000, 'old', NULL)");
        const source = postgresSource({ url });
        await source.open(new AbortController().signal);
        const table = (await source.schema()).tables.find(({ ref }) => ref.name === "people")!;
        await source.close();
        const readRows = () =>
          withClient(url, async (reader) => {
            const { rows } = await reader.query({ text: "SELECT id::text, name, note FROM people", rowMode: "array" });
            return rows as ExamRow[];
          });
        const readTraces = async () => [
          (await client.query("SELECT tgname, tgenabled FROM pg_trigger ORDER BY 1")).rows.filter(
            ({ tgname }) => tgname === "watching",
          ),
          (await client.query("SELECT conname, condeferrable, convalidated FROM pg_constraint ORDER BY 1")).rows,
          (await client.query("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY 1")).rows,
        ];
        expect(await checkSink(() => postgresSink({ url }), { table, rows: PEOPLE, readRows, readTraces })).toEqual([]);
      });
    }));

  async function withClient<Result>(url: string, use: (client: pg.Client) => Promise<Result>): Promise<Result> {
    const client = new pg.Client(url);
    await client.connect();
    try {
      return await use(client);
    } finally {
      await client.end();
    }
  }
});
