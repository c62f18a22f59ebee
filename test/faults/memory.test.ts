import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { stagePackage } from "../cli/staged-package.ts";
import { TEST_KEY } from "../test-key.ts";
import { postgresSystem } from "./postgres-system.ts";
import { IS_THOROUGH } from "./seeds.ts";

const { command } = await stagePackage();

const MEGABYTES = IS_THOROUGH ? 5000 : 60;
const LINE = `4711,jane@acme.com,${"x".repeat(180)}\n`;
const BLOCK = LINE.repeat(5000);

/** The most memory that a process had at once, in kB, where the system tells it. */
function watchPeak(child: ChildProcess): () => number {
  let peak = 0;
  const look = setInterval(() => {
    const status =
      child.exitCode === null && process.platform === "linux" ? readFileSync(`/proc/${child.pid}/status`, "utf8") : "";
    peak = Math.max(peak, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0));
  }, 100);
  child.once("exit", () => clearInterval(look));
  return () => peak;
}

it(`P08: ${MEGABYTES} MB go through a heap of 96 MB`, { timeout: 900_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), "standin-memory-"));
  try {
    const tables = { people: { id: "keep", email: { tokenize: {} }, note: "keep" } };
    writeFileSync(join(folder, "standin.policy.json"), JSON.stringify({ tables }));
    const child = spawn(process.execPath, ["--max-old-space-size=96", command, "pipe", "--format", "csv"], {
      cwd: folder,
      env: { ...process.env, STANDIN_KEY: TEST_KEY },
      stdio: ["pipe", "pipe", "inherit"],
    });
    let bytes = 0;
    const peak = watchPeak(child);
    child.stdout.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
    });
    const ended = once(child, "close");
    child.stdin.write("id,email,note\n");
    const blocks = Math.ceil((MEGABYTES * 1e6) / BLOCK.length);
    for (let block = 0; block < blocks; block++) if (!child.stdin.write(BLOCK)) await once(child.stdin, "drain");
    child.stdin.end();
    const [code] = await ended;
    expect(code).toBe(0);
    expect(bytes).toBeGreaterThan(MEGABYTES * 0.8e6);
    expect(peak()).toBeLessThan(300_000);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

postgresSystem.describe("one row of 200 MB", () => {
  it.runIf(IS_THOROUGH).each(["PostgreSQL", "CSV"])("F36: goes to %s within 300 MB", { timeout: 240_000 }, (to) =>
    postgresSystem.withDatabases(["standin_fault_source", "standin_fault_target"], async (source, database) => {
      const folder = mkdtempSync(join(tmpdir(), "standin-memory-"));
      try {
        for (const url of [source!, database!])
          await postgresSystem.run(url, "CREATE TABLE large (id int PRIMARY KEY, name varchar(200) NOT NULL, v text)");
        await postgresSystem.run(source!, "INSERT INTO large VALUES (1, 'x', repeat('x', 200000000))");
        const tables = { large: { id: "keep", name: { tokenize: {} }, v: "keep" } };
        const target = to === "CSV" ? join(folder, "out") : database;
        writeFileSync(join(folder, "standin.policy.json"), JSON.stringify({ source, target, tables }));
        const child = spawn(process.execPath, [command, "run"], {
          cwd: folder,
          env: { ...process.env, STANDIN_KEY: TEST_KEY },
          stdio: ["ignore", "ignore", "inherit"],
        });
        const peak = watchPeak(child);
        const [code] = await once(child, "close");
        expect(code).toBe(0);
        expect(peak()).toBeLessThan(300_000);
      } finally {
        rmSync(folder, { recursive: true });
      }
    }),
  );
});
