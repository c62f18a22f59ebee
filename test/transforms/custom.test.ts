import { describe, expect, it } from "vitest";
import { custom } from "../../src/transforms/pieces/custom.ts";
import { maskOne, maskValues } from "./mask-values.ts";

describe("custom", () => {
  it("gives what the function gives, and is not asked for NULL", async () => {
    const asked: string[] = [];
    const rule = custom((name) => {
      asked.push(name);
      return name.slice(0, 1);
    });
    expect(await maskValues(rule, ["Jane", null, ""])).toEqual(["J", null, ""]);
    expect(asked).toEqual(["Jane", ""]);
  });

  it("shows the function the columns of the row that it reads, and no others", async () => {
    const rule = custom((value, { row }) => `${value} of ${row.team} ${Object.keys(row).join()}`, { reads: ["team"] });
    expect(await maskValues(rule, ["Jane", "Bo"], { others: { secret: ["x", "y"], team: ["red", null] } })).toEqual([
      "Jane of red team",
      "Bo of null team",
    ]);
    await expect(maskOne(rule, "Jane")).rejects.toMatchObject({ code: "COLUMN_UNKNOWN" });
  });

  it("waits for promises, and keeps the order of rows", async () => {
    const rule = custom(async (value) => {
      await new Promise((resolve) => setTimeout(resolve, 10 - Number(value)));
      return `${value}!`;
    });
    expect(await maskValues(rule, ["1", "9", null, "3"])).toEqual(["1!", "9!", null, "3!"]);
  });

  it("waits for what another library takes for a promise, and stops at an object", async () => {
    const thenable = { then: (done: (text: string) => void) => done("later") };
    expect(
      await maskOne(
        custom(() => thenable as never),
        "x",
      ),
    ).toBe("later");
    for (const odd of [{}, ["a"], Symbol("a"), () => "a"])
      await expect(
        maskOne(
          custom(() => odd as never),
          "x",
        ),
      ).rejects.toMatchObject({ code: "TRANSFORM_FAILED" });
  });

  it("writes numbers, truth and dates as text", async () => {
    const results = [42, 10n ** 20n, true, new Date(0), "text", null];
    let next = 0;
    expect(
      await maskValues(
        custom(() => results[next++]),
        ["a", "b", "c", "d", "e", "f"],
      ),
    ).toEqual(["42", "100000000000000000000", "true", "1970-01-01T00:00:00.000Z", "text", null]);
  });

  it("leaves a value that it gives undefined for to the policy", async () => {
    const choosy = (value: string) => (value === "odd" ? undefined : "fine");
    await expect(maskValues(custom(choosy), ["a", "odd"])).rejects.toMatchObject({ code: "VALUE_UNSUPPORTED", row: 2 });
    expect(await maskValues(custom(choosy, { onUnsupported: "redact" }), ["a", "odd"])).toEqual(["fine", "***"]);
    expect(await maskValues(custom(choosy, { onUnsupported: "nullify" }), ["a", "odd"])).toEqual(["fine", null]);
  });

  it("cannot give NULL to a column that is NOT NULL", async () => {
    await expect(
      maskOne(
        custom(() => null),
        "x",
        { column: { nullable: false } },
      ),
    ).rejects.toMatchObject({ code: "VALUE_UNSUPPORTED" });
  });

  it("wraps what the function throws, at once or later, without the value", async () => {
    const fail = (value: string): never => {
      throw new Error(`cannot handle ${value}`);
    };
    for (const mask of [fail, async (value: string) => fail(value), () => Promise.reject("canary-7")]) {
      const error = await maskValues(custom(mask), ["canary-1", "canary-2"], { firstRow: 10 }).catch((caught: unknown) => caught);
      expect(error).toMatchObject({ code: "TRANSFORM_FAILED", table: "people", column: "masked", row: 11 });
      expect(`${(error as Error).stack}${JSON.stringify(error)}${String((error as Error).cause)}`).not.toContain("canary");
    }
  });

  it("needs a function", () => {
    expect(() => custom("upper" as never)).toThrow(/must be a function/);
    expect(() => custom((value) => value, { reads: "team" as never })).toThrow(/list of column names/);
  });
});
