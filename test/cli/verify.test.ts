import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { TEST_KEY } from "../test-key.ts";
import { jsonLines, spawnNode } from "./spawned-command.ts";
import { stagePackage } from "./staged-package.ts";

const { command } = await stagePackage();

const USERS = Array.from({ length: 40 }, (_, id) => `${id + 1},canary${id}@acme.test,${id % 2 === 0 ? "f" : "m"}`);
const ORDERS = Array.from({ length: 40 }, (_, id) => `${id + 1},canary${id}@acme.test,fine`);

const POLICY = {
  source: "*.csv",
  target: "out",
  tables: {
    users: { id: "keep", email: { fake: { path: "internet.email", unique: true } }, sex: "keep" },
    orders: { id: "keep", note: "keep" },
  },
  references: [{ from: "orders.user_email", to: "users.email" }],
  verify: { anonymity: { users: { quasiIdentifiers: ["sex"] } } },
};

async function withCopy(use: (folder: string, standin: Standin) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "standin-verify-"));
  const standin: Standin = (...parameters) =>
    spawnNode([command, ...parameters], { cwd: folder, env: { STANDIN_KEY: TEST_KEY } }).finished;
  try {
    writeFileSync(join(folder, "users.csv"), `id,email,sex\n${USERS.join("\n")}\n`);
    writeFileSync(join(folder, "orders.csv"), `id,user_email,note\n${ORDERS.join("\n")}\n`);
    writeFileSync(join(folder, "standin.policy.json"), JSON.stringify(POLICY));
    expect((await standin("run", "--json")).code).toBe(0);
    await use(folder, standin);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

type Standin = (...parameters: string[]) => ReturnType<typeof spawnNode>["finished"];

describe("standin verify", () => {
  it("says of a clean copy that it is clean, and how easily people are told apart", () =>
    withCopy(async (_, standin) => {
      const { code, stdout, stderr } = await standin("verify");
      expect([code, stderr]).toEqual([0, ""]);
      expect(stdout).toMatch(/users: k = 20, in 2 groups; 0 % of the rows are alone in theirs\n✓ Nothing was found/);
      expect(stdout).toMatch(/ 40 values of masked columns looked for in 240 cells, 0 unique keys, 1 reference\n/);
    }));

  it("exits 3 for an address that came back, a reference that dangles and rows too many, and names no value", () =>
    withCopy(async (folder, standin) => {
      appendFileSync(join(folder, "out", "orders.csv"), "41,nobody@example.net,ask CANARY7@acme.test again\n");
      const { code, stdout } = await standin("verify", "--json");
      expect(code).toBe(3);
      const [verification] = jsonLines(stdout);
      expect(verification).toMatchObject({ type: "verification", ok: false, target: "csv" });
      const findings = verification!.findings as { code: string; table: string; column?: string; row?: number }[];
      expect(findings.map(({ code, table, column, row }) => [code, table, column, row])).toEqual([
        ["LEAK_FOUND", "orders", "note", 41],
        ["COUNT_MISMATCH", "orders", undefined, undefined],
        ["REFERENCE_BROKEN", "orders", undefined, undefined],
      ]);
      const told = await standin("verify");
      expect(told.code).toBe(3);
      expect(told.stdout).toContain("orders.note: 1 cell holds a value of the source's orders.user_email");
      expect(stdout + told.stdout).not.toMatch(/canary|acme\.test/i);
    }));

  it("writes a page for people and a file for machines, and refuses what is neither before it reads", () =>
    withCopy(async (folder, standin) => {
      expect((await standin("verify", "--report", "copy.html")).code).toBe(0);
      expect(readFileSync(join(folder, "copy.html"), "utf8")).toContain("<h1>Is the copy clean?</h1>");
      expect((await standin("verify", "--report", "copy.json", "--json")).code).toBe(0);
      const report = JSON.parse(readFileSync(join(folder, "copy.json"), "utf8"));
      expect(report).toMatchObject({ ok: true, source: "csv", keyFingerprint: expect.stringMatching(/^[0-9a-f]{8}$/) });
      const refused = await standin("verify", "--report", "copy.pdf");
      expect([refused.code, refused.stderr.includes("OPTION_INVALID")]).toEqual([1, true]);
    }));

  it("needs no key, and refuses a plan that does not hold", () =>
    withCopy(async (folder, standin) => {
      writeFileSync(join(folder, "more.csv"), "id,phone\n1,555\n");
      writeFileSync(
        join(folder, "standin.policy.json"),
        JSON.stringify({ ...POLICY, tables: { ...POLICY.tables, users: { id: "keep" } } }),
      );
      const { code, stderr } = await standin("verify");
      expect(code).toBe(1);
      expect(stderr).toContain("users.email (text) has no rule");
    }));
});
