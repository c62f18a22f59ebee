import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { generateMaskingKey, resolveMaskingKey } from "../../src/keys/masking-key.ts";
import { TEST_KEY } from "../test-key.ts";
import { jsonLines, spawnNode } from "./spawned-command.ts";
import { stagePackage } from "./staged-package.ts";

const { command } = await stagePackage();

let folder: string;
const standin = (parameters: readonly string[], env: Record<string, string | undefined> = {}, input = "") =>
  spawnNode([command, ...parameters], { cwd: folder, env: { STANDIN_KEY: TEST_KEY, ...env }, input }).finished;
const write = (name: string, text: string) => writeFileSync(join(folder, name), text);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "standin-layered-"));
  mkdirSync(join(folder, "in"));
  write("in/users.csv", "id,email,signup_ip\n1,canary@acme.com,10.0.0.1\n");
  write("in/log_a.csv", "x\n1\n");
  write("common.yaml", 'tables: { "log_*": skip }\ncolumns: { "*_ip": redact }\n');
  write(
    "standin.policy.yaml",
    `include: common.yaml
source: $\{IN:-in}
target: $\{STAGING_URL}
presets: [gdpr]
when: { email: { fake: internet.email } }
tables:
  users: { id: keep }
environments:
  test:
    target: out
    keyVariable: KEY_OF_TEST
    tables: { users: { email: redact } }
  quiet:
    target: out
    columns: { "*_ip": keep }
`,
  );
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("a policy of layers", () => {
  it("runs in the environment that --env names, with its target, key and rules", async () => {
    const key = generateMaskingKey();
    const { fingerprint } = await resolveMaskingKey(key);
    const { code, stdout, stderr } = await standin(["run", "--env", "test"], { KEY_OF_TEST: key });
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.not.stringContaining("✗") });
    expect(stdout).toContain(`key ${fingerprint}`);
    expect(readFileSync(join(folder, "out", "users.csv"), "utf8")).toBe("id,email,signup_ip\n1,***************,********\n");
    expect(existsSync(join(folder, "out", "log_a.csv"))).toBe(false);
  });

  it("does not take another environment's key", async () => {
    const { code, stderr } = await standin(["run", "--env", "test"], { KEY_OF_TEST: undefined });
    expect(code).toBe(1);
    expect(stderr).toMatch(/KEY_REQUIRED[\s\S]*KEY_OF_TEST/);
    expect(existsSync(join(folder, "out"))).toBe(false);
  });

  it("says in the plan what brought each rule, and what is skipped", async () => {
    const { code, stdout } = await standin(["plan", "--env", "quiet"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/email .*fake internet\.email {2}by when → email/);
    expect(stdout).toMatch(/signup_ip .*keep {2}by columns → \*_ip/);
    expect(stdout).toContain("skipped: log_a");
    expect(stdout).toMatch(
      /! standin\.policy\.yaml:15:16 gdpr: users\.signup_ip \(ipAddress\) identifies a person and is kept\./,
    );
  });

  it("refuses an unknown environment with the nearest, and a missing variable with its place", async () => {
    expect((await standin(["plan", "--env", "tset"])).stderr).toMatch(
      /no environment tset\. \[ENVIRONMENT_UNKNOWN\]\n.*Did you mean test\?/,
    );
    const { code, stderr } = await standin(["plan"]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/STAGING_URL, which is not set[\s\S]*at standin\.policy\.yaml:3:9/);
  });

  it("pipes one table by its patterns and classes, without any of its variables", async () => {
    const { code, stdout, stderr } = await standin(
      ["pipe", "--format", "csv", "--table", "users"],
      {},
      "id,email,signup_ip\n1,canary@acme.com,10.0.0.1\n",
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^id,email,signup_ip\n1,\S+@example\.(com|net|org),\*{8}\n$/);
  });

  it("tells file, line and column of every mistake, each of which an editor opens", async () => {
    write("common.yaml", "tables:\n  users: { x: kep }\n");
    write("standin.policy.yaml", "include: common.yaml\ntables:\n  users: { y: redcat }\nwen: {}\n");
    const { code, stderr } = await standin(["plan"]);
    expect(code).toBe(1);
    for (const place of [
      "common.yaml:2:15 users.x",
      "standin.policy.yaml:3:15 users.y",
      'standin.policy.yaml:4:1 A policy has no "wen"',
    ])
      expect(stderr).toContain(`✗ ${place}`);
    const [error] = jsonLines((await standin(["plan", "--json"])).stdout);
    expect(error!.findings).toHaveLength(3);
    expect(error!.findings).toContainEqual(expect.objectContaining({ line: 4, columnNumber: 1 }));
  });
});
