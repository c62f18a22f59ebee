import { describe, expect, it } from "vitest";
import { parsePolicy } from "../../src/policy/parse/parse-policy.ts";
import { fake } from "../../src/transforms/fake/fake.ts";
import { keep } from "../../src/transforms/plain/keep.ts";
import { redact } from "../../src/transforms/plain/redact.ts";
import { tokenize } from "../../src/transforms/tokens/tokenize.ts";

describe("parsePolicy", () => {
  it("reads the same rules from data as code makes", () => {
    const policy = parsePolicy({
      source: "a",
      target: "b",
      tables: {
        users: {
          id: "keep",
          mail: { fake: "internet.email" },
          note: { redact: { keepLast: 4 } },
          key: { tokenize: null, domain: "k" },
        },
        logs: "skip",
      },
    });
    expect(policy).toEqual({
      source: "a",
      target: "b",
      tables: {
        users: { id: keep(), mail: fake("internet.email"), note: redact({ keepLast: 4 }), key: tokenize({ domain: "k" }) },
        logs: "skip",
      },
    });
  });

  it("reports every mistake at once, each with the nearest right name", () => {
    const mistakes = {
      tabels: {},
      tables: {
        a: { x: "redcat", y: { redact: { keepFrist: 1 } }, z: {}, w: { redact: {}, keep: {} }, v: { redact: { keepLast: -1 } } },
        b: 7,
      },
    };
    const error = catching(() => parsePolicy(mistakes));
    expect(error.code).toBe("POLICY_INVALID");
    expect(error.findings.map(({ table, column }) => [table, column].filter(Boolean).join("."))).toEqual([
      "",
      "a.x",
      "a.y",
      "a.z",
      "a.w",
      "a.v",
      "b",
    ]);
    expect(error.findings[0]!.hint).toContain("tables");
    expect(error.findings[1]!.hint).toContain("redact");
  });

  it("refuses what is no policy at all", () => {
    for (const nothing of [null, 7, "tables", [], {}, { tables: [] }])
      expect(catching(() => parsePolicy(nothing)).code).toBe("POLICY_INVALID");
  });

  it("keeps hostile names as names", () => {
    const policy = parsePolicy(JSON.parse('{ "tables": { "__proto__": { "constructor": "keep", "__proto__": "redact" } } }'));
    expect(Object.keys(policy.tables)).toEqual(["__proto__"]);
    expect(Object.keys(Object.values(policy.tables)[0]!)).toEqual(["constructor", "__proto__"]);
    expect(({} as Record<string, unknown>).constructor).toBe(Object);
  });
});

function catching(run: () => unknown) {
  try {
    run();
  } catch (error) {
    return error as import("../../src/errors.ts").StandinError;
  }
  throw new Error("nothing was thrown");
}
