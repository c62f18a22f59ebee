import { execFileSync } from "node:child_process";
import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { csvSink, csvSource } from "../../src/connectors/csv/index.ts";
import { memorySource } from "../../src/connectors/memory/index.ts";
import type { TablePolicy } from "../../src/policy/define-policy.ts";
import { type RefreshOptions, refresh } from "../../src/refresh.ts";
import { shuffle } from "../../src/transforms/choices/shuffle.ts";
import { custom } from "../../src/transforms/pieces/custom.ts";
import { keep } from "../../src/transforms/plain/keep.ts";
import { redact } from "../../src/transforms/plain/redact.ts";
import { tokenize } from "../../src/transforms/tokens/tokenize.ts";
import { TEST_KEY } from "../test-key.ts";

let folder: string;
const source = (name = "") => join(folder, "source", name);
const target = (name = "") => join(folder, "target", name);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "standin-csv-"));
  mkdirSync(source());
});
afterEach(() => rmSync(folder, { recursive: true }));

const run = (tables: Record<string, TablePolicy>, options: RefreshOptions = {}, paths = source()) =>
  refresh({ source: csvSource({ paths }), target: csvSink({ folder: target() }), tables }, { key: TEST_KEY, ...options });

describe("CSV to CSV", () => {
  it("gives back the very bytes of what is kept: line ends, quotes, byte order mark, missing final newline, NULLs", async () => {
    const files = {
      "crlf.csv": 'a,b\r\n"1",2\r\n,""\r\n',
      "bom.csv": '\ufeff"a","b"\n1,"x ""y"" z"',
      "semicolon.csv": "a;b\n1;2,5\n",
      "tabs.tsv": "a\tb\n1\tx y\n",
      "wide.csv": `a,b\n${Array.from({ length: 5000 }, (_, row) => `${row},"line\n${row}"`).join("\n")}\n`,
    };
    for (const [name, text] of Object.entries(files)) writeFileSync(source(name), text);
    const report = await run(
      Object.fromEntries(["crlf", "bom", "semicolon", "tabs", "wide"].map((name) => [name, { a: keep(), b: keep() }])),
    );
    for (const [name, text] of Object.entries(files)) expect(readFileSync(target(name), "utf8")).toBe(text);
    expect(report.rows).toBe(2 + 1 + 1 + 1 + 5000);
    expect(readdirSync(target()).sort()).toEqual(Object.keys(files).sort());
  });

  it("changes the masked cells and no other byte, and keeps their quotes", async () => {
    writeFileSync(source("t.csv"), 'id,name,note\r\n1,"Ana, B","x"\r\n2,,""\r\n3,Bo,"multi\nline"\r\n');
    await run({ t: { id: keep(), name: redact(), note: keep() } });
    expect(readFileSync(target("t.csv"), "utf8")).toBe('id,name,note\r\n1,"******","x"\r\n2,,""\r\n3,**,"multi\nline"\r\n');
  });

  it("gives the same file whatever the batch size", async () => {
    writeFileSync(source("t.csv"), `id,name\n${Array.from({ length: 300 }, (_, row) => `${row},name ${row % 50}`).join("\n")}\n`);
    const outputs = [];
    for (const maxRows of [1, 7, 10_000]) {
      await run({ t: { id: tokenize(), name: shuffle({ window: 64 }) } }, { batchSize: { maxRows } });
      outputs.push(readFileSync(target("t.csv"), "utf8"));
    }
    expect(outputs[1]).toBe(outputs[0]);
    expect(outputs[2]).toBe(outputs[0]);
    const names = outputs[0]!
      .trim()
      .split("\n")
      .slice(1)
      .map((line) => line.split(",")[1]);
    expect([...names].sort()).toEqual(Array.from({ length: 300 }, (_, row) => `name ${row % 50}`).sort());
  });

  it("unpacks and packs gzip, also of several members, and refuses half a file", async () => {
    writeFileSync(source("t.csv.gz"), Buffer.concat([gzipSync("a\n1\n"), gzipSync("2\n")]));
    await run({ t: { a: keep() } });
    expect(gunzipSync(readFileSync(target("t.csv.gz"))).toString()).toBe("a\n1\n2\n");
    writeFileSync(source("t.csv.gz"), gzipSync("a\n1\n").subarray(0, 15));
    await expect(run({ t: { a: keep() } })).rejects.toMatchObject({ code: "SOURCE_FAILED" });
  });

  it("matches columns by name, refuses one that has no rule and one that the file lacks", async () => {
    writeFileSync(source("t.csv"), "name,id\nx,1\n");
    await run({ t: { id: keep(), name: redact() } });
    expect(readFileSync(target("t.csv"), "utf8")).toBe("name,id\n*,1\n");
    writeFileSync(source("t.csv"), "id,name,new_col\n1,x,secret\n");
    await expect(run({ t: { id: keep(), name: redact() } })).rejects.toMatchObject({ code: "PLAN_REFUSED", phase: "before" });
    writeFileSync(source("t.csv"), "id\n1\n");
    await expect(run({ t: { id: keep(), name: redact() } })).rejects.toMatchObject({ code: "PLAN_REFUSED" });
    expect(readFileSync(target("t.csv"), "utf8")).toBe("name,id\n*,1\n");
  });

  it("leaves the target as it was when a mask throws on the last row, and quotes no value", async () => {
    writeFileSync(source("a.csv"), "x\nnew\n");
    writeFileSync(source("b.csv"), `x\n${"ok\n".repeat(50_000)}canary-77\n`);
    mkdirSync(target());
    writeFileSync(target("a.csv"), "old");
    const throwing = custom((value: string) => {
      if (value.startsWith("canary")) throw new Error(`cannot handle ${value}`);
      return "fine";
    });
    const error = await run({ a: { x: keep() }, b: { x: throwing } }).catch((caught) => caught);
    expect(error).toMatchObject({ code: "TRANSFORM_FAILED", phase: "during", table: "b", column: "x" });
    expect(`${error.stack}${JSON.stringify(error)}`).not.toContain("canary");
    expect(readdirSync(target())).toEqual(["a.csv"]);
    expect(readFileSync(target("a.csv"), "utf8")).toBe("old");
  });

  it("stops at once when it is aborted, and takes its files away", async () => {
    writeFileSync(source("t.csv"), `x\n${"row\n".repeat(500_000)}`);
    const controller = new AbortController();
    const running = run(
      { t: { x: tokenize() } },
      {
        signal: controller.signal,
        batchSize: { maxRows: 100 },
        onProgress: (event) => event.type === "rows" && controller.abort(),
      },
    );
    await expect(running).rejects.toMatchObject({ code: "ABORTED", phase: "during" });
    expect(readdirSync(target())).toEqual([]);
  });

  it("refuses source and target in one folder, also by a link", async () => {
    writeFileSync(source("t.csv"), "a\n1\n");
    symlinkSync(source(), target());
    await expect(run({ t: { a: keep() } })).rejects.toMatchObject({ code: "SOURCE_IS_TARGET", phase: "before" });
    expect(readFileSync(source("t.csv"), "utf8")).toBe("a\n1\n");
  });

  it("refuses to overwrite one of several sources, before it writes anything", async () => {
    writeFileSync(source("t.csv"), "a\n1\n");
    mkdirSync(target());
    writeFileSync(target("u.csv"), "a\nprecious\n");
    const tables = { t: { a: redact() }, u: { a: redact() } };
    const paths = [source("t.csv"), target("u.csv")];
    const refused = refresh({ source: csvSource({ paths }), target: csvSink({ folder: target() }), tables }, { key: TEST_KEY });
    await expect(refused).rejects.toMatchObject({ code: "SOURCE_IS_TARGET", phase: "before", table: "u" });
    expect(readFileSync(target("u.csv"), "utf8")).toBe("a\nprecious\n");
    expect(readdirSync(target())).toEqual(["u.csv"]);
  });

  it("notices a file that grows while it is read", async () => {
    writeFileSync(source("t.csv"), `x\n${"row\n".repeat(200_000)}`);
    const onProgress = () => appendFileSync(source("t.csv"), "late\n");
    await expect(run({ t: { x: keep() } }, { onProgress })).rejects.toMatchObject({ code: "SOURCE_FAILED" });
    expect(readdirSync(target())).toEqual([]);
  });

  it("refuses two tables that would be one file, before it writes anything", async () => {
    const tables = { "a/b": { x: keep() }, a_b: { x: keep() } };
    const twice = memorySource({ "a/b": [{ x: 1 }], a_b: [{ x: 2 }] });
    const refused = refresh({ source: twice, target: csvSink({ folder: target() }), tables }, { key: TEST_KEY });
    await expect(refused).rejects.toMatchObject({ code: "LOCATION_INVALID", phase: "before" });
    expect(readdirSync(folder)).toEqual(["source"]);
  });

  it("stops at an abort in the middle of a file that csv-parse reads", async () => {
    writeFileSync(source("t.csv"), Buffer.from(`\ufeffx\n${"row\n".repeat(300_000)}`, "utf16le"));
    const controller = new AbortController();
    const onProgress = ({ type }: { type: string }) => type === "rows" && controller.abort();
    const running = run({ t: { x: keep() } }, { signal: controller.signal, onProgress });
    await expect(running).rejects.toMatchObject({ code: "ABORTED", phase: "during" });
    expect(readdirSync(target())).toEqual([]);
  });

  it("keeps hostile table names inside of the folder", async () => {
    writeFileSync(source("..evil.csv"), "a\n1\n");
    await run({ "..evil": { a: keep() } });
    expect(readdirSync(folder).sort()).toEqual(["source", "target"]);
    expect(readdirSync(target())).toHaveLength(1);
  });
});

