import { describe, expect, it } from "vitest";
import { keep } from "../../src/transforms/plain/keep.ts";
import { maskValues } from "./mask-values.ts";

describe("keep", () => {
  it("gives back every value, NULL and the empty string among them", async () => {
    const values = ["Ana", "", null, "\u{1f642}", "1.50"];
    expect(await maskValues(keep(), values)).toEqual(values);
  });

  it("carries the reason that the plan shows", () => {
    expect(keep("surrogate key").options).toEqual({ reason: "surrogate key" });
    expect(keep().options).toEqual({ reason: undefined });
  });

  it("is no technique, so that the plan copies the bytes without decoding them", () => {
    expect(keep().transform.technique).toBe("none");
  });
});
