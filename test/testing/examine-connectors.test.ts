import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { csvEncoder, csvReader, csvSink, csvSource } from "../../src/connectors/csv/index.ts";
import { jsonlSink, jsonlSource } from "../../src/connectors/jsonl/index.ts";
import { MemorySink, memorySource } from "../../src/connectors/memory/index.ts";
import type { Source } from "../../src/contracts.ts";
import { checkSink, checkSource, type ExamRow } from "../../src/testing/index.ts";
import { PEOPLE, tableOf } from "./examined-people.ts";

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
      expect(await checkSource(() => csvSource({ paths: folder }), { reader: csvReader })).toEqual([]);
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
        const exam = { table, rows: PEOPLE, readRows, readTraces, encoder: csvEncoder };
        expect(await checkSink(() => csvSink({ folder: to, gzip }), exam)).toEqual([]);
      }));
  }
});

const jsonLines = (rows: readonly ExamRow[]) => rows.map((row) => `${JSON.stringify(toObject(row))}\n`).join("");

describe("jsonl", () => {
  it("keeps the contract of a source", () =>
    inFolder(async (folder) => {
      writeFileSync(join(folder, "people.jsonl"), jsonLines(PEOPLE));
      writeFileSync(join(folder, "short.ndjson"), '{"a":1}\n{"b":{"c":[null]}}');
      expect(await checkSource(() => jsonlSource({ paths: folder }))).toEqual([]);
    }));

  it("keeps the contract of a source of given bytes", async () => {
    const people = () => Readable.from([Buffer.from(jsonLines(PEOPLE.slice(0, 9))), Buffer.from(jsonLines(PEOPLE.slice(9)))]);
    expect(await checkSource(() => jsonlSource({ files: { people } }))).toEqual([]);
  });

  for (const gzip of [false, true]) {
    it(`keeps the contract of a sink${gzip ? " of packed files" : ""}`, () =>
      inFolder(async (folder) => {
        const [from, to] = [join(folder, "from"), join(folder, "to")];
        for (const path of [from, to]) mkdirSync(path);
        writeFileSync(join(from, "people.jsonl"), jsonLines(PEOPLE));
        writeFileSync(join(to, "of-somebody-else.csv"), "stays");
        const table = await tableOf(jsonlSource({ paths: from }));
        const file = join(to, gzip ? "people.jsonl.gz" : "people.jsonl");
        // A file without a line shows no column.
        const columns = { people: ["id", "name", "note"] };
        const readRows = async () => (existsSync(file) ? readAll(jsonlSource({ paths: file, columns })) : []);
        const readTraces = async () => readdirSync(to).sort();
        expect(await checkSink(() => jsonlSink({ folder: to, gzip }), { table, rows: PEOPLE, readRows, readTraces })).toEqual([]);
      }));
  }

  it("keeps the contract of a sink of given targets", async () => {
    const objects = new Map<string, Buffer>();
    const open = (name: string) => {
      const parts: Buffer[] = [];
      const stream = new PassThrough();
      stream.on("data", (part) => parts.push(part));
      return { stream, done: async () => objects.set(name, Buffer.concat(parts)) };
    };
    const table = await tableOf(jsonlSource({ files: { people: () => Readable.from([jsonLines(PEOPLE)]) } }));
    const columns = { people: ["id", "name", "note"] };
    const readRows = async () => {
      const written = objects.get("people");
      return written === undefined ? [] : readAll(jsonlSource({ files: { people: () => Readable.from([written]) }, columns }));
    };
    const readTraces = async () => [...objects.keys()];
    expect(await checkSink(() => jsonlSink({ open }), { table, rows: PEOPLE, readRows, readTraces })).toEqual([]);
  });
});
