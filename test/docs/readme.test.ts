import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { README_SHOP, readmePolicy } from "../../docs/plan-output.ts";
import { withWrittenParts } from "../../docs/written-parts.ts";
import { compilePlan } from "../../src/plan/compile-plan.ts";
import { parsePolicy } from "../../src/policy/parse/parse-policy.ts";
import { spawnNode } from "../cli/spawned-command.ts";
import { stagePackage } from "../cli/staged-package.ts";
import { TEST_KEY } from "../test-key.ts";
import { blockWith, readPage } from "./readme-blocks.ts";

const { folder: staged, command } = await stagePackage();
const folder = mkdtempSync(join(tmpdir(), "standin-readme-"));
afterAll(() => rmSync(folder, { recursive: true }));

const standin = (parameters: readonly string[], env: Record<string, string> = {}) =>
  spawnNode([command, ...parameters], { cwd: folder, env: { STANDIN_KEY: TEST_KEY, ...env } }).finished;

const POLICY_CODE = blockWith("README.md", "ts", "export default definePolicy");
const POLICY_DATA = readmePolicy(readPage("README.md"));

describe("README.md", () => {
  it("has the parts that code writes as code would write them now (if not: npm run docs)", async () => {
    const readme = readPage("README.md");
    expect(await withWrittenParts(readme)).toBe(readme);
  });

  it("shows a policy in YAML that plans without an error", () => {
    const plan = compilePlan(parsePolicy(parse(POLICY_DATA)), README_SHOP, { ...README_SHOP, tables: [] });
    expect(plan.findings.filter(({ severity }) => severity === "error")).toEqual([]);
    expect(plan.tables.map(({ columns }) => columns.length)).toEqual([6, 4]);
  });

  it("shows the same policy in TypeScript", async () => {
    writeFileSync(join(folder, "standin.policy.ts"), POLICY_CODE);
    writeFileSync(join(folder, "standin.policy.yaml"), POLICY_DATA);
    mkdirSync(join(folder, "exports"));
    writeFileSync(join(folder, "exports", "customers.csv"), `id,email,card,born,city,notes\n`);
    writeFileSync(join(folder, "exports", "orders.csv"), "id,customer_id,total,placed_at\n");
    writeFileSync(join(folder, "exports", "audit_log.csv"), "id\n");
    const env = { PROD_URL: "exports", STAGING_URL: "masked" };
    const [code, data] = await Promise.all(
      ["ts", "yaml"].map(async (ending) => {
        const { stdout } = await standin(["plan", "--json", "--policy", `standin.policy.${ending}`], env);
        return JSON.parse(stdout);
      }),
    );
    expect(code.tables.length).toBe(2);
    const unplaced = ({ file: _, line: __, columnNumber: ___, ...finding }: Record<string, unknown>) => finding;
    const withoutPlaces = (plan: typeof data) => ({ ...plan, findings: plan.findings.map(unplaced) });
    expect(withoutPlaces(data)).toEqual(withoutPlaces(code));
  });

  it("shows objects that are masked", async () => {
    const users = 'const users = [{ id: 1, email: "canary@acme.com", plan: "free" }];\n';
    const script = join(staged, "objects.mjs");
    writeFileSync(script, users + blockWith("README.md", "ts", "createMasker"));
    const { code, stdout } = await spawnNode([script], { cwd: folder, env: { STANDIN_KEY: TEST_KEY } }).finished;
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^\S+@example\.(com|net|org)\n$/) });
    expect(stdout).not.toContain("canary");
  });

  it("shows how an original is got back, and by what it is written down", async () => {
    const place = mkdtempSync(join(folder, "reveal-"));
    mkdirSync(join(place, "exports"));
    writeFileSync(join(place, "exports", "customers.csv"), "id,email,card,born,city,notes\n");
    writeFileSync(join(place, "exports", "orders.csv"), "id,customer_id,total,placed_at\n");
    writeFileSync(join(place, "standin.policy.yaml"), `${POLICY_DATA}${blockWith("docs/guides/reveal.md", "yaml", "reveal:")}`);
    const [, input, options] = /^echo (\d+) \| npx standin (.*)$/m.exec(
      blockWith("docs/guides/reveal.md", "sh", "standin reveal"),
    )!;
    const given = await spawnNode([command, ...options!.split(" "), "--originals-may-leave-the-terminal"], {
      cwd: place,
      env: { STANDIN_KEY: TEST_KEY, PROD_URL: "exports", STAGING_URL: "masked" },
      input: `${input}\n`,
    }).finished;
    expect(given).toMatchObject({ code: 0, stdout: "4111111111111111\n" });
    expect(readPage("docs/guides/reveal.md")).toContain("prints `4111111111111111`");
    expect(JSON.parse(readFileSync(join(place, "reveal.log"), "utf8"))).toMatchObject({ column: "customers.card", count: 1 });
  });

  it("says rightly that require() works", async () => {
    const script = join(staged, "required.cjs");
    writeFileSync(script, 'console.log(typeof require("standin").refresh, typeof require("standin/csv").csvSource)');
    const { stdout } = await spawnNode([script], { cwd: folder }).finished;
    expect(stdout).toBe("function function\n");
  });
});
