import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { encryptDigits } from "../../src/transforms/index.ts";
import { TEST_KEY } from "../test-key.ts";
import { maskValues } from "../transforms/mask-values.ts";
import { jsonLines, spawnNode } from "./spawned-command.ts";
import { stagePackage } from "./staged-package.ts";

const { command } = await stagePackage();

/** `script` of util-linux runs a command on a terminal of its own. */
const hasTerminal = existsSync("/usr/bin/script") && process.platform === "linux";

const CARDS = ["4111111111111111", "5555555555554444"];
const env = { STANDIN_KEY: TEST_KEY };

async function withPolicy(use: (folder: string, input: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "standin-reveal-"));
  try {
    writeFileSync(join(folder, "users.csv"), `card\n${CARDS.join("\n")}\n`);
    const policy = { source: "users.csv", target: "out", tables: { users: { card: "encryptDigits" } } };
    const reveal = { columns: ["users.card"], audit: "reveal.log" };
    writeFileSync(join(folder, "standin.policy.json"), JSON.stringify({ ...policy, reveal }));
    const masked = await maskValues(encryptDigits(), CARDS, { column: { kind: "text", type: "csv" } });
    await use(folder, `${masked.join("\n")}\n`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe("standin reveal", () => {
  it("writes originals to no pipe, not even as JSON, and writes nothing down then", () =>
    withPolicy(async (folder, input) => {
      for (const more of [[], ["--json"]]) {
        const told = await spawnNode([command, "reveal", "users.card", ...more], { cwd: folder, env, input }).finished;
        expect(told.code).toBe(1);
        expect(told.stdout + told.stderr).toContain("ORIGINALS_EXPOSED");
        for (const card of CARDS) expect(told.stdout + told.stderr).not.toContain(card);
      }
      expect(existsSync(join(folder, "reveal.log"))).toBe(false);
    }));

  it("gives the originals in order where that is asked for aloud, and writes it down", () =>
    withPolicy(async (folder, input) => {
      const aloud = [command, "reveal", "users.card", "--originals-may-leave-the-terminal"];
      const plain = await spawnNode(aloud, { cwd: folder, env, input }).finished;
      expect(plain).toMatchObject({ code: 0, stdout: `${CARDS.join("\n")}\n`, stderr: "" });
      const json = await spawnNode([...aloud, "--json"], { cwd: folder, env, input }).finished;
      expect(jsonLines(json.stdout)).toEqual(
        CARDS.map((original, index) => ({ type: "original", column: "users.card", row: index + 1, original })),
      );
      const log = readFileSync(join(folder, "reveal.log"), "utf8");
      expect(log.trim().split("\n")).toHaveLength(2);
      expect(log).toMatch(/"column":"users\.card","count":2,"key":"[0-9a-f]{8}"/);
    }));

  it("reveals nothing under another key or rule than the lock has, and writes nothing down", () =>
    withPolicy(async (folder, input) => {
      const standin = (args: readonly string[], STANDIN_KEY: string = TEST_KEY) =>
        spawnNode([command, ...args], { cwd: folder, env: { STANDIN_KEY }, input }).finished;
      expect(await standin(["check", "--write"])).toMatchObject({ code: 0 });
      const aloud = ["reveal", "users.card", "--originals-may-leave-the-terminal"];
      expect(await standin(aloud)).toMatchObject({ code: 0, stdout: `${CARDS.join("\n")}\n` });
      const otherKey = await standin(aloud, TEST_KEY.replace(/^../, "ff"));
      expect(otherKey).toMatchObject({ code: 1, stdout: "" });
      expect(otherKey.stderr).toMatch(/users\.card: the key was another one, .*\[LOCK_MISMATCH\]/);
      const file = join(folder, "standin.policy.json");
      writeFileSync(file, readFileSync(file, "utf8").replace('"encryptDigits"', '{ "encryptDigits": { "keepLast": 4 } }'));
      expect((await standin(aloud)).stderr).toMatch(/users\.card: its rule was another one .*\[LOCK_MISMATCH\]/);
      expect(readFileSync(join(folder, "reveal.log"), "utf8").trim().split("\n")).toHaveLength(1);
    }));

  it("exits with 1 for a column that the policy does not name, and with 2 for a value that the mask cannot have given", () =>
    withPolicy(async (folder) => {
      const aloud = ["--originals-may-leave-the-terminal"];
      const other = await spawnNode([command, "reveal", "users.name", ...aloud], { cwd: folder, env, input: "x\n" }).finished;
      expect(other).toMatchObject({ code: 1, stdout: "" });
      expect(other.stderr).toContain("[REVEAL_REFUSED]");
      const odd = await spawnNode([command, "reveal", "users.card", ...aloud], { cwd: folder, env, input: "canary\n" }).finished;
      expect(odd.stdout).toBe("");
      expect(odd.stderr).toContain("[VALUE_UNSUPPORTED]");
      expect(odd.stderr).not.toContain("canary");
      expect(odd.code).toBe(2);
    }));

  it.runIf(hasTerminal)("shows them on a terminal", () =>
    withPolicy(async (folder, input) => {
      writeFileSync(join(folder, "masked.txt"), input);
      const line = `${process.execPath} ${command} reveal users.card < masked.txt`;
      const options = { cwd: folder, env: { ...process.env, ...env, NO_COLOR: "1" }, encoding: "utf8" } as const;
      const shown = execFileSync("/usr/bin/script", ["-qec", line, "/dev/null"], options);
      for (const card of CARDS) expect(shown).toContain(card);
    }),
  );
});
