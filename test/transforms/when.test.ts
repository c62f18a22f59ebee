import { describe, expect, it } from "vitest";
import { compilePlan } from "../../src/plan/compile-plan.ts";
import { parsePolicy } from "../../src/policy/parse/parse-policy.ts";
import { checkTransform } from "../../src/testing/index.ts";
import { typicalColumn } from "../../src/testing/typical-columns.ts";
import {
  constant,
  encryptDigits,
  fake,
  hash,
  ifInvalid,
  keep,
  keepIf,
  nullIf,
  nullify,
  redact,
  scramble,
  shuffle,
  tokenize,
  when,
} from "../../src/transforms/index.ts";
import { columnOf, maskOne, maskValues } from "./mask-values.ts";

const text = typicalColumn("text");
const promised = (rule: ReturnType<typeof when>) => rule.transform.guarantees(rule.options, text);

describe("when", () => {
  it("masks each row by the rule that its condition chooses", async () => {
    const rule = when({ if: "country = 'DE'", then: constant({ value: "de" }), else: constant({ value: "other" }) });
    const country = ["DE", "FR", null, "DE"];
    expect(await maskValues(rule, ["a", "b", "c", null], { others: { country } })).toEqual(["de", "other", "other", null]);
  });

  it("hands each rule the values of its own rows, in the mapping that the rule has alone", async () => {
    const rule = when({ if: "value ~ '@'", then: fake("internet.email"), else: scramble() });
    const values = ["jane@acme.com", "Jane", null, "", "x@y.zz"];
    const [mails, names] = [await maskValues(fake("internet.email"), values), await maskValues(scramble(), values)];
    expect(await maskValues(rule, values)).toEqual([mails[0], names[1], null, names[3], mails[4]]);
  });

  it("takes else where the condition is NULL, and leaves to onUnsupported what cannot be compared", async () => {
    const given = { if: "age > 17", then: constant({ value: "adult" }), else: constant({ value: "other" }) };
    const others = { age: ["20", null, "old"] };
    expect(await maskValues(when({ ...given, onUnsupported: "nullify" }), ["a", "b", "c"], { others })).toEqual([
      "adult",
      "other",
      null,
    ]);
    await expect(maskValues(when(given), ["a", "b", "c"], { others })).rejects.toMatchObject({
      code: "VALUE_UNSUPPORTED",
      row: 3,
    });
  });

  it("takes a function of the row in code", async () => {
    const rule = when({
      if: ({ country }, value) => country === "DE" && value.length > 1,
      reads: ["country"],
      then: constant({ value: "yes" }),
      else: constant({ value: "no" }),
    });
    expect(await maskValues(rule, ["ab", "a", "ab"], { others: { country: ["DE", "DE", "FR"] } })).toEqual(["yes", "no", "no"]);
  });

  it("stops where a function throws or gives a promise, without its words", async () => {
    const broken = (answer: () => boolean) => when({ if: answer, then: redact(), else: redact() });
    const thrown = await maskOne(
      broken(() => {
        throw new Error("Jane");
      }),
      "Jane",
    ).catch((error) => error);
    expect(thrown).toMatchObject({ code: "TRANSFORM_FAILED" });
    expect(String(thrown)).not.toContain("Jane");
    await expect(maskOne(broken((async () => true) as never), "x")).rejects.toMatchObject({ code: "TRANSFORM_FAILED" });
  });

  it("does with what a rule cannot handle what that rule says", async () => {
    const rule = when({
      if: "value ~ '^[0-9]'",
      then: encryptDigits(),
      else: encryptDigits({ onUnsupported: "redact" }),
    });
    expect(await maskOne(rule, "none")).toBe("****");
    expect(await maskOne(rule, "123456")).toBe(await maskOne(encryptDigits(), "123456"));
    await expect(maskOne(when({ if: "value = 'a'", then: encryptDigits(), else: redact() }), "a")).rejects.toMatchObject({
      code: "VALUE_UNSUPPORTED",
    });
  });

  it("promises what both rules promise, and uniqueness only where they cannot meet", () => {
    expect(promised(when({ if: "a = 1", then: encryptDigits(), else: keep() })).uniqueness).toEqual({ kind: "lossy" });
    expect(promised(when({ if: "a = 1", then: encryptDigits(), else: encryptDigits() })).uniqueness).toEqual({
      kind: "preserved",
    });
    expect(promised(when({ if: "a = 1", then: encryptDigits({ domain: "x" }), else: encryptDigits() })).uniqueness).toEqual({
      kind: "lossy",
    });
    const tokens = promised(when({ if: "a = 1", then: tokenize(), else: keep() })).uniqueness;
    expect(tokens).toMatchObject({ kind: "unlikely-lost" });
    expect(promised(when({ if: "value = 'x'", then: keep(), else: hash() })).changesInput).toBe("always");
    expect(promised(when({ if: "a = 'x'", then: keep(), else: hash() })).changesInput).toBe("not-promised");
    expect(promised(when({ if: () => true, then: hash(), else: hash() })).deterministic).toBe(false);
    const stars = encryptDigits({ onUnsupported: "redact" });
    expect(promised(when({ if: "value ~ '^a'", then: stars, else: hash() })).changesInput).toBe("not-promised");
    const lengths = (maxLength: number | null) => {
      const rule = when({ if: "a = 1", then: hash({ length: 8 }), else: keep() });
      return rule.transform.maxOutputLength(rule.options, columnOf({ kind: "text", maxLength }));
    };
    expect([lengths(null), lengths(5), lengths(20)]).toEqual([null, 8, 20]);
    const redacting = when({
      if: "value ~ '^a'",
      then: hash({ length: 8, onUnsupported: "redact" }),
      else: constant({ value: "x" }),
    });
    const varchar = columnOf({ kind: "text", maxLength: 20 });
    expect(redacting.transform.maxOutputLength(redacting.options, varchar)).toBe(20);
  });

  it("keeps its promises", async () => {
    for (const rule of [
      when({ if: "value ~ '^[a-m]'", then: scramble(), else: redact() }),
      when({ if: "id = 'subject 3'", then: tokenize(), else: hash() }),
      when({ if: "id like '%3'", then: keep(), else: encryptDigits({ onUnsupported: "redact" }) }),
      keepIf({ matches: "[a-m].*", else: hash() }),
      keepIf({ values: ["0", "1"], else: tokenize() }),
      nullIf({ matches: "[a-m].*", else: hash() }),
      ifInvalid({ valid: "email", then: redact(), else: fake("internet.email") }),
    ])
      expect(await checkTransform(rule, { column: "text" })).toEqual([]);
  });

  it("declares nothing fixed by the row: its condition may be one that a value does not fit", async () => {
    const rule = when({ if: "id <> '' and value > 5", then: keep(), else: keep() });
    expect(rule.transform.fixedPoints!.isFixed("Jane", rule.options, text)).toBe(false);
    await expect(maskValues(rule, ["Jane"], { others: { id: ["1"] } })).rejects.toMatchObject({ code: "VALUE_UNSUPPORTED" });
  });

  it("refuses a condition that is none, a missing rule, and what masks a column as a whole", () => {
    expect(() => when({ if: "country ==", then: redact(), else: keep() })).toThrowError(/"if" is not understood at character 10/);
    expect(() => when({ if: "a = 1", then: redact() } as never)).toThrowError(/"else" is missing/);
    expect(() => when({ if: "a = 1", then: shuffle(), else: keep() })).toThrowError(/shuffle, which masks a column as a whole/);
  });

  it("is refused by the plan over columns that are not there, and rules that do not fit", () => {
    const table = {
      ref: { schema: null, name: "people" },
      columns: [columnOf({ kind: "integer", type: "integer", nullable: false }, "age")],
      uniqueKeys: [],
      foreignKeys: [],
      rowEstimate: 1,
    };
    const schema = { system: "csv" as const, tables: [table] };
    const policy = parsePolicy({
      tables: { people: { age: { when: { if: "land = 'DE'", then: "nullify", else: { fake: "internet.email" } } } } },
    });
    const found = compilePlan(policy, schema, schema).findings.map(({ code, message }) => `${code} ${message}`);
    expect(found).toEqual(
      expect.arrayContaining([
        "COLUMN_UNKNOWN when on people.age reads land, which people does not have.",
        expect.stringMatching(/^NOT_NULLABLE when can give NULL/),
        expect.stringMatching(/^OPTION_INVALID people.age: /),
      ]),
    );
  });
});

