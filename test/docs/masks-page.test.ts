import { describe, expect, it } from "vitest";
import { masksPage, masksPageAsWritten } from "../../docs/masks-page.ts";
import { PEERS } from "../../docs/peers/index.ts";
import { isRule } from "../../src/inner-rules.ts";
import * as transforms from "../../src/transforms/index.ts";

/** What the code of a cell gives, with everything that `standin/transforms` exports in scope. */
const resultOf = (code: string): unknown =>
  new Function(...Object.keys(transforms), `return ${code};`)(...Object.values(transforms));

describe("docs/masks.md", () => {
  it("is as code would write it now (if not: npm run docs)", () => {
    expect(masksPageAsWritten()).toBe(masksPage());
  });

  it("shows an example of every transform that has golden files, and no undefined", () => {
    const page = masksPage();
    expect(page.match(/^```yaml$/gm)).toHaveLength(
      (page.match(/^### [a-z]\w+$/gm) ?? []).filter((name) => !NAMES_WITHOUT.test(name)).length,
    );
    expect(page).not.toContain("undefined");
  });
});

/** Functions cannot stand in a golden file, a review maps nothing; the names of tools that look like one of ours. */
const NAMES_WITHOUT = /^### (custom|callService|review|myanon|pgstream|anonimatron|datanymizer)$/;

describe.each(PEERS)("the map from $name", ({ transforms: rows }) => {
  it.each(rows)("%s", (_, ours, note) => {
    if (ours === null) {
      expect(note).toMatch(/\.$/);
      return;
    }
    const pieces = [...ours.matchAll(/`([^`]+)`/g)].map(([, code]) => code!);
    expect(pieces.length).toBeGreaterThan(0);
    for (const code of pieces) {
      const value = resultOf(code);
      expect(isRule(value) || (typeof value === "function" && "transform" in value), code).toBe(true);
    }
  });
});