describe("csvSource", () => {
  it.each(["people.csv", "*.csv", ".", "./people.csv"])(
    "keeps the whole name of a file in the working folder, found by %s",
    async (paths) => {
      writeFileSync(source("people.csv"), "a\n1\n");
      const before = process.cwd();
      process.chdir(source());
      try {
        await run({ people: { a: keep() } }, {}, paths);
      } finally {
        process.chdir(before);
      }
      expect(readdirSync(target())).toEqual(["people.csv"]);
    },
  );

  it("finds a file, several files, a folder and a pattern", async () => {
    for (const name of ["one.csv", "two.csv", "other.txt", "note.md"]) writeFileSync(source(name), "a\n1\n");
    const tablesOf = async (paths: string | string[]) => {
      const opened = csvSource({ paths });
      await opened.open(new AbortController().signal);
      return (await opened.schema()).tables.map(({ ref }) => ref.name);
    };
    expect(await tablesOf(source("one.csv"))).toEqual(["one"]);
    expect(await tablesOf([source("one.csv"), source("two.csv")])).toEqual(["one", "two"]);
    expect(await tablesOf(source())).toEqual(["one", "other", "two"]);
    expect(await tablesOf(source("*.csv"))).toEqual(["one", "two"]);
  });

  it("says which file is not there", async () => {
    await expect(run({ t: {} }, {}, source("missing.csv"))).rejects.toMatchObject({
      code: "SOURCE_UNREACHABLE",
      phase: "before",
    });
    await expect(run({ t: {} }, {}, source("*.csv"))).rejects.toMatchObject({ code: "SOURCE_UNREACHABLE" });
  });

  it("names the columns of a file without a header", async () => {
    writeFileSync(source("t.csv"), "1,x\n2,y\n");
    const policy = {
      source: csvSource({ paths: source(), columns: ["id", "name"] }),
      target: csvSink({ folder: target() }),
      tables: { t: { id: keep(), name: redact() } },
    };
    await refresh(policy, { key: TEST_KEY });
    expect(readFileSync(target("t.csv"), "utf8")).toBe("1,*\n2,*\n");
  });

  it("writes no header where the file had none, in another dialect too", async () => {
    writeFileSync(source("t.csv"), "1;x\n");
    const ends = {
      source: csvSource({ paths: source(), columns: ["id", "name"] }),
      target: csvSink({ folder: target(), dialect: { delimiter: "," } }),
    };
    await refresh({ ...ends, tables: { t: { id: keep(), name: redact() } } }, { key: TEST_KEY });
    expect(readFileSync(target("t.csv"), "utf8")).toBe("1,*\n");
  });

  it("refuses names that are too few or given twice, and quotes no name of a header that may be a row", async () => {
    writeFileSync(source("t.csv"), "canary,canary\n");
    const open = (options: object) => csvSource({ paths: source(), ...options }).open(new AbortController().signal);
    await expect(open({ columns: ["a"] })).rejects.toMatchObject({ code: "FORMAT_INVALID" });
    await expect(open({ columns: ["a", "a"] })).rejects.toMatchObject({ code: "OPTION_INVALID" });
    const error = await open({}).catch((caught) => caught);
    expect(error).toMatchObject({ code: "FORMAT_INVALID" });
    expect(error.message).not.toContain("canary");
  });

  it("refuses a pipe, which can be read but once", async () => {
    execFileSync("mkfifo", [source("t.csv")]);
    await expect(run({ t: {} }, {}, source("t.csv"))).rejects.toMatchObject({ code: "SOURCE_UNREACHABLE", phase: "before" });
  });
});
