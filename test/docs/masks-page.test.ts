import { describe, expect, it } from "vitest";
import { OPERATORS } from "../../docs/condition-operators.ts";
import { goldenExample } from "../../docs/golden-example.ts";
import { masksPage, masksPageAsWritten } from "../../docs/masks-page.ts";
import { PEERS } from "../../docs/peers/index.ts";
import { COMPARING_SIGNS } from "../../src/conditions/parse-condition.ts";
import { readRowCondition, rowVerdict } from "../../src/conditions/row-condition.ts";
import { isRule } from "../../src/inner-rules.ts";
import * as transforms from "../../src/transforms/index.ts";
import { transformNames } from "../../src/transforms/registry.ts";
import { columnOf } from "../transforms/mask-values.ts";

/** What the code of a cell gives, with everything that `standin/transforms` exports in scope. */
const resultOf = (code: string): unknown =>
  new Function(...Object.keys(transforms), `return ${code};`)(...Object.values(transforms));

describe("docs/masks.md", () => {
  it("is as code would write it now (if not: npm run docs)", () => {
    expect(masksPageAsWritten()).toBe(masksPage());
  });

  it("shows an example of every transform that has golden files", () => {
    // A function cannot stand in a golden file, and a column under review is not mapped at all.
    const without = transformNames().filter((name) => goldenExample(name) === undefined);
    expect(without).toEqual(["callService", "custom", "review"]);
    expect(masksPage()).not.toContain("undefined");
  });
});

describe("the operators of conditions in the docs", () => {
  const ROW = { country: "DE", age: "41", active: "t", nick: null };
  const others = [
    columnOf("text", "country"),
    columnOf("integer", "age"),
    columnOf({ kind: "boolean", type: "boolean" }, "active"),
    columnOf("text", "nick"),
  ];

  it.each(OPERATORS)("$example", ({ example, written }) => {
    expect(written.some((one) => example.includes(one.split(" ")[0]!))).toBe(true);
    const read = readRowCondition(example);
    if (!("condition" in read)) throw new Error(read.problem);
    expect(rowVerdict(read.condition, columnOf(), others)(["+49 151", ...Object.values(ROW)])).toBe(true);
  });

  it("name every sign that compares", () => {
    expect(OPERATORS.flatMap(({ written }) => written)).toEqual(expect.arrayContaining([...COMPARING_SIGNS]));
  });
});

describe.each(PEERS)("the map from $name", ({ transforms: rows }) => {
  it.each(rows)("%s", (_, ours, note) => {
    if (typeof ours !== "string") {
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
