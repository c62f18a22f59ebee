import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { parsePolicy } from "../../src/policy/parse/parse-policy.ts";
import { mapValues } from "../../src/transforms/choices/map-values.ts";
import { shuffle } from "../../src/transforms/choices/shuffle.ts";
import { nullify } from "../../src/transforms/plain/nullify.ts";
import { hash } from "../../src/transforms/tokens/hash.ts";
import { columnOf, INT4, maskOne, maskValues } from "./mask-values.ts";

const MOOD = { kind: "enum", type: "mood", labels: ["sad", "ok", "happy"] } as const;
const map = { active: "open", banned: "closed", gone: null };
const folder = mkdtempSync(join(tmpdir(), "standin-map-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("mapValues", () => {
  it("replaces by the map, and stops at a value that is not in it without quoting it", async () => {
    expect(await maskValues(mapValues({ map }), ["active", null, "banned", "gone"])).toEqual(["open", null, "closed", null]);
    const refusal = await maskValues(mapValues({ map }), ["active", "canary"]).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: "VALUE_UNSUPPORTED", row: 2 });
    expect(JSON.stringify(refusal) + String(refusal)).not.toContain("canary");
    await expect(maskOne(mapValues({ map }), "")).rejects.toMatchObject({ code: "VALUE_UNSUPPORTED" });
    await expect(maskOne(mapValues({ map }), "constructor")).rejects.toMatchObject({ code: "VALUE_UNSUPPORTED" });
  });

  it("gives what is not in it to another rule, whose mapping is its own", async () => {
    expect(await maskValues(mapValues({ map, unmatched: nullify() }), ["x", "active", "y"])).toEqual([null, "open", null]);
    const [one, two, three] = await maskValues(mapValues({ map, unmatched: hash() }), ["x", "active", "y"]);
    expect([one, two, three]).toEqual([await maskOne(hash(), "x"), "open", await maskOne(hash(), "y")]);
    expect(await maskOne(mapValues({ map, onUnsupported: "redact" }), "abc")).toBe("***");
  });

  it("is written in data with a rule's name for what is not in it", async () => {
    const { tables } = parsePolicy({ tables: { t: { state: { mapValues: { map: { a: "b" }, unmatched: "nullify" } } } } });
    const { state } = tables.t as { state: ReturnType<typeof mapValues> };
    expect(await maskValues(state, ["a", "z"])).toEqual(["b", null]);
    const short = parsePolicy({ tables: { t: { state: { mapValues: { file: "x.json" } } } } });
    expect(Object.keys(short.tables)).toEqual(["t"]);
  });

  it("compares numbers by value", async () => {
    expect(await maskValues(mapValues({ map: { 7: 70 } }), ["7", "007", "7.0"], { column: INT4 })).toEqual(["70", "70", "70"]);
  });

  it("takes the map from a file of CSV or JSON", async () => {
    writeFileSync(join(folder, "map.csv"), "old,kind,new\nDE,x,Germany\nFR,x,France\n");
    writeFileSync(join(folder, "map.json"), '{ "DE": "Germany", "FR": "France" }');
    writeFileSync(join(folder, "list.json"), '[{ "a": "DE", "b": "Germany" }, { "a": "FR", "b": null }]');
    const csv = mapValues({ file: join(folder, "map.csv"), from: "old", to: "new" });
    expect(await maskValues(csv, ["FR", "DE"])).toEqual(["France", "Germany"]);
    expect(await maskValues(mapValues({ file: join(folder, "map.json") }), ["FR"])).toEqual(["France"]);
    expect(await maskValues(mapValues({ file: join(folder, "list.json") }), ["FR", "DE"])).toEqual([null, "Germany"]);
    await expect(maskOne(mapValues({ file: join(folder, "map.csv"), to: "none" }), "DE")).rejects.toThrow(/no column "none"/);
  });

  it("refuses before the run what is no value of the column", () => {
    const problemsOf = (options: Parameters<typeof mapValues>[0], column = columnOf()) => {
      const rule = mapValues(options);
      return rule.transform.checkColumn(rule.options, column);
    };
    expect(problemsOf({ map: { sad: "happy", angry: "ok" } }, columnOf(MOOD))).toEqual([
      "1 of the 2 values of the map cannot stand in a column of type mood",
    ]);
    expect(problemsOf({ map: { sad: "angry" } }, columnOf(MOOD))).toEqual([
      "the only output of the map cannot stand in a column of type mood",
    ]);
    expect(problemsOf({ map: { a: null } }, columnOf({ nullable: false }))).toHaveLength(1);
    expect(problemsOf({ map: { 7: 1, "007": 2 } }, columnOf(INT4))).toEqual(["the map has 1 of its values twice"]);
    expect(problemsOf({ map: { a: "long" } }, columnOf({ maxLength: 3 }))).toHaveLength(1);
    expect(problemsOf({})).toHaveLength(1);
    expect(() => mapValues({ map: { a: "b" }, unmatched: shuffle() })).toThrow(/masks a column as a whole/);
  });

  it("keeps unique what its outputs keep apart", () => {
    const uniquenessOf = (options: Parameters<typeof mapValues>[0]) => {
      const rule = mapValues(options);
      return rule.transform.guarantees(rule.options, columnOf()).uniqueness;
    };
    expect(uniquenessOf({ map: { a: "b", b: "a" } })).toEqual({ kind: "preserved" });
    expect(uniquenessOf({ map: { a: "x", b: "X" } })).toEqual({ kind: "preserved", ignoringCase: "lossy" });
    expect(uniquenessOf({ map: { a: "x", b: "x" } })).toEqual({ kind: "lossy" });
    expect(uniquenessOf({ map: { a: "b" }, unmatched: hash() })).toEqual({ kind: "lossy" });
  });
});
