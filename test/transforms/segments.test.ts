import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkTransform } from "../../src/testing/index.ts";
import { constant, encryptDigits, fake, nullify, redact, scramble, segments, shuffle } from "../../src/transforms/index.ts";
import { columnOf, maskOne, maskValues } from "./mask-values.ts";

const problems = (pattern: string, ...names: string[]) => {
  const rule = segments({ pattern, groups: Object.fromEntries(names.map((name) => [name, redact()])) });
  return rule.transform.checkColumn(rule.options, columnOf());
};

describe("segments", () => {
  it("masks each group by its rule and keeps the rest to the byte", async () => {
    const rule = segments({
      pattern: "([A-Z]{2})-(\\d+) +(?<who>.*)",
      groups: { 2: encryptDigits(), who: constant({ value: "someone" }) },
      others: "keep",
    });
    const digits = await maskOne(encryptDigits(), "48213");
    expect(await maskValues(rule, ["DE-48213   Jane", null])).toEqual([`DE-${digits}   someone`, null]);
  });

  it("redacts the rest where nothing else is said, or cannot handle letters there", async () => {
    const given = { pattern: "(\\d+)-é?[A-Z]*", groups: { 1: constant({ value: "0" }) } };
    expect(await maskOne(segments(given), "12-éAB")).toBe("0-***");
    expect(await maskOne(segments({ ...given, others: "fail" }), "12-")).toBe("0-");
    await expect(maskOne(segments({ ...given, others: "fail" }), "12-A")).rejects.toMatchObject({ code: "VALUE_UNSUPPORTED" });
  });

  it("cannot handle a value that does not match as a whole, or whose part cannot be handled", async () => {
    const rule = segments({ pattern: "(\\d+)", groups: { 1: encryptDigits() }, onUnsupported: "nullify" });
    expect(await maskValues(rule, ["12 Jane", "x", "123456"])).toEqual([null, null, expect.stringMatching(/^\d{6}$/)]);
    const words = (inner: ReturnType<typeof redact>) =>
      segments({ pattern: "(.*)", groups: { 1: inner }, onUnsupported: "redact" });
    expect(await maskOne(words(encryptDigits()), "none")).toBe("****");
    expect(await maskOne(words(encryptDigits({ onUnsupported: "redact" })), "none")).toBe("****");
    expect(await maskOne(words(nullify()), "none")).toBe("****");
    const longer = segments({ pattern: "(.*)", groups: { 1: constant({ value: "longer" }) }, onUnsupported: "nullify" });
    expect(await maskOne(longer, "x", { column: { kind: "text", maxLength: 3 } })).toBeNull();
  });

  it("cannot handle parts that overlap, and texts that its pattern could take hours for", async () => {
    const ahead = segments({ pattern: "(?=(ab))(a)(b)", groups: { 1: redact(), 2: redact() }, onUnsupported: "nullify" });
    expect(await maskOne(ahead, "ab")).toBeNull();
    const greedy = segments({ pattern: "(.*)a(.*)a(.*)b", groups: { 1: redact() }, others: "keep", onUnsupported: "nullify" });
    expect(await maskValues(greedy, ["xaab", "a".repeat(20_000)])).toEqual(["*aab", null]);
  });

  it("leaves out a group that took no part", async () => {
    const rule = segments({ pattern: "(a)?(b)", groups: { 1: constant({ value: "1" }), 2: constant({ value: "2" }) } });
    expect(await maskValues(rule, ["ab", "b"])).toEqual(["12", "2"]);
  });

  it("keeps every byte outside of its groups, whatever stands there", async () => {
    const rule = segments({ pattern: "[^\\d]*(\\d+)[^\\d]*", groups: { 1: constant({ value: "#" }) }, others: "keep" });
    const rest = fc.string({ unit: "grapheme" }).map((text) => text.replace(/\d/g, ""));
    await fc.assert(
      fc.asyncProperty(rest, fc.nat(), rest, async (before, number, after) => {
        expect(await maskOne(rule, `${before}${number}${after}`)).toBe(`${before}#${after}`);
      }),
      { numRuns: 50 },
    );
  });

  it("keeps its promises", async () => {
    const rule = segments({ pattern: "(.{0,3})([\\s\\S]*)", groups: { 1: scramble(), 2: fake("person.firstName") } });
    expect(await checkTransform(rule)).toEqual([]);
    const kept = segments({ pattern: "([\\s\\S]{0,3})([\\s\\S]*)", groups: { 2: scramble() }, others: "keep" });
    expect(await checkTransform(kept)).toEqual([]);
  });

  it("refuses groups that are not there, that repeat, and that stand in one another", () => {
    expect(problems("(a)(?<b>b)", "1", "b")).toEqual([]);
    expect(problems("(a)", "2")).toEqual([expect.stringMatching(/rule for the group 2, and the pattern has none/)]);
    expect(problems("(?:(a),){1,5}", "1")).toEqual([expect.stringMatching(/group 1 repeats/)]);
    expect(problems("(a(b))", "1", "2")).toEqual(["the group 2 stands in the group 1, which has a rule too"]);
    expect(problems("(?<x>a)", "1", "x")).toEqual(["the group 1 has two rules", "the group x has two rules"]);
    expect(() => segments({ pattern: "(a+)+", groups: { 1: redact() } })).toThrowError(/may take time without end/);
    expect(() => segments({ pattern: "(a)", groups: { 1: shuffle() } })).toThrowError(/masks a column as a whole/);
  });
});
