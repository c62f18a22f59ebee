import { describe, expect, it } from "vitest";
import { checkTransform } from "../../src/testing/index.ts";
import {
  constant,
  custom,
  fake,
  keep,
  mapValues,
  maskEmail,
  nullify,
  redact,
  shuffle,
  unique,
} from "../../src/transforms/index.ts";
import { maskOne, maskValues } from "./mask-values.ts";

const TAIL = "[a-km-np-z2-9]";

describe("unique", () => {
  it("puts keyed characters behind what its rule gives", async () => {
    const inner = await maskOne(fake("internet.username"), "jdoe");
    const login = await maskOne(unique({ rule: fake("internet.username") }), "jdoe");
    expect(login!.slice(0, -13)).toBe(`${inner}_`);
    expect(login).toMatch(new RegExp(`_${TAIL}{13}$`));
    const short = await maskOne(unique({ rule: constant({ value: "Staff" }), separator: " ", length: 6 }), "jdoe");
    expect(short).toMatch(new RegExp(`^Staff ${TAIL}{6}$`));
  });

  it("puts them before the @ of an address, and within its quotes", async () => {
    const [plain, quoted] = await maskValues(unique({ rule: custom((value) => value, { onUnsupported: "fail" }) }), [
      "jane@acme.com",
      '"jane doe"@acme.com',
    ]);
    expect(plain).toMatch(new RegExp(`^jane_${TAIL}{13}@acme\\.com$`));
    expect(quoted).toMatch(new RegExp(`^"jane doe_${TAIL}{13}"@acme\\.com$`));
    const long = await maskOne(unique({ rule: custom(() => `${"x".repeat(64)}@acme.com`) }), "a");
    expect(long!.indexOf("@")).toBe(64);
  });

  it("cuts what its rule gives, never what makes it unique, to what the column holds", async () => {
    const column = { kind: "text", type: "character varying(20)", maxLength: 20 } as const;
    const values = ["a".repeat(20), `${"a".repeat(19)}b`];
    for (const rule of [redact(), constant({ value: "someone" }), fake("person.fullName")]) {
      const masked = (await maskValues(unique({ rule }), values, { column })) as string[];
      for (const value of masked) expect([...value].length).toBeLessThanOrEqual(20);
      expect(new Set(masked).size).toBe(2);
    }
    const narrow = { ...column, maxLength: 14, type: "character varying(14)" };
    expect(unique({ rule: redact() }).transform.checkColumn(unique({ rule: redact() }).options, { ...narrow } as never)).toEqual([
      "a unique output has at least 15 characters, and a column of type character varying(14) holds 14",
    ]);
  });

  it("gives equal originals one output, and NULL what its rule makes NULL", async () => {
    expect(await maskValues(unique({ rule: nullify() }), ["a", "b", null, ""])).toEqual([null, null, null, ""]);
    const [one, other, none] = await maskValues(unique({ rule: redact() }), ["Jane", "Jane", "Jann"]);
    expect(one).toBe(other);
    expect(none).not.toBe(one);
    const mapped = unique({ rule: mapValues({ map: { a: "x" } }) });
    await expect(maskValues(mapped, ["a", "b"])).rejects.toMatchObject({ code: "VALUE_UNSUPPORTED", row: 2 });
  });

  it("refuses rules that leave the original, or mask a column as a whole", () => {
    expect(() => unique({ rule: keep() })).toThrow(/leaves the original/);
    expect(() => unique({ rule: shuffle() })).toThrow(/masks a column as a whole/);
  });

  it("promises the bits of its characters", async () => {
    const column = { kind: "text" } as never;
    const bits = (length: number) => {
      const { transform, options } = unique({ rule: maskEmail(), length });
      return transform.guarantees(options, column).uniqueness;
    };
    expect(bits(13)).toEqual({ kind: "unlikely-lost", bits: 64 });
    expect(bits(8)).toEqual({ kind: "unlikely-lost", bits: 40 });
    const rule = unique({ rule: constant({ value: "x" }) });
    expect(await checkTransform(rule, { column: "text", distinct: 20_000 })).toEqual([]);
  });
});