describe("the short forms of when", () => {
  it("keep, nullify and mask by values, by a pattern of whole values, and by a condition", async () => {
    const values = ["n/a", "test", "n/a Jane", null];
    expect(await maskValues(keepIf({ values: ["n/a", "test"], else: redact() }), values)).toEqual([
      "n/a",
      "test",
      "*".repeat(8),
      null,
    ]);
    expect(await maskValues(keepIf({ matches: "n/a|test", else: redact() }), values)).toEqual([
      "n/a",
      "test",
      "*".repeat(8),
      null,
    ]);
    expect(await maskValues(nullIf({ if: "value like 'n/a%'", else: redact() }), values)).toEqual([null, "****", null, null]);
    const invalid = ifInvalid({ valid: "email", then: constant({ value: "none" }), else: constant({ value: "some" }) });
    expect(await maskValues(invalid, ["a@b.cd", "call her", "a@b", "a@b.cd, c@d.ef"])).toEqual(["some", "none", "none", "none"]);
    expect(() => ifInvalid({ valid: "emial", then: redact(), else: keep() })).toThrowError(/did you mean email/);
    const coded = ifInvalid({ valid: "[A-Z]{2}\\d+", then: nullify(), else: keep() });
    expect(await maskValues(coded, ["AB1", "ab1", "xAB1"])).toEqual(["AB1", null, null]);
  });

  it("compare listed numbers with columns of numbers", async () => {
    const rule = keepIf({ values: [0, -1], else: constant({ value: 7 }) });
    expect(await maskValues(rule, ["0", "-1", "42", "00"], { column: { kind: "integer", type: "integer" } })).toEqual([
      "0",
      "-1",
      "7",
      "00",
    ]);
  });

  it("declare what they keep a fixed point", () => {
    const { transform, options } = keepIf({ values: ["n/a"], else: hash() });
    expect(transform.fixedPoints!.isFixed("n/a", options, text)).toBe(true);
    expect(transform.fixedPoints!.isFixed("jane", options, text)).toBe(false);
    expect(transform.guarantees(options, text).changesInput).toBe("always");
  });

  it("say which values they mean in one way", () => {
    const { transform } = keepIf;
    const problems = (options: object) => transform.checkColumn(keepIf({ else: redact(), ...options }).options, text);
    expect(problems({})).toEqual(["keepIf takes one of if, values and matches"]);
    expect(problems({ values: ["a"], matches: "a" })).toEqual(["keepIf takes one of if, values and matches"]);
    expect(problems({ if: "value = 'a'" })).toEqual([]);
  });
});
