import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { stagePackage } from "../cli/staged-package.ts";
import { TEST_KEY } from "../test-key.ts";
import { IS_THOROUGH } from "./seeds.ts";

const { command } = await stagePackage();

const MEGABYTES = IS_THOROUGH ? 5000 : 60;
const LINE = `4711,jane@acme.com,${"x".repeat(180)}\n`;
const BLOCK = LINE.repeat(5000);

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
    let [bytes, peak] = [0, 0];
    const measure = setInterval(() => {
      // Where the system tells it: kB of memory that the process ever had at once.
      const status =
        child.exitCode === null && process.platform === "linux" ? readFileSync(`/proc/${child.pid}/status`, "utf8") : "";
      peak = Math.max(peak, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0));
    }, 100);
    child.stdout.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
    });
    const ended = once(child, "close");
    child.stdin.write("id,email,note\n");
    const blocks = Math.ceil((MEGABYTES * 1e6) / BLOCK.length);
    for (let block = 0; block < blocks; block++) if (!child.stdin.write(BLOCK)) await once(child.stdin, "drain");
    child.stdin.end();
    const [code] = await ended;
    clearInterval(measure);
    expect(code).toBe(0);
    expect(bytes).toBeGreaterThan(MEGABYTES * 0.8e6);
    expect(peak).toBeLessThan(300_000);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
