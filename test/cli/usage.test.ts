import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { resolveMaskingKey } from "../../src/keys/masking-key.ts";
import { TEST_KEY } from "../test-key.ts";
import { jsonLines, spawnNode } from "./spawned-command.ts";
import { stagePackage } from "./staged-package.ts";

const { command } = await stagePackage();

let folder: string;
const standin = (parameters: readonly string[], env: Record<string, string | undefined> = {}) =>
  spawnNode([command, ...parameters], { cwd: folder, env: { STANDIN_KEY: TEST_KEY, ...env } }).finished;
const write = (name: string, text: string) => writeFileSync(join(folder, name), text);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "standin-usage-"));
  mkdirSync(join(folder, "in"));
  write("in/users.csv", "id,email,born\n1,canary@acme.com,1987-03-14\n");
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("standin", () => {
  it("lists its commands and exit codes under --help, and tells its version", async () => {
    const help = await standin(["--help"]);
    expect(help).toMatchObject({ code: 0, stderr: "" });
    for (const name of ["init", "run", "plan", "check", "preview", "explain", "types", "pipe", "keygen", "demo"])
      expect(help.stdout).toMatch(new RegExp(`^  ${name} `, "m"));
    expect(help.stdout).toMatch(/Exit codes:\n +0 .*\n +1 .*\n +2 .*\n +3 .*\n +4 .*\n +130 /);
    for (const line of help.stdout.split("\n")) expect(line.length, line).toBeLessThanOrEqual(80);
    const { version } = JSON.parse(readFileSync(join(import.meta.dirname, "..", "..", "package.json"), "utf8"));
    expect(await standin(["--version"])).toMatchObject({ code: 0, stdout: `${version}\n` });
  });

  it.each([
    [["rnu"], "Unknown command 'rnu'.", "Did you mean run?"],
    [["run", "--polcy", "x"], "Unknown option '--polcy'.", "Did you mean --policy?"],
    [["pipe"], "Required option '--format <format>' not specified.", "npx standin pipe --help lists its options."],
    [["plan", "extra"], "Too many arguments for 'plan'", "Write npx standin plan [options]. npx standin plan --help"],
    [["explain"], "Missing required argument 'column'.", "Write npx standin explain [options] <column>."],
    [["run", "--workers", "x"], "argument 'x' is invalid.", "npx standin run --help lists its options."],
    [["run"], "There is no standin.policy.ts, .js, .yaml or .json in", "npx standin init"],
    [["run", "--policy", "nope.yaml"], "nope.yaml cannot be read.", "There is no such file"],
  ])("refuses %j with one message and a hint", async (parameters, message, hint) => {
    const { code, stdout, stderr } = await standin(parameters);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/^✗ .*\[[A-Z_]+\]\n {2}→ .*\n$/);
    expect(stderr).toContain(message);
    expect(stderr).toContain(hint);
    // The output of pipe is for rows.
    const json = await standin([...parameters, "--json"]);
    const [error, ...more] = jsonLines(parameters[0] === "pipe" ? json.stderr : json.stdout);
    expect(more).toEqual([]);
    expect(error).toMatchObject({ type: "error", phase: "before", message: expect.stringContaining(message) });
  });
});

describe("standin plan", () => {
  it("shows options that JSON has no word for", async () => {
    write(
      "standin.policy.js",
      `import { fake, keep } from "standin";
       const born = fake("helpers.fromRegExp", { arguments: [/[a-z]{9}/] });
       const id = fake("number.bigInt", { arguments: [{ min: 1n, max: 99n }] });
       export default { source: "in", target: "out", tables: { users: { id, email: keep(), born } } };`,
    );
    const text = await standin(["plan"]);
    expect(text).toMatchObject({ code: 0, stderr: "" });
    expect(text.stdout).toContain('number.bigInt, arguments: [{"min":"1","max":"99"}]');
    const json = await standin(["plan", "--json"]);
    expect(json.code).toBe(0);
    const columns = [
      { options: { arguments: [{ min: "1", max: "99" }] } },
      { column: "email" },
      { options: { arguments: ["/[a-z]{9}/"] } },
    ];
    expect(jsonLines(json.stdout)[0]).toMatchObject({ type: "plan", tables: [{ columns }] });
  });
});

describe("a policy in code whose variables are not set", () => {
  const policy = (source: string, target: string) =>
    `export default { source: process.env.${source}, target: process.env["${target}"], tables: { users: "skip" } };\n`;

  it("is told which, and of those alone that the command needs", async () => {
    write("standin.policy.ts", policy("NO_SOURCE", "NO_TARGET"));
    const { code, stderr } = await standin(["plan"]);
    expect(code).toBe(1);
    expect(stderr).toContain(
      "standin.policy.ts takes its source from NO_SOURCE and its target from NO_TARGET, which are not set.",
    );
    expect(stderr).toContain("→ Set NO_SOURCE and NO_TARGET to postgres://…");
    const one = await standin(["plan"], { NO_SOURCE: "in" });
    expect(one.stderr).toContain("takes its target from NO_TARGET, which is not set.");
    expect(await standin(["types"], { NO_SOURCE: "in" })).toMatchObject({ code: 0, stderr: "" });
  });
});

