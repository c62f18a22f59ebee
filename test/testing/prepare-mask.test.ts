import { describe, expect, it } from "vitest";
import { prepareMask } from "../../src/testing/index.ts";
import { fake, shiftDates, tokenize } from "../../src/transforms/index.ts";
import { TEST_KEY } from "../test-key.ts";

describe("prepareMask", () => {
  it("masks a column as a run does, NULL and all", async () => {
    const mask = await prepareMask(fake("person.fullName"), { key: TEST_KEY });
    const [one, none, other] = await mask(["Jane Roe", null, "Jane Roe"]);
    expect(one).toMatch(/\w+ \w+/);
    expect(one).not.toBe("Jane Roe");
    expect(none).toBeNull();
    expect(other).toBe(one);
  });

  it("takes a column of another kind", async () => {
    const mask = await prepareMask(tokenize(), {
      key: TEST_KEY,
      column: { kind: "integer", range: { min: 0n, max: 2n ** 31n - 1n } },
    });
    const [token] = await mask(["42"]);
    expect(Number(token)).toBeGreaterThanOrEqual(0);
    expect(token).toMatch(/^\d+$/);
  });

  it("refuses a rule that needs the rest of the row", async () => {
    await expect(prepareMask(shiftDates({ by: "id" }), { key: TEST_KEY, column: "date" })).rejects.toMatchObject({
      code: "COLUMN_UNKNOWN",
    });
  });
});
