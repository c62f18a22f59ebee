import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { TEST_KEY } from "../test-key.ts";
import { jsonLines, spawnNode } from "./spawned-command.ts";
import { stagePackage } from "./staged-package.ts";

const { command } = await stagePackage();

/** `script` of util-linux runs a command on a terminal of its own. */
const hasTerminal = existsSync("/usr/bin/script") && process.platform === "linux";

async function withPolicy(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "standin-preview-"));
  try {
    writeFileSync(join(folder, "users.csv"), "id,name\n1,Canary Jane\n2,Canary Joan\n");
    const tables = { users: { id: "keep", name: { redact: { keepLast: 2 } } } };
    writeFileSync(join(folder, "standin.policy.json"), JSON.stringify({ source: "users.csv", target: "out", tables }));
    await use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const env = { STANDIN_KEY: TEST_KEY };

describe("standin preview", () => {
  it("writes originals to no pipe, and reads nothing then", () =>
    withPolicy(async (folder) => {
      const { code, stdout, stderr } = await spawnNode([command, "preview", "users"], { cwd: folder, env }).finished;
      expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
      expect(stderr).toContain("[ORIGINALS_EXPOSED]");
      expect(stderr).not.toContain("Canary");
    }));

  it("gives machines the masked side alone, and makes no target", () =>
    withPolicy(async (folder) => {
      const told = await spawnNode([command, "preview", "users", "--rows", "1", "--json"], { cwd: folder, env }).finished;
      expect(told).toMatchObject({ code: 0, stderr: "" });
      expect(jsonLines(told.stdout)).toEqual([{ type: "row", table: "users", row: { id: "1", name: "*********ne" } }]);
      expect(existsSync(join(folder, "out"))).toBe(false);
    }));

  it("writes originals to a pipe where that is asked for aloud", () =>
    withPolicy(async (folder) => {
      const parameters = [command, "preview", "users", "--originals-may-leave-the-terminal"];
      const { code, stdout } = await spawnNode(parameters, { cwd: folder, env }).finished;
      expect(code).toBe(0);
      expect(stdout).toMatch(/name +Canary Jane +~ \*{9}ne/);
    }));

  it.runIf(hasTerminal)("shows both sides on a terminal", () =>
    withPolicy(async (folder) => {
      const line = `${process.execPath} ${command} preview users --rows 2`;
      const shown = execFileSync("/usr/bin/script", ["-qec", line, "/dev/null"], {
        cwd: folder,
        env: { ...process.env, ...env, NO_COLOR: "1" },
        encoding: "utf8",
      });
      expect(shown).toMatch(/Canary Joan +~ \*{9}an/);
    }),
  );

  it("refuses a number of rows that is none", () =>
    withPolicy(async (folder) => {
      const { code, stderr } = await spawnNode([command, "preview", "users", "--rows", "ten"], { cwd: folder, env }).finished;
      expect(code).toBe(1);
      expect(stderr).toMatch(/--rows must be|no terminal/);
    }));
});
