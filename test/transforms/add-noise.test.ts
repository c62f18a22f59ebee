import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Column, ColumnKind } from "../../src/contracts.ts";
import { addNoise } from "../../src/transforms/numbers/add-noise.ts";
import { columnOf, INT4, maskInBatches, maskOne, maskValues } from "./mask-values.ts";

describe("addNoise", () => {
  it("moves a number by at most a share of it, and keeps its decimals and its sign", async () => {
    const values = Array.from({ length: 200 }, (_, index) => `${index % 2 === 0 ? "" : "-"}${100 + index}.50`);
    const masked = await maskValues(addNoise({ ratio: 0.2 }), values, { column: "decimal" });
    for (const [index, value] of masked.entries()) {
      expect(value).toMatch(index % 2 === 0 ? /^\d+\.\d\d$/ : /^-\d+\.\d\d$/);
      expect(Math.abs(Number(value) - Number(values[index]))).toBeLessThanOrEqual(0.2 * Math.abs(Number(values[index])) + 0.01);
      expect(value).not.toBe(values[index]);
    }
    expect(masked.some((value, index) => Number(value) > Number(values[index]))).toBe(true);
    expect(masked.some((value, index) => Number(value) < Number(values[index]))).toBe(true);
  });

  it("moves a number by an amount instead", async () => {
    const values = Array.from({ length: 200 }, (_, index) => String(1000 + index));
    const moves = (await maskValues(addNoise({ amount: 3 }), values, { column: INT4 })).map(
      (value, index) => Number(value) - Number(values[index]),
    );
    for (const move of moves) expect(move !== 0 && Math.abs(move) <= 3).toBe(true);
  });

  it("leaves zero, NaN, the infinities, NULL and the empty string", async () => {
    const values = ["0", "0.00", "-0", "0e5", "NaN", "Infinity", "-Infinity", "", null];
    expect(await maskValues(addNoise(), values, { column: "float" })).toEqual(values);
  });

  it("never turns a debt into a credit, nor anything into nothing", async () => {
    for (const value of ["1", "-1", "0.01", "-0.01", "2"]) {
      const masked = Number(await maskOne(addNoise({ amount: 100 }), value, { column: "decimal" }));
      expect(Math.sign(masked)).toBe(Math.sign(Number(value)));
    }
  });

  it("stays within its own bounds and within what the column holds", async () => {
    const values = Array.from({ length: 100 }, (_, index) => String(index + 1));
    for (const value of await maskValues(addNoise({ ratio: 1, min: 10, max: 50 }), values, { column: INT4 }))
      expect(Number(value) >= 10 && Number(value) <= 50).toBe(true);
    for (const value of await maskValues(
      addNoise({ ratio: 1 }),
      values.map(() => "2147483647"),
      { column: INT4 },
    ))
      expect(Number(value)).toBeLessThanOrEqual(2 ** 31 - 1);
    const subjects = values.map((value) => `subject ${value}`);
    const full = await maskValues(
      addNoise({ by: "id" }),
      values.map(() => "-99999999.99"),
      {
        column: { kind: "decimal", type: "numeric(10,2)" },
        others: { id: subjects },
      },
    );
    for (const value of full) expect(value).toMatch(/^-\d{1,8}\.\d\d$/);
  });

  it("moves small numbers either way, and those at a bound inwards: a rule that always adds one hides nothing", async () => {
    const subjects = Array.from({ length: 60 }, (_, index) => `subject ${index}`);
    const ofMany = async (rule: ReturnType<typeof addNoise>, value: string, column: ColumnKind | Partial<Column> = INT4) =>
      new Set(
        await maskValues(
          rule,
          subjects.map(() => value),
          { column, others: { id: subjects } },
        ),
      );
    expect(await ofMany(addNoise({ by: "id" }), "5")).toEqual(new Set(["4", "6"]));
    expect(await ofMany(addNoise({ by: "id" }), "20")).toEqual(new Set(["18", "19", "21", "22"]));
    expect(await ofMany(addNoise({ by: "id" }), "1")).toEqual(new Set(["2"]));
    expect(await ofMany(addNoise({ by: "id", amount: 2, max: 100 }), "100")).toEqual(new Set(["98", "99"]));
    expect(await ofMany(addNoise({ by: "id", amount: 2, max: 100 }), "250")).toEqual(new Set(["98", "99"]));
    expect(await ofMany(addNoise({ by: "id", amount: 3, min: -9 }), "-9")).toEqual(new Set(["-8", "-7", "-6"]));
    expect(await ofMany(addNoise({ by: "id", amount: 9, min: 5, max: 5 }), "5")).toEqual(new Set(["5"]));
    const largest = await ofMany(addNoise({ by: "id", ratio: 1 }), "1.7e308", { kind: "float", type: "double precision" });
    for (const value of largest) expect(Number.isFinite(Number(value))).toBe(true);
  });

  it("reads what stands before the spaces of a padded column, and writes no more than a column holds", async () => {
    const padded = { kind: "text", type: "character(4)", isPadded: true, maxLength: 4 } as const;
    expect(await maskOne(addNoise({ amount: 1 }), "50  ", { column: padded })).toMatch(/^(49|51)$/);
    const many = await maskValues(
      addNoise({ amount: 9, onUnsupported: "nullify" }),
      Array.from({ length: 40 }, (_, index) => String(9990 + (index % 10))),
      { column: { ...padded, isPadded: false } },
    );
    for (const value of many) expect(value === null || value.length <= 4).toBe(true);
    expect(many).toContain(null);
  });

  it("moves all numbers of a subject by the same share", async () => {
    const settings = { column: "decimal", others: { id: ["a", "a", "b"] } } as const;
    const [one, ten, other] = (
      await maskValues(addNoise({ by: "id" }), ["100.000000", "1000.000000", "100.000000"], settings)
    ).map(Number);
    expect(ten! / one!).toBeCloseTo(10, 5);
    expect(other).not.toBe(one);
  });

  it("is exact with more digits than a JavaScript number has", async () => {
    const masked = await maskOne(addNoise(), "123456789012345678901234567890.12345678901234567890", { column: "decimal" });
    expect(masked).toMatch(/^1[1-3]\d{28}\.\d{20}$/);
  });

  it("cannot handle what is no number, or a number whose subject is NULL", async () => {
    for (const value of ["n/a", "1,5", "0x10", "1 000"])
      await expect(maskOne(addNoise(), value)).rejects.toMatchObject({ code: "VALUE_UNSUPPORTED" });
    await expect(maskValues(addNoise({ by: "id" }), ["5"], { others: { id: [null] } })).rejects.toMatchObject({
      code: "VALUE_UNSUPPORTED",
    });
  });

  it("refuses bounds that leave nothing", () => {
    const problemsOn = (rule: ReturnType<typeof addNoise>) => rule.transform.checkColumn(rule.options, columnOf(INT4));
    expect(problemsOn(addNoise({ min: 5, max: 1 }))).toHaveLength(1);
    expect(problemsOn(addNoise({ min: 2 ** 40 }))).toHaveLength(1);
    expect(() => addNoise({ ratio: 2 })).toThrow(/at most 1/);
  });

  it("keeps scale and sign, and is the same in any batch size", async () => {
    const decimals = fc.tuple(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.nat(8)).map(([whole, digits]) => {
      const text = String(whole < 0n ? -whole : whole).padStart(digits + 1, "0");
      return `${whole < 0n ? "-" : ""}${digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`}`;
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(decimals, { minLength: 1, maxLength: 30 }),
        fc.integer({ min: 1, max: 7 }),
        async (values, size) => {
          const settings = { column: "decimal" } as const;
          const masked = await maskValues(addNoise(), values, settings);
          for (const [index, value] of masked.entries()) {
            expect(value!.split(".")[1]?.length).toBe(values[index]!.split(".")[1]?.length);
            expect(Math.sign(Number(value))).toBe(Math.sign(Number(values[index])));
          }
          expect(await maskInBatches(addNoise(), values, size, settings)).toEqual(masked);
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe("addNoise with keepSum", () => {
  const sumOf = (values: readonly (string | null)[]) =>
    values.reduce((sum, value) => sum + BigInt((value ?? "0").replace(".", "")), 0n);

  it("keeps the sum of a window exactly, and still moves its numbers", async () => {
    const values = Array.from(
      { length: 500 },
      (_, index) => `${1000 + ((index * 7919) % 5000)}.${String(index % 100).padStart(2, "0")}`,
    );
    const masked = await maskValues(addNoise({ keepSum: 100 }), [...values, null, "0.00"], { column: "decimal" });
    expect(sumOf(masked)).toBe(sumOf(values));
    expect(masked.filter((value, index) => value === values[index]).length).toBeLessThan(10);
    expect(masked.slice(-2)).toEqual([null, "0.00"]);
    for (const [index, value] of values.entries())
      expect(Math.abs(Number(masked[index]) - Number(value))).toBeLessThan(0.25 * Number(value));
  });

  it("stays within bounds, and comes as near as they allow", async () => {
    const values = Array.from({ length: 60 }, (_, index) => String(index < 30 ? 10 : 50));
    const masked = await maskValues(addNoise({ amount: 20, min: 1, max: 50, keepSum: 60 }), values, { column: INT4 });
    for (const value of masked) expect(Number(value) >= 1 && Number(value) <= 50).toBe(true);
    expect(sumOf(masked)).toBe(sumOf(values));
  });

  it("never gives a number back because it is alone in its window: then the sum does not stay", async () => {
    const values = Array.from({ length: 40 }, (_, index) => (index % 10 === 3 ? String(1000 + index) : null));
    const masked = await maskValues(addNoise({ keepSum: 40 }), values, { column: INT4 });
    for (const [index, value] of masked.entries()) if (value !== null) expect(value).not.toBe(values[index]);
    expect(await maskOne(addNoise({ keepSum: 20 }), "5000", { column: INT4 })).not.toBe("5000");
  });

  it("does not say that it is deterministic", () => {
    const { transform, options } = addNoise({ keepSum: 100 });
    expect(transform.guarantees(options, columnOf(INT4)).deterministic).toBe(false);
    expect(transform.windowRows(options)).toBe(100);
  });
});
