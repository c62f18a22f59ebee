import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { EXIT_CODES } from "../../src/cli/exit-codes.ts";
import { SOURCE_LIMITS } from "../../src/source-limits.ts";

const page = readFileSync(join(import.meta.dirname, "..", "..", "docs", "operations.md"), "utf8");

it("docs/operations.md lists the exit codes of --help, and every limit with its flag", () => {
  const [, table] = /## Exit codes\n\n\| code \| meaning \|\n\| --- \| --- \|\n((?:\|.*\n)+)/.exec(page)!;
  expect(table!.trimEnd().split("\n")).toEqual(EXIT_CODES.map(([codes, meaning]) => `| ${codes} | ${meaning} |`));
  for (const limit of Object.keys(SOURCE_LIMITS)) expect(page).toMatch(new RegExp(`\\| \`${limit}\` \\| \`--`));
});

it("docs/operations.md names every event of a run", () => {
  const events = readFileSync(join(import.meta.dirname, "..", "..", "src", "pipeline", "progress.ts"), "utf8");
  const types = [...events.matchAll(/readonly type: "([^"]+)"/g)].map(([, type]) => type!);
  expect(types.length).toBeGreaterThan(10);
  expect(types.filter((type) => !page.includes(`\`${type}\``))).toEqual([]);
});
