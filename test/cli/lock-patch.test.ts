import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { TEST_KEY } from "../test-key.ts";
import { jsonLines, spawnNode } from "./spawned-command.ts";
import { stagePackage } from "./staged-package.ts";

const { command, folder: staged } = await stagePackage();

const POLICIES = {
  "standin.policy.yaml": [
    "source: ./in",
    "target: ./out",
    "tables:",
    "  users:",
    "    id: keep",
    "    nick: { redact: { keepLast: 1 } }",
    "  logs:",
    "    id: keep",
  ],
  "standin.policy.json": [
    "{",
    '  "source": "./in",',
    '  "target": "./out",',
    '  "tables": {',
    '    "users": {',
    '      "nick": { "redact": { "keepLast": 1 } },',
    '      "id": "keep"',
    "    },",
    '    "logs": { "id": "keep" }',
    "  }",
    "}",
  ],
  "standin.policy.ts": [
    'import { definePolicy, keep, redact } from "standin";',
    "export default definePolicy({",
    '  source: "./in",',
    '  target: "./out",',
    "  tables: {",
    "    users: {",
    "      id: keep(),",
    "      nick: redact({ keepLast: 1 }),",
    "    },",
    "    logs: { id: keep() }",
    "  },",
    "});",
  ],
};

/** Pastes a patch as it stands: a table's lines before those that its table has, whole entries before the first table. */
function pasted(policy: readonly string[], patch: readonly string[]): readonly string[] {
  let into = /^\W*tables\W*$/;
  return patch.reduce<readonly string[]>((lines, line) => {
    const [, opened] = /^"?(\w+)"?:(?: \{)?$/.exec(line) ?? [];
    if (opened !== undefined || line === "},") {
      into = opened === undefined ? /^\W*tables\W*$/ : new RegExp(`^\\W*${opened}\\W*$`);
      return lines;
    }
    const place = line.startsWith(" ") ? into : /^\W*tables\W*$/;
    const at = lines.findIndex((one) => place.test(one));
    const indent = /^ */.exec(lines[at + 1]!)![0];
    return [...lines.slice(0, at + 1), indent + line.trim(), ...lines.slice(at + 1)];
  }, policy);
}

describe("what standin check writes to be pasted", () => {
  it.each(Object.entries(POLICIES))("is good as it stands in %s", async (file, lines) => {
    const folder = mkdtempSync(join(tmpdir(), "standin-patch-"));
    const check = (...more: string[]) =>
      spawnNode([command, "check", ...more], { cwd: folder, env: { STANDIN_KEY: TEST_KEY } }).finished;
    const writeCsv = (name: string, header: string) => writeFileSync(join(folder, "in", name), `${header}\n`);
    try {
      mkdirSync(join(folder, "in"));
      mkdirSync(join(folder, "node_modules"));
      symlinkSync(staged, join(folder, "node_modules", "standin"));
      writeCsv("users.csv", "id,nick");
      writeCsv("logs.csv", "id");
      writeFileSync(join(folder, file), lines.join("\n"));
      expect(await check("--write")).toMatchObject({ code: 0, stderr: "" });

      writeCsv("users.csv", "id,alias,phone,on");
      writeCsv("invoices.csv", "id");
      const [{ patch }] = jsonLines((await check("--json")).stdout) as unknown as [{ patch: readonly string[] }];
      const text = (await check()).stdout;
      for (const line of patch) expect(text).toContain(`      ${line}\n`);
      // What is renamed stands in the place of the former name, as the hint says.
      expect(text).toContain("Write alias in the place of nick in the policy.");
      const renamed = pasted(lines, patch).filter((line) => !line.includes("nick:") && !line.includes('"nick":'));
      writeFileSync(join(folder, file), renamed.join("\n"));
      expect(await check("--write")).toMatchObject({ code: 0, stderr: "", stdout: expect.stringContaining("Wrote") });
      expect(await check()).toMatchObject({ code: 0, stdout: expect.stringContaining("Nothing changed: 2 tables, 5 columns") });
      const lock = readFileSync(join(folder, "standin.lock.json"), "utf8");
      expect(lock).toMatch(/"column": "alias".*"keepLast": 1/);
      expect(lock).toContain('"notCopied": ["invoices"]');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  const MASKS = `import { defineTransform, eachValue, integer } from "standin/transforms";
    export const stars = defineTransform({
      name: "stars", technique: "suppression", accepts: ["text"],
      guarantees: { deterministic: true, uniqueness: { kind: "lossy" }, reversible: false, preservesLength: false, changesInput: "not-promised" },
      options: { count: integer({ describe: "How many.", default: 2 }) },
      prepare: ({ count }) => eachValue(() => "*".repeat(count)),
    });`;
  const RENAMED: readonly (readonly [file: string, policy: string, line: string])[] = [
    [
      "standin.policy.yaml",
      "plugins: ./masks.mjs\nsource: ./in\ntarget: ./out\ntables: { users: { id: keep, nick: { stars: { count: 3 }, onUnsupported: redact } } }",
      '  alias: { stars: { count: 3 }, onUnsupported: "redact" } # in the place of nick, by the plug-in that has stars',
    ],
    [
      "standin.policy.ts",
      `import { custom, definePolicy, keep } from "standin";
       export default definePolicy({ source: "./in", target: "./out", tables: { users: { id: keep(), nick: custom((nick) => nick) } } });`,
      '  alias: review("write the rule of nick here, custom: the lock does not hold all of it"), // in the place of nick',
    ],
  ];

  it.each(RENAMED)("tells of a rule that is no mask of standin's, or holds a function: %s", async (file, policy, line) => {
    const folder = mkdtempSync(join(tmpdir(), "standin-patch-"));
    const check = (...more: string[]) =>
      spawnNode([command, "check", ...more], { cwd: folder, env: { STANDIN_KEY: TEST_KEY } }).finished;
    try {
      mkdirSync(join(folder, "in"));
      mkdirSync(join(folder, "node_modules"));
      symlinkSync(staged, join(folder, "node_modules", "standin"));
      writeFileSync(join(folder, "masks.mjs"), MASKS);
      writeFileSync(join(folder, "in", "users.csv"), "id,nick\n");
      writeFileSync(join(folder, file), policy);
      expect(await check("--write")).toMatchObject({ code: 0 });
      writeFileSync(join(folder, "in", "users.csv"), "id,alias\n");
      const [{ patch }] = jsonLines((await check("--json")).stdout) as unknown as [{ patch: readonly string[] }];
      expect(patch).toContain(line);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
