import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import ts from "typescript";
import { afterAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { README_SHOP, readmePolicy } from "../../docs/plan-output.ts";
import { withWrittenParts } from "../../docs/written-parts.ts";
import { compilePlan } from "../../src/plan/compile-plan.ts";
import { parsePolicy } from "../../src/policy/parse-policy.ts";
import { spawnNode } from "../cli/spawned-command.ts";
import { stagePackage } from "../cli/staged-package.ts";
import { TEST_KEY } from "../test-key.ts";
import { blockWith, codeBlocks, PAGES, ROOT, readPage } from "./readme-blocks.ts";

const { folder: staged, command } = await stagePackage();
const folder = mkdtempSync(join(tmpdir(), "standin-readme-"));
afterAll(() => rmSync(folder, { recursive: true }));

const standin = (parameters: readonly string[], env: Record<string, string> = {}) =>
  spawnNode([command, ...parameters], { cwd: folder, env: { STANDIN_KEY: TEST_KEY, ...env } }).finished;

const POLICY_CODE = blockWith("README.md", "ts", "export default definePolicy");
const POLICY_DATA = readmePolicy(readPage("README.md"));

const helps = new Map<string, ReturnType<typeof standin>>();
/** What a command says of itself, asked once. */
function helpOf(name: string): ReturnType<typeof standin> {
  const help = helps.get(name) ?? standin([name, "--help"]);
  helps.set(name, help);
  return help;
}

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

  it("shows no policy in YAML that has a mistake", () => {
    // Pieces of a policy are shown as well.
    const blocks = codeBlocks("README.md", "yaml").filter((block) => /^source:/m.test(block));
    expect(blocks.length).toBeGreaterThan(1);
    for (const block of blocks) {
      const { include: _, ...policy } = parse(block);
      expect(() => parsePolicy(policy), block).not.toThrow();
    }
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

  it("shows TypeScript that compiles", () => {
    const place = join(staged, "readme");
    mkdirSync(place);
    const blocks = codeBlocks("README.md", "ts");
    expect(blocks.length).toBeGreaterThan(4);
    const files = blocks.map((code, index) => {
      const file = join(place, code === POLICY_CODE ? "standin.policy.ts" : `block-${index}.ts`);
      // Each block is a module of its own; what it takes from its reader's program is declared.
      writeFileSync(file, code.includes("import ") ? code : `${code}\nexport {};\n`);
      return file;
    });
    const given = join(place, "given.d.ts");
    writeFileSync(
      given,
      `declare function fetchKeyFromVault(): Promise<string>;
       declare const users: { id: number; email: string; plan: string }[];
       declare const policy: import("standin").Policy;`,
    );
    const source = (name: string) => join(ROOT, "src", name);
    const program = ts.createProgram([...files, given], {
      ...ts.convertCompilerOptionsFromJson(
        ts.readConfigFile(join(ROOT, "tsconfig.json"), ts.sys.readFile).config.compilerOptions,
        ROOT,
      ).options,
      paths: {
        standin: [source("index.ts")],
        "standin/*": [source("*/index.ts"), source("connectors/*/index.ts")],
      },
      noUnusedLocals: false,
    });
    const problems = files.flatMap((file) =>
      ts
        .getPreEmitDiagnostics(program, program.getSourceFile(file))
        .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n")),
    );
    expect(problems).toEqual([]);
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
    writeFileSync(join(place, "standin.policy.yaml"), `${POLICY_DATA}${blockWith("README.md", "yaml", "reveal:")}`);
    const [, input, options] = /^echo (\d+) \| npx standin (.*)$/m.exec(blockWith("README.md", "sh", "standin reveal"))!;
    const given = await spawnNode([command, ...options!.split(" "), "--originals-may-leave-the-terminal"], {
      cwd: place,
      env: { STANDIN_KEY: TEST_KEY, PROD_URL: "exports", STAGING_URL: "masked" },
      input: `${input}\n`,
    }).finished;
    expect(given).toMatchObject({ code: 0, stdout: "4111111111111111\n" });
    expect(readPage("README.md")).toContain("prints `4111111111111111`");
    expect(JSON.parse(readFileSync(join(place, "reveal.log"), "utf8"))).toMatchObject({ column: "customers.card", count: 1 });
  });

  it("says rightly that require() works", async () => {
    const script = join(staged, "required.cjs");
    writeFileSync(script, 'console.log(typeof require("standin").refresh, typeof require("standin/csv").csvSource)');
    const { stdout } = await spawnNode([script], { cwd: folder }).finished;
    expect(stdout).toBe("function function\n");
  });
});

describe.each(PAGES)("%s", (page) => {
  const lines = codeBlocks(page, "sh").flatMap((block) => block.split("\n"));
  const inline = [...readPage(page).matchAll(/`((?:npx |npm |standin )[^`]+)`/g)].map(([, text]) => text!);

  it("names scripts that package.json has", () => {
    const { scripts } = JSON.parse(readPage("package.json"));
    for (const text of [...lines, ...inline]) {
      for (const [, name] of text.matchAll(/npm (?:run )?((?!ci\b|install\b|run\b)[a-z][\w:]*)/g))
        expect(scripts, text).toHaveProperty(name!);
    }
  });

  it("names commands and options that standin has", async () => {
    for (const text of [...lines, ...inline]) {
      for (const [, name, rest] of text.matchAll(/(?:^|npx )standin ([a-z]+)([^#|<>&)]*)/g)) {
        const { code, stdout } = await helpOf(name!);
        expect(code, text).toBe(0);
        expect(stdout, text).toContain(`Usage: standin ${name}`);
        for (const option of rest!.match(/--[a-z-]+/g) ?? []) expect(stdout, text).toContain(option);
      }
    }
  });

  it("links to files that are there", () => {
    for (const [, target] of readPage(page).matchAll(/\]\((?!https?:|#)([^)#]+)/g)) {
      expect(existsSync(join(ROOT, dirname(page), target!)), target).toBe(true);
    }
  });
});
