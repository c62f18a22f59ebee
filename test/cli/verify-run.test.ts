import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { TEST_KEY } from "../test-key.ts";
import { jsonLines, spawnNode } from "./spawned-command.ts";
import { stagePackage } from "./staged-package.ts";

const { command } = await stagePackage();

const USERS = Array.from({ length: 30 }, (_, id) => `${id + 1},canary${id}@acme.test,${id % 2 === 0 ? "f" : "m"}`);
const POLICY = {
  source: "*.csv",
  target: "out",
  tables: {
    users: { id: "keep", email: { fake: { path: "internet.email", unique: true } }, sex: "keep" },
    notes: { id: "keep", note: "keep" },
  },
};

type Standin = (...parameters: string[]) => ReturnType<typeof spawnNode>["finished"];

async function withSource(use: (folder: string, standin: Standin) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "standin-verify-run-"));
  try {
    writeFileSync(join(folder, "users.csv"), `id,email,sex\n${USERS.join("\n")}\n`);
    writeFileSync(join(folder, "notes.csv"), "id,note\n1,all well\n2,called twice\n");
    writeFileSync(join(folder, "standin.policy.json"), JSON.stringify(POLICY));
    await use(
      folder,
      (...parameters) => spawnNode([command, ...parameters], { cwd: folder, env: { STANDIN_KEY: TEST_KEY } }).finished,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const lookInto = (folder: string) => readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), "utf8")]);

describe("standin run --verify", () => {
  it("publishes a clean copy, and reports what became of every column on a page and to machines", () =>
    withSource(async (folder, standin) => {
      const { code, stdout } = await standin("run", "--verify", "--report", "run.html");
      expect(code).toBe(0);
      expect(stdout).toMatch(/✓ 32 rows of 2 tables in .*\n.*\n✓ Nothing was found in the copy/);
      const page = readFileSync(join(folder, "run.html"), "utf8");
      for (const text of ["What the run did", "32 rows of 2 tables copied", "substitution · equal stays equal", "Took"])
        expect(page).toContain(text);
      expect((await standin("run", "--report", "run.json", "--json")).code).toBe(0);
      const report = JSON.parse(readFileSync(join(folder, "run.json"), "utf8"));
      expect(report).toMatchObject({ ok: true, isPublished: true, rows: 32, notCopied: [], verification: null });
      expect(report.tables[1].columns[1]).toEqual({
        column: "email",
        decision: "mask",
        transform: "fake",
        technique: "substitution",
        domain: expect.stringContaining("internet.email"),
        isDeterministic: true,
        isReversible: false,
      });
      expect(page + JSON.stringify(report)).not.toMatch(/canary|acme\.test/i);
    }));

  it("publishes nothing that leaks, exits 3, leaves the target as it was and says in the report what was found", () =>
    withSource(async (folder, standin) => {
      await standin("run");
      const before = lookInto(join(folder, "out"));
      writeFileSync(join(folder, "notes.csv"), "id,note\n1,ask <CANARY7@acme.test>\n");
      const { code, stdout } = await standin("run", "--verify", "--json", "--report", "run.json");
      expect(code).toBe(3);
      const error = jsonLines(stdout).at(-1)!;
      expect(error).toMatchObject({
        type: "error",
        code: "VERIFICATION_FAILED",
        phase: "during",
        table: "notes",
        column: "note",
      });
      const report = JSON.parse(readFileSync(join(folder, "run.json"), "utf8"));
      expect(report).toMatchObject({
        ok: false,
        isPublished: false,
        leaks: [{ table: "notes", column: "note", of: "users.email" }],
      });
      const told = await standin("run", "--verify", "--report", "run.html");
      expect([told.code, told.stderr.includes("The target is as it was.")]).toEqual([3, true]);
      expect(readFileSync(join(folder, "run.html"), "utf8")).toContain("The copy was not published");
      expect(lookInto(join(folder, "out"))).toEqual(before);
      expect(stdout + told.stdout + told.stderr + JSON.stringify(report)).not.toMatch(/canary|acme\.test/i);
    }));

  it("refuses before any row options that say nothing, and a report that cannot be written", () =>
    withSource(async (folder, standin) => {
      for (const parameters of [["--warnings-as-errors"], ["--report", "run.pdf"], ["--report", "nowhere/run.html"]]) {
        const { code, stderr } = await standin("run", ...parameters);
        expect([code, stderr.includes("[OPTION_INVALID]")]).toEqual([1, true]);
      }
      expect(readdirSync(folder)).not.toContain("out");
    }));
});
