import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MemorySink, memorySource } from "../../src/connectors/memory/index.ts";
import type { ProgressEvent } from "../../src/pipeline/progress.ts";
import type { Policy } from "../../src/policy/define-policy.ts";
import type { RefreshOptions } from "../../src/refresh.ts";
import { builtPackage } from "../cli/built-package.ts";
import { spawnNode } from "../cli/spawned-command.ts";
import { stagePackage } from "../cli/staged-package.ts";
import { TEST_KEY } from "../test-key.ts";

const { custom, encryptDigits, fake, keep, parsePolicy, PauseSwitch, redact, refresh, resample, shuffle, tokenize, when } =
  await builtPackage();

const { folder: built } = await stagePackage();

const CANARY = "canary-4711";
/** Some 13 MB, which is four shards. */
const ROWS = 60_000;

const FILL = "x".repeat(160);

const folder = mkdtempSync(join(tmpdir(), "standin-workers-"));
const exports = join(folder, "exports");
const outOf = (name: string) => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeAll(async () => {
  mkdirSync(exports);
  const lines = Array.from(
    { length: ROWS },
    (_, id) => `${id},"Doe, ""Jane""\n${id}",jane.${id}@acme.com,${4_000_000 + id},${id % 7},${FILL}`,
  );
  writeFileSync(join(exports, "people.csv"), `id,name,email,code,city,note\n${lines.join("\n")}\n`);
  writeFileSync(join(exports, "tags.csv"), `tag\n${Array.from({ length: 300 }, (_, id) => `tag ${id}`).join("\n")}\n`);
});

const RULES: Policy["tables"] = {
  people: {
    id: keep(),
    name: redact(),
    email: fake("internet.email"),
    code: when({ if: "city = '3'", then: keep(), else: encryptDigits() }),
    city: keep(),
    note: keep(),
  },
  tags: { tag: tokenize() },
};

const KEPT = { id: keep(), name: keep(), email: keep(), code: keep(), city: keep(), note: keep() };

const run = (target: string, options: RefreshOptions, tables: Policy["tables"] = RULES) =>
  refresh({ source: exports, target: outOf(target), tables }, { key: TEST_KEY, ...options });

const written = (name: string) =>
  ["people", "tags"].map((table) => readFileSync(join(outOf(name), `${table}.csv`)).toString("latin1"));

const threads = () => process.getActiveResourcesInfo().filter((kind) => kind === "MessagePort" || kind === "Worker");

