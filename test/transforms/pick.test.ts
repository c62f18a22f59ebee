import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { loadPolicy } from "../../src/policy/read/load-policy.ts";
import { pick } from "../../src/transforms/choices/pick.ts";
import { columnOf, maskInBatches, maskOne, maskValues } from "./mask-values.ts";

const MOOD = { kind: "enum", type: "mood", labels: ["sad", "ok", "happy"] } as const;
const FLAGS = { kind: "enum", type: "set('a','b','c','d')", labels: ["a", "b", "c", "d"] } as const;
const folder = mkdtempSync(join(tmpdir(), "standin-pick-"));
afterAll(() => rmSync(folder, { recursive: true }));

const many = Array.from({ length: 4000 }, (_, number) => `value ${number}`);
const share = (values: readonly (string | null)[], wanted: string) =>
  values.filter((one) => one === wanted).length / values.length;

describe("pick", () => {
  it("chooses by the value, the same one in any batch, each about as often", async () => {
    const rule = pick({ from: ["gold", "silver", "bronze"] });
    const masked = await maskValues(rule, many);
    for (const choice of ["gold", "silver", "bronze"]) expect(share(masked, choice)).toBeCloseTo(1 / 3, 1);
    expect(await maskInBatches(rule, many.slice(0, 50), 7)).toEqual(masked.slice(0, 50));
    expect(await maskValues(rule, [null, ""])).toEqual([null, ""]);
  });

  it("chooses as often as the weights say, and never what weighs nothing", async () => {
    const listed = await maskValues(pick({ from: ["a", "b", "c", "d"], weights: [6, 0, 2, 0] }), many);
    expect(share(listed, "a")).toBeCloseTo(0.75, 1);
    expect(new Set(listed)).toEqual(new Set(["a", "c"]));
    const named = await maskValues(pick({ weights: { happy: 9, sad: 1 } }), many, { column: MOOD });
    expect(share(named, "happy")).toBeCloseTo(0.9, 1);
    expect(named).not.toContain("ok");
  });

  it("chooses among the labels of an enum, and as many labels of a set as the value has", async () => {
    expect(MOOD.labels).toContain(await maskOne(pick(), "sad", { column: MOOD }));
    const masked = await maskValues(pick(), ["a,c", "b", "a,b,c,d", ""], { column: FLAGS });
    expect(masked.map((set) => (set === "" ? 0 : set!.split(",").length))).toEqual([2, 1, 4, 0]);
    for (const set of masked) expect(set).toBe([...new Set(set!.split(","))].sort().join(","));
  });

  it("writes numbers and truth as the column has them", async () => {
    expect(await maskOne(pick({ from: [7] }), "42", { column: "integer" })).toBe("7");
    expect(["t", "f"]).toContain(
      await maskOne(pick({ from: [true, false] }), "t", { column: { kind: "boolean", type: "boolean" } }),
    );
  });

  it("takes its values from a file, which a policy of data names from where it stands", async () => {
    writeFileSync(join(folder, "cities.csv"), 'code,city\n1,Ulm\n2,"Bad Tölz"\n');
    writeFileSync(join(folder, "cities.json"), '["Ulm", "Bad Tölz"]');
    for (const rule of [{ file: join(folder, "cities.csv"), column: "city" }, { file: join(folder, "cities.json") }])
      expect(new Set(await maskValues(pick(rule), many.slice(0, 99)))).toEqual(new Set(["Ulm", "Bad Tölz"]));
    writeFileSync(
      join(folder, "standin.policy.yaml"),
      "tables:\n  people:\n    city: { pick: { file: cities.csv, column: city } }\n",
    );
    const { policy } = await loadPolicy(undefined, folder, () => Promise.reject(), { locations: "unneeded" });
    const rule = (policy.tables as { people: { city: ReturnType<typeof pick> } }).people.city;
    expect(["Ulm", "Bad Tölz"]).toContain(await maskOne(rule, "Paris"));
    // Locks and prints show what was written, and no folder of a machine.
    expect(JSON.stringify(rule.options.file)).toBe('"cities.csv"');
  });

  it("refuses a file that is not there, malformed or of other values, and quotes none", async () => {
    writeFileSync(join(folder, "broken.csv"), 'city\n"canary\nx');
    const refusals: [Parameters<typeof pick>[0], RegExp][] = [
      [{ file: join(folder, "none.csv") }, /cannot be read/],
      [{ file: join(folder, "broken.csv") }, /is malformed/],
      [{ file: join(folder, "cities.csv"), column: "town" }, /no column "town"/],
    ];
    for (const [options, message] of refusals) {
      const refusal = await maskOne(pick(options), "x").catch((error: unknown) => error);
      expect(refusal).toMatchObject({ code: "OPTION_INVALID", message: expect.stringMatching(message) });
      expect(JSON.stringify(refusal) + String(refusal)).not.toContain("canary");
    }
    await expect(maskOne(pick({ file: join(folder, "cities.csv"), column: "city" }), "sad", { column: MOOD })).rejects.toThrow(
      /all 2 values to choose from cannot stand/,
    );
  });

  it("refuses before the run what cannot stand in the column, or does not fit together", () => {
    const problemsOf = (options: Parameters<typeof pick>[0], column = columnOf()) => {
      const rule = pick(options);
      return rule.transform.checkColumn(rule.options, column);
    };
    expect(problemsOf({ from: ["ok", "angry"] }, columnOf(MOOD))).toEqual([
      "1 of the 2 values to choose from cannot stand in a column of type mood",
    ]);
    expect(problemsOf({ from: ["a long one"] }, columnOf({ maxLength: 4 }))).toHaveLength(1);
    expect(problemsOf({})).toEqual(["pick needs `from` or `file`: a column of type text has no labels"]);
    expect(problemsOf({ from: ["a"], weights: [1, 2] })).toHaveLength(1);
    expect(problemsOf({ from: ["a"], weights: { b: 1 } })).toHaveLength(1);
    expect(problemsOf({ weights: { a: 1 } }, columnOf(FLAGS))).toHaveLength(1);
    expect(problemsOf({ from: ["a"], file: "x.csv" })).toHaveLength(1);
    expect(() => pick({ file: "https://example.org/x.csv" })).toThrow(/is a URL/);
    expect(() => pick({ from: [] })).toThrow(/at least one/);
    expect(() => pick({ from: ["a"], weights: [0] })).toThrow(/one above/);
  });
});
