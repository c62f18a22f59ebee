import { describe, expect, it } from "vitest";
import { mapValues, pick } from "../src/transforms/index.ts";
import { counted, someOf } from "../src/written-numbers.ts";
import { columnOf } from "./transforms/mask-values.ts";

describe("counts in words", () => {
  it("are of one thing or of several", () => {
    expect([counted(0, "row"), counted(1, "row"), counted(12_000, "row")]).toEqual(["0 rows", "1 row", "12,000 rows"]);
    expect([someOf(1, 3, "row"), someOf(3, 3, "row"), someOf(1, 1, "row")]).toEqual([
      "1 of the 3 rows",
      "all 3 rows",
      "the only row",
    ]);
  });

  it("are so in what a plan refuses", () => {
    const integers = columnOf("integer");
    const refused = ({ transform, options }: ReturnType<typeof pick>) => transform.checkColumn(options, integers).join();
    expect(refused(pick(["x"]))).toBe("the only value to choose from cannot stand in a column of type integer");
    expect(refused(pick(["1"], { weights: [1, 2] }))).toBe("pick has 2 weights for 1 value");
    expect(refused(mapValues({ map: { "1": "x", "2": "y" } }))).toBe(
      "all 2 outputs of the map cannot stand in a column of type integer",
    );
  });
});
