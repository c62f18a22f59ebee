import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { policySchema } from "../../docs/policy-schema.ts";
import { parsePolicy } from "../../src/policy/parse/parse-policy.ts";
import { compileBlocks, undocumentedExports } from "./compile-blocks.ts";
import { FOLLOWED } from "./followed-pages.ts";
import { allPages, type Block, blocksOf, placeOf } from "./page-blocks.ts";
import { ROOT, readPage } from "./readme-blocks.ts";

/** In node_modules, so that what a block imports is found. */
const place = mkdtempSync(join(ROOT, "node_modules", ".standin-blocks-"));
afterAll(() => rmSync(place, { recursive: true }));

const BLOCKS = allPages().flatMap(blocksOf);
const isFollowed = ({ page }: Block) => FOLLOWED.has(page);
const inLanguage = (...languages: string[]) => BLOCKS.filter(({ language }) => languages.includes(language));

/** Languages that something here reads. */
const READ = ["", "text", "ts", "js", "yaml", "json", "sh", "diff"];

describe("every code block of every page", () => {
  const compiled = compileBlocks(
    inLanguage("ts", "js").filter(({ notes }) => !("not run" in notes)),
    place,
  );

  it("in TypeScript compiles as a program of its reader", () => {
    expect(inLanguage("ts").length).toBeGreaterThan(9);
    expect(compiled.problems).toEqual([]);
  });

  it("in YAML is a policy, rules of a table, or another tool's file", () => {
    for (const block of inLanguage("yaml")) {
      if ("not run" in block.notes || block.isOutput) continue;
      for (const document of parseAllDocuments(block.code)) {
        expect(document.errors, placeOf(block)).toEqual([]);
        const policy = policyOf(document.toJS());
        if (policy !== null) expect(() => parsePolicy(policy), placeOf(block)).not.toThrow();
      }
    }
  });

  it("in JSON is JSON, or an object a line", () => {
    for (const { code, notes, ...block } of inLanguage("json")) {
      if ("not run" in notes) continue;
      const parse = () => {
        try {
          JSON.parse(code);
        } catch {
          for (const line of code.trimEnd().split("\n")) JSON.parse(line);
        }
      };
      expect(parse, placeOf({ code, notes, ...block })).not.toThrow();
    }
  });

  it("of commands is run by a test, or says why not", () => {
    const unmarked = BLOCKS.filter(
      (block) => !isFollowed(block) && (!READ.includes(block.language) || ["sh", "diff"].includes(block.language)),
    ).filter(({ notes }) => !("not run" in notes) && !("run by" in notes));
    expect(unmarked.map(placeOf)).toEqual([]);
    for (const { notes, page } of BLOCKS) {
      const test = notes["run by"];
      if (test !== undefined) expect(existsSync(join(ROOT, test)), `${page}: ${test}`).toBe(true);
    }
  });

  it("that is said to be from a file is in it", () => {
    for (const block of BLOCKS) {
      if (block.notes.from !== undefined) expect(readPage(block.notes.from), placeOf(block)).toContain(block.code);
    }
  });

  it("is run but for those that are counted here", () => {
    const notRun = BLOCKS.filter(({ notes }) => "not run" in notes);
    const counts: Record<string, number> = {};
    for (const { page } of notRun) counts[page] = (counts[page] ?? 0) + 1;
    expect(counts).toEqual(NOT_RUN);
  });

  it("and every export of standin has a sentence for who hovers over it", () => {
    expect(undocumentedExports(compiled)).toEqual([]);
  });
});

/** How many blocks of a page no test runs: each says why above it. */
const NOT_RUN = {
  "README.md": 3,
  "docs/guides/data-refresh.md": 1,
  "docs/guides/dumps.md": 3,
  "docs/guides/http-service.md": 1,
  "docs/guides/incremental.md": 1,
  "docs/guides/many-machines.md": 2,
  "docs/guides/performance.md": 1,
  "docs/in-place.md": 1,
  "docs/index.md": 1,
  "docs/operations.md": 1,
  "docs/tutorial.md": 1,
  "examples/README.md": 4,
};

const POLICY_KEYS = new Set(Object.keys((policySchema() as { properties: object }).properties));

/** A whole policy from what a page shows of one. Null for a file of another tool. */
function policyOf(shown: unknown): object | null {
  if (typeof shown !== "object" || shown === null) throw new Error("It is no map.");
  const keys = Object.keys(shown);
  if (keys.every((key) => POLICY_KEYS.has(key))) {
    // A file that it takes rules from is not here.
    const { include: _, plugins, ...policy } = shown as Record<string, unknown>;
    const needed = policy.databases === undefined ? { tables: { a_table: { id: "keep" } } } : {};
    return plugins === undefined ? { ...needed, ...policy } : null;
  }
  const isOther = ["on", "jobs", "stages", "image", "apiVersion", "services", "include"].some((key) => keys.includes(key));
  return isOther ? null : { tables: { a_table: shown } };
}
