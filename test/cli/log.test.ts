import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { TEST_KEY } from "../test-key.ts";
import { jsonLines, spawnNode } from "./spawned-command.ts";
import { stagePackage } from "./staged-package.ts";

const staged = await stagePackage();

const CANARY = "canary";
const ROWS = 4000;
const POLICY = `
  import { custom, keep } from "standin";
  const note = custom((value) => {
    if (process.env.EXPLODES && value.endsWith("-${ROWS}")) throw new Error("cannot handle " + value);
    return "masked";
  });
  export default { source: "in", target: "out", tables: { first: { id: keep() }, people: { id: keep(), note } } };`;

interface Trial {
  start(parameters: readonly string[], env?: Record<string, string>): ReturnType<typeof spawnNode>;
}

async function inFolder(use: (trial: Trial) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "standin-log-"));
  try {
    for (const place of ["in", "out"]) mkdirSync(join(folder, place));
    const rows = Array.from({ length: ROWS }, (_, row) => `${row + 1},${CANARY}-${row + 1}`);
    writeFileSync(join(folder, "in", "first.csv"), "id\n1\n");
    writeFileSync(join(folder, "in", "people.csv"), `id,note\n${rows.join("\n")}\n`);
    writeFileSync(join(folder, "standin.policy.ts"), POLICY);
    const start: Trial["start"] = (parameters, env) =>
      spawnNode([...(env?.PRELOAD === undefined ? [] : ["--import", env.PRELOAD]), staged.command, ...parameters], {
        cwd: folder,
        env: { STANDIN_KEY: TEST_KEY, ...env },
      });
    await use({ start });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The lines of a log, each of which has a time, a level and an event, without the time. */
function logOf(stderr: string) {
  expect(stderr).not.toContain(CANARY);
  return jsonLines(stderr).map(({ time, ...line }) => {
    expect(new Date(time as string).toISOString()).toBe(time);
    return line as Record<string, unknown>;
  });
}

describe("standin run --log json", () => {
  it("keeps a line of each event, of one run, on standard error, and people's report on standard output", async () => {
    await inFolder(async ({ start }) => {
      const { code, stdout, stderr } = await start(["run", "--log", "json"]).finished;
      expect(code, stderr).toBe(0);
      expect(stdout).toContain("4,001 rows of 2 tables");
      const log = logOf(stderr);
      expect(log.map(({ level, event }) => `${level} ${event}`)).toEqual([
        "info started",
        "info planned",
        "info table-started",
        "info table-finished",
        "info table-started",
        "info table-finished",
        "info publishing",
        "info finished",
      ]);
      expect(new Set(log.map(({ run }) => run))).toEqual(new Set([expect.stringMatching(/^[0-9a-f-]{36}$/)]));
      expect(log[5]).toMatchObject({ table: "people", rows: ROWS, milliseconds: expect.any(Number) });
    });
  });

  it("ends with one error that tells code, place and hint, and no value", async () => {
    await inFolder(async ({ start }) => {
      const { code, stdout, stderr } = await start(["run", "--log=json", "--json"], { EXPLODES: "yes" }).finished;
      expect(code).toBe(2);
      const errors = logOf(stderr).filter(({ level }) => level === "error");
      const failure = { code: "TRANSFORM_FAILED", table: "people", column: "note", row: ROWS, phase: "during" };
      expect(errors).toEqual([expect.objectContaining({ event: "error", ...failure })]);
      expect(jsonLines(stdout).at(-1)).toMatchObject({ type: "error", ...failure });
      expect(stdout).not.toContain(CANARY);
    });
  });

  it("is kept also where the command line cannot be read, and by check and verify", async () => {
    await inFolder(async ({ start }) => {
      const mistyped = await start(["run", "--log", "json", "--max-rows-per-second", "none"]).finished;
      expect(mistyped.code).toBe(1);
      expect(logOf(mistyped.stderr)).toEqual([
        expect.objectContaining({ level: "error", code: "OPTION_INVALID", message: expect.stringContaining("a number above 0") }),
      ]);
      const checked = await start(["check", "--log", "json"]).finished;
      expect(checked.code).toBe(3);
      expect(logOf(checked.stderr).at(-1)).toMatchObject({ level: "error", event: "checked", ok: false });
      expect((await start(["run"]).finished).code).toBe(0);
      const verified = await start(["verify", "--log", "json"]).finished;
      const log = logOf(verified.stderr);
      expect(log[0]).toMatchObject({ event: "table-started", side: "source", table: "first" });
      expect(log.at(-1)).toMatchObject({ event: "verified", ok: true, leaks: 0 });
    });
  });
});

describe("standin run on SIGUSR2", () => {
  it("pauses, and goes on at the next one", async () => {
    await inFolder(async ({ start }) => {
      const running = start(["run", "--log", "json", "--max-rows-per-second", String(ROWS / 2)]);
      await running.seen(/"event":"table-started".*"people"/);
      running.process.kill("SIGUSR2");
      await running.seen(/"event":"paused"/);
      await new Promise((resolve) => setTimeout(resolve, 1000));
      expect(running.printed()).not.toMatch(/"event":"resumed"|"event":"table-finished".*"people"/);
      running.process.kill("SIGUSR2");
      const { code, stderr } = await running.finished;
      expect(code, stderr).toBe(0);
      const log = logOf(stderr);
      expect(log.find(({ event }) => event === "resumed")).toMatchObject({
        milliseconds: expect.toSatisfy((ms: number) => ms >= 1000),
      });
      expect(log.at(-1)).toMatchObject({ event: "finished", rows: ROWS + 1 });
    });
  });

  it("tells a person who looks on", async () => {
    await inFolder(async ({ start }) => {
      const running = start(["run", "--max-rows-per-second", String(ROWS / 2)]);
      await running.seen(/^first .* row /m);
      running.process.kill("SIGUSR2");
      await running.seen(/^paused: SIGUSR2 goes on$/m);
      running.process.kill("SIGTERM");
      expect((await running.finished).code).toBe(143);
    });
  });
});

describe("standin run --telemetry", () => {
  it("goes to the SDK that node was started with", async () => {
    const preload = join(staged.folder, "sdk.mjs");
    writeFileSync(
      preload,
      `import { trace } from "@opentelemetry/api";
       import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";
       const spans = new InMemorySpanExporter();
       trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] }));
       process.on("exit", () => console.log("spans:", spans.getFinishedSpans().map(({ name }) => name).join(", ")));`,
    );
    await inFolder(async ({ start }) => {
      const { code, stdout } = await start(["run", "--telemetry"], { PRELOAD: preload }).finished;
      expect(code).toBe(0);
      expect(stdout).toContain("spans: copy first, copy people, standin run");
      expect((await start(["run"], { PRELOAD: preload }).finished).stdout).toContain("spans: \n");
    });
  });

  it("says what to install where the API is not there, which a run without it never looks for", async () => {
    const preload = join(staged.folder, "without.mjs");
    const hook = `export const resolve = (name, context, next) => { if (name === "@opentelemetry/api") throw new Error(name); return next(name, context); };`;
    writeFileSync(
      preload,
      `import { register } from "node:module"; register("data:text/javascript," + encodeURIComponent(${JSON.stringify(hook)}));`,
    );
    await inFolder(async ({ start }) => {
      const { code, stderr } = await start(["run", "--telemetry"], { PRELOAD: preload }).finished;
      expect(code, stderr).toBe(1);
      expect(stderr).toContain("npm install @opentelemetry/api");
      expect((await start(["run"], { PRELOAD: preload }).finished).code).toBe(0);
    });
  });
});
