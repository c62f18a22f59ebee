import { describe, expect, it } from "vitest";
import { nullify } from "../../src/transforms/plain/nullify.ts";
import { maskValues } from "./mask-values.ts";

describe("nullify", () => {
  it("makes everything NULL", async () => {
    expect(await maskValues(nullify(), ["Ana", "", null, "42"])).toEqual([null, null, null, null]);
  });

  it("says so, for the plan to refuse it where a column is NOT NULL", () => {
    expect(nullify().transform.givesNull(nullify().options)).toBe(true);
  });
});