describe("a run of several workers", () => {
  it("writes the very bytes that one writes, whatever their number and the size of batches", { timeout: 120_000 }, async () => {
    expect(await run("one", {})).toMatchObject({ workers: 1, rows: ROWS + 300, notes: [] });
    for (const [name, options] of Object.entries({ two: { workers: 2 }, three: { workers: 3, batchSize: { maxRows: 77 } } })) {
      expect(await run(name, options)).toMatchObject({ workers: options.workers, rows: ROWS + 300, notes: [] });
      expect(written(name)[0] === written("one")[0]).toBe(true);
      expect(written(name)[1] === written("one")[1]).toBe(true);
    }
  });

  it("gives what masks that see many rows, or where a row stands, give in one", { timeout: 120_000 }, async () => {
    const tables: Policy["tables"] = {
      people: { id: keep(), name: shuffle(), email: redact(), code: redact(), city: resample(), note: keep() },
      tags: { tag: shuffle({ window: 40 }) },
    };
    await run("windows-one", {}, tables);
    expect(await run("windows-two", { workers: 2 }, tables)).toMatchObject({ workers: 2 });
    expect(written("windows-two")[0] === written("windows-one")[0]).toBe(true);
    expect(written("windows-two")[1] === written("windows-one")[1]).toBe(true);
  });

  it("works on tables whose rules are functions by the caller's own thread, and says so", { timeout: 60_000 }, async () => {
    const tables: Policy["tables"] = { ...RULES, tags: { tag: custom((value) => value.toUpperCase()) } };
    const report = await run("functions", { workers: 2 }, tables);
    expect(report).toMatchObject({
      workers: 2,
      rows: ROWS + 300,
      notes: ["worked on by one thread, as rules of it are code: tags"],
    });
    expect(written("functions")[0] === written("one")[0]).toBe(true);
    expect(written("functions")[1]).toMatch(/^tag\nTAG 0\n/);
    const all = await run("functions", { workers: 2 }, { people: KEPT, tags: tables.tags! });
    expect(all).toMatchObject({ workers: 2 });
  });

  it("takes rules of a policy that is data, with files beside it", { timeout: 60_000 }, async () => {
    writeFileSync(join(folder, "cities.json"), JSON.stringify({ 0: "a", 1: "b", 2: "c", 3: "d", 4: "e", 5: "f", 6: "g" }));
    const policy = parsePolicy({
      source: exports,
      tables: {
        people: {
          id: "keep",
          name: "redact",
          email: { maskEmail: {} },
          code: "tokenize",
          city: { mapValues: { file: join(folder, "cities.json") } },
          note: "keep",
        },
        tags: { tag: "keep" },
      },
    });
    await refresh({ ...policy, target: outOf("data-one") }, { key: TEST_KEY });
    expect(await refresh({ ...policy, target: outOf("data-two") }, { key: TEST_KEY, workers: 2 })).toMatchObject({
      workers: 2,
      notes: [],
    });
    expect(written("data-two")[0] === written("data-one")[0]).toBe(true);
  });

  it("fails as one does: the first bad row by its ordinal in the table, and no value", { timeout: 120_000 }, async () => {
    const bad = join(folder, "bad");
    const lines = Array.from(
      { length: ROWS },
      (_, id) => `${id},${id === 50_000 || id === 59_000 ? CANARY : 4_000_000 + id},${"x".repeat(200)}`,
    );
    mkdirSync(bad);
    writeFileSync(join(bad, "people.csv"), `id,code,text\n${lines.join("\n")}\n`);
    const failing = (options: RefreshOptions) =>
      refresh(
        {
          source: bad,
          target: outOf("none"),
          tables: { people: { id: keep(), code: tokenize({ as: "integer" }), text: keep() } },
        },
        { key: TEST_KEY, ...options },
      ).then(
        () => null,
        (error) => error,
      );
    const [alone, several] = [await failing({}), await failing({ workers: 3 })];
    expect(alone).toMatchObject({ code: "VALUE_UNSUPPORTED", row: 50_001 });
    expect(several).toMatchObject({
      code: alone.code,
      message: alone.message,
      table: alone.table,
      column: alone.column,
      row: alone.row,
      phase: "during",
    });
    expect(JSON.stringify(several) + several.stack).not.toContain(CANARY);
  });

  it("ends at an abort, and leaves no file and no thread", { timeout: 60_000 }, async () => {
    const controller = new AbortController();
    const stopped = run("stopped", {
      workers: 2,
      signal: controller.signal,
      onProgress: ({ type }) => type === "rows" && controller.abort(),
    });
    await expect(stopped).rejects.toMatchObject({ code: "ABORTED", phase: "during" });
    expect(readdirSync(outOf("stopped"))).toEqual([]);
    expect(threads()).toEqual([]);
  });

  it.each(["note", "table-started", "rows", "paused", "publishing"])("ends when a listener throws at %s", async (moment) => {
    const pauseSwitch = new PauseSwitch();
    if (moment === "paused") pauseSwitch.pause();
    const tables: Policy["tables"] = { ...RULES, tags: { tag: custom((value) => value.toUpperCase()) } };
    const onProgress = ({ type }: ProgressEvent) => {
      if (type === moment) throw new RangeError(CANARY);
    };
    const failed = run("listener", { workers: 2, pauseSwitch, onProgress }, tables);
    await expect(failed).rejects.toMatchObject({
      phase: "during",
      message: "The run failed (RangeError); the target is as it was.",
    });
    expect(readdirSync(outOf("listener"))).toEqual([]);
    expect(threads()).toEqual([]);
  });

  it("can be gone on with when it is stopped while it looks at what was kept", { timeout: 60_000 }, async () => {
    const breaksAt = (shards: number) => {
      let rows = 0;
      return (event: ProgressEvent) => {
        if (event.type === "rows") rows += event.rows;
        if (rows > (shards * ROWS) / 4) throw new Error("enough");
      };
    };
    await expect(run("kept", { resumable: true, onProgress: breaksAt(2.5) })).rejects.toMatchObject({ isResumable: true });
    const controller = new AbortController();
    const slowly = { sourceLimits: { rowsPerSecond: 5000 }, signal: controller.signal };
    setTimeout(() => controller.abort(), 2000);
    await expect(run("kept", { resume: true, workers: 2, ...slowly })).rejects.toMatchObject({
      ...{ code: "ABORTED", phase: "before", isResumable: true },
    });
    expect(threads()).toEqual([]);
    const report = await run("kept", { resume: true, workers: 2 });
    expect(report.keptRows).toBeGreaterThan(ROWS / 4);
    expect(written("kept")[0] === written("one")[0]).toBe(true);
    await expect(run("kept", { resume: true })).rejects.toMatchObject({ code: "RESUME_REFUSED", isResumable: false });
  });

  it("keeps to the limits of the source, all workers together", { timeout: 60_000 }, async () => {
    const started = performance.now();
    await run("paced", { workers: 3, sourceLimits: { rowsPerSecond: 30_000 } }, { people: KEPT, tags: { tag: keep() } });
    expect(performance.now() - started).toBeGreaterThan(1500);
  });

  it.each([
    ["by one that keeps its shards", { resumable: true }, 500],
    ["by two workers", { workers: 2 }, 250],
  ])("reads evenly under a limit: %s", async (_, options, most) => {
    const batches: number[] = [];
    const onProgress = (event: ProgressEvent) => {
      if (event.type === "rows" && batches.push(event.rows) === 4) throw new Error("enough");
    };
    await expect(run("even", { ...options, onProgress, sourceLimits: { rowsPerSecond: 2000 } })).rejects.toThrow();
    expect(Math.max(...batches)).toBe(most);
  });

  it("is one of one worker where source or target cannot be shared, and says why", async () => {
    const rows = [{ id: 1 }, { id: 2 }];
    const tables = { people: { id: keep() } };
    const memory = await refresh(
      { source: memorySource({ people: rows }), target: new MemorySink(), tables },
      { key: TEST_KEY, workers: 2 },
    );
    expect(memory).toMatchObject({
      workers: 1,
      rows: 2,
      notes: ["worked on by one thread: the source cannot be read by several"],
    });
  });

  it("has spans and counts as one of one thread has them", { timeout: 60_000 }, async () => {
    const toldOf = async (workers: number) => {
      const [begun, ended]: [string[], string[]] = [[], []];
      const counts: Record<string, number> = {};
      const errors: string[] = [];
      const startSpan = (name: string) => {
        begun.push(name);
        return {
          setAttributes: () => {},
          setStatus: ({ message = "" }) => errors.push(message),
          end: () => ended.push(name),
        };
      };
      const counter = (name: string) => ({
        add: (value: number) => {
          counts[name] = (counts[name] ?? 0) + value;
        },
      });
      const meter = { createCounter: counter, createHistogram: () => ({ record: () => {} }) };
      await run("telemetry", { workers, telemetry: { tracer: { startSpan }, meter } });
      return { begun, ended, errors, rows: counts["standin.rows"] };
    };
    const one = await toldOf(1);
    expect(one).toMatchObject({ begun: ["standin run", "copy people", "copy tags"], errors: [], rows: ROWS + 300 });
    expect(await toldOf(2)).toEqual(one);
  });

  it("is verified as one of one thread is, by reading once more what threads masked", async () => {
    const tables: Policy["tables"] = { tags: { tag: tokenize() } };
    const one = await run("verified-one", { verify: true }, tables);
    const two = await run("verified-two", { workers: 2, verify: true }, tables);
    expect([one.notes, two.notes]).toEqual([[], [expect.stringContaining("reading the source once more")]]);
    expect(two).toMatchObject({ workers: 2, verification: { findings: [], tables: [{ sourceRows: 300, targetRows: 300 }] } });
    // A rule that is code keeps the rows on this thread, where they pass by.
    const code: Policy["tables"] = { tags: { tag: custom(() => "masked") } };
    expect(await run("verified-here", { workers: 2, verify: true }, code)).toMatchObject({
      workers: 1,
      notes: [expect.stringContaining("the rules are code")],
      verification: { tables: [{ sourceRows: 300, columns: [{ unchangedShare: 0 }] }] },
    });
    // Who reads once more cannot tell what became of which row.
    const told = JSON.stringify({ ...one.verification, milliseconds: two.verification!.milliseconds });
    expect(JSON.stringify(two.verification)).toBe(told.replace('"unchangedShare":0', '"unchangedShare":null'));
  });

  it("publishes nothing that its verification finds", { timeout: 60_000 }, async () => {
    const mails = join(folder, "mails");
    mkdirSync(mails);
    writeFileSync(join(mails, "mails.csv"), "mail,note\nqubababa@acme.test,he wrote from QUbababa@acme.test\n");
    const policy = { source: mails, target: outOf("leaking"), tables: { mails: { mail: tokenize(), note: keep() } } };
    await expect(refresh(policy, { key: TEST_KEY, workers: 2, verify: true })).rejects.toMatchObject({
      code: "VERIFICATION_FAILED",
      findings: [{ code: "LEAK_FOUND", table: "mails", column: "note" }],
    });
    expect(readdirSync(outOf("leaking"))).toEqual([]);
  });

  it("starts its threads behind a program that stands on the command line", { timeout: 60_000 }, async () => {
    const from = JSON.stringify(pathToFileURL(join(built, "dist", "index.js")).href);
    const policy = JSON.stringify({ source: exports, target: outOf("typed"), tables: { tags: { tag: "tokenize" } } });
    const program = `import { parsePolicy, refresh } from ${from};
      console.log((await refresh(parsePolicy(${policy}), { key: "${TEST_KEY}", workers: 2 })).workers);`;
    const running = spawnNode(["--input-type=module", "-e", program], { cwd: folder, env: {}, limitMilliseconds: 50_000 });
    expect(await running.finished).toMatchObject({ code: 0, stdout: "2\n" });
  });

  it("is refused where a bundler has left the threads' file behind", async () => {
    const bundled = mkdtempSync(join(built, "bundled-"));
    try {
      cpSync(join(built, "dist"), bundled, { recursive: true, filter: (path) => !path.endsWith("shard-thread.js") });
      const { refresh } = (await import(pathToFileURL(join(bundled, "index.js")).href)) as typeof import("../../src/index.ts");
      await expect(refresh({ tables: {} }, { key: TEST_KEY, workers: 2 })).rejects.toMatchObject({
        ...{ code: "OPTION_INVALID", phase: "before", hint: expect.stringContaining("external") },
      });
    } finally {
      rmSync(bundled, { recursive: true });
    }
  });

  it.each([0, -1, 1.5, 65, Number.NaN])("is refused for %s workers", async (workers) => {
    await expect(run("refused", { workers })).rejects.toMatchObject({ code: "OPTION_INVALID", phase: "before" });
  });
});