describe("standin keygen", () => {
  it("prints a key that is accepted, another one each time", async () => {
    const first = await standin(["keygen"]);
    expect(first).toMatchObject({ code: 0, stderr: "", stdout: expect.stringMatching(/^\S+\n$/) });
    const { fingerprint } = await resolveMaskingKey(first.stdout);
    write("standin.policy.yaml", "source: in\ntarget: out\ntables: { users: { id: keep, email: redact, born: redact } }\n");
    const { code, stdout } = await standin(["run"], { STANDIN_KEY: first.stdout.trim() });
    expect(code).toBe(0);
    expect(stdout).toContain(`key ${fingerprint}`);
    const [second] = jsonLines((await standin(["keygen", "--json"])).stdout);
    expect(second).toEqual({ type: "key", key: expect.stringMatching(/^standin_key_/) });
    expect(second!.key).not.toBe(first.stdout.trim());
  });
});

describe("a policy with a mistake", () => {
  it.each([
    ["p.yaml", "tables:\n  users: [\n", ["p.yaml is not YAML at line 3, column 1", "[POLICY_INVALID]"]],
    [
      "p.yaml",
      "tables: { users: { id: { fake: internet.email, unique: true } } }\n",
      ["users.id: unique is an option of fake", "options inside"],
    ],
    ["p.yaml", "sorce: in\ntables: {}\n", ['A policy has no "sorce".', 'Did you mean "source"?']],
    ["p.yaml", "tables: { users: { id: keeep } }\n", ['users.id: there is no transform "keeep".', 'Did you mean "keep"?']],
    [
      "p.yaml",
      "tables: { users: { id: { redact: { keepLats: 1 } } } }\n",
      ['users.id: redact: there is no option "keepLats"', "keepLast"],
    ],
    ["p.yaml", "tables: { users: { id: { fake: internet.emial } } }\n", ["users.id: fake:", "did you mean internet.email"]],
    ["p.yaml", "source: $" + "{NOT_SET}\ntables: {}\n", ["environment variable NOT_SET", "→ Set NOT_SET"]],
    ["p.json", '{\n "tables": {}\n "source": "x" }', ["p.json is not JSON at line 3, column 2", "[POLICY_INVALID]"]],
    ["p.ts", "export default {\n  tables: {} source: 1 };\n", ["p.ts line 2: Unexpected token", "→"]],
    [
      "p.ts",
      'import { keeep } from "standin";\nexport default { tables: { users: { id: keeep() } } };\n',
      ["users.id: standin has no function keeep.", 'Did you mean "keep"?', "p.ts:2:41"],
    ],
    ["p.ts", 'import "no-such-package";\n', ["p.ts line 1: it imports no-such-package", "Install it"]],
    [
      "p.ts",
      'import { fake } from "standin";\n\nexport default { tables: { users: { id: fake("internet.emial" as never) } } };\n',
      ["users.id: fake:", "internet.email", "p.ts:3:46"],
    ],
    ["p.mjs", "export const policy = {};\n", ["p.mjs has no default export.", "export default definePolicy"]],
  ])("in %s is told with its place (%j)", async (name, text, wanted) => {
    write(name, text);
    const { code, stdout, stderr } = await standin(["run", "--policy", name]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    for (const part of wanted) expect(stderr).toContain(part);
    expect(stderr.split("\n").length).toBeLessThan(5);
  });

  it("tells all of its mistakes at once", async () => {
    write("p.yaml", "tables: { users: { id: keeep, email: { fake: internet.emial }, born: redcat } }\n");
    const { stderr } = await standin(["run", "--policy", "p.yaml"]);
    expect(stderr).toContain("The policy has 3 mistakes. [POLICY_INVALID]");
    for (const column of ["id", "email", "born"]) expect(stderr).toContain(`users.${column}: `);
  });

  it.each([
    ["throws later", "setTimeout(() => { throw new Error('canary'); }, 0);"],
    ["forgets a promise", "void Promise.reject(new Error('canary'));"],
    ["throws no error", "throw 'canary';"],
  ])("does not show what its code holds when it %s", async (_what, code) => {
    write("p.ts", `${code}\nawait new Promise((resolve) => setTimeout(resolve, 500));\nexport default { tables: {} };\n`);
    for (const flags of [[], ["--json"], ["--debug"]]) {
      const finished = await standin(["run", "--policy", "p.ts", ...flags]);
      expect([1, 2]).toContain(finished.code);
      expect(finished.stdout + finished.stderr).not.toContain("canary");
      expect(finished.stdout + finished.stderr).toMatch(/unforeseen|no error/);
    }
  });

  it("may be in CommonJS", async () => {
    write("p.cjs", 'module.exports = { source: "in", target: "out", tables: { users: "skip" } };\n');
    expect((await standin(["plan", "--policy", "p.cjs"])).stderr).toBe("");
  });
});
