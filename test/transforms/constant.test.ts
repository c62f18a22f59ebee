import { describe, expect, it } from "vitest";
import type { ColumnKind } from "../../src/contracts.ts";
import { constant } from "../../src/transforms/plain/constant.ts";
import { columnOf, INT4, maskValues } from "./mask-values.ts";

describe("constant", () => {
  it("gives every value the same stand-in, and keeps NULL", async () => {
    expect(await maskValues(constant({ value: "n/a" }), ["Ana", "", null])).toEqual(["n/a", "n/a", null]);
  });

  it("writes numbers and truth as the column has them", async () => {
    expect(await maskValues(constant({ value: 7 }), ["1"], { column: INT4 })).toEqual(["7"]);
    expect(await maskValues(constant({ value: 10n ** 30n }), ["1"], { column: "decimal" })).toEqual([`1${"0".repeat(30)}`]);
    expect(await maskValues(constant({ value: true }), ["f"], { column: { kind: "boolean", type: "boolean" } })).toEqual(["t"]);
    expect(await maskValues(constant({ value: false }), ["1"], { column: { kind: "boolean", type: "tinyint(1)" } })).toEqual([
      "0",
    ]);
  });

  it("is refused where it cannot stand in the column", () => {
    const problemsOn = (value: string | number | boolean, column: Parameters<typeof columnOf>[0]) => {
      const { transform, options } = constant({ value });
      return transform.checkColumn(options, columnOf(column));
    };
    const refused: [string | number | boolean, Parameters<typeof columnOf>[0]][] = [
      ["n/a", INT4],
      [2 ** 31, INT4],
      [1.5, "integer"],
      ["yesterday", "date"],
      ["x", "uuid"],
      ["{", "json"],
      ["purple", { kind: "enum", labels: ["red"] }],
      ["maybe", "boolean"],
      ["noon", "time"],
    ];
    for (const [value, column] of refused) expect(problemsOn(value, column), String(value)).toHaveLength(1);
    const accepted: [string | number | boolean, ColumnKind | Parameters<typeof columnOf>[0]][] = [
      ["n/a", "text"],
      [-1, INT4],
      ["infinity", "timestamp"],
      ["2024-02-29", "date"],
      ["{}", "json"],
      ["red,blue", { kind: "enum", type: "set('red','blue')", labels: ["red", "blue"] }],
      [1.5, "decimal"],
      ["1e5", "float"],
    ];
    for (const [value, column] of accepted) expect(problemsOn(value, column), String(value)).toEqual([]);
  });

  it("says how long it is, in characters", () => {
    const { transform, options } = constant({ value: "\u{1f642}ab" });
    expect(transform.maxOutputLength(options, columnOf())).toBe(3);
  });

  it("needs a value", () => {
    expect(() => constant({} as never)).toThrow(/"value" is missing/);
    expect(() => constant({ value: [] } as never)).toThrow(/must be text, a number, true or false/);
  });
});
