import { describe, expect, it } from "vitest";
import { LABELLED_COLUMNS } from "../../bench/labelled-columns.ts";
import { loadClassifier } from "../../src/discover/classify-column.ts";
import { ruleOfSuggestion } from "../../src/discover/propose/suggested-rule.ts";
import { prepareMask } from "../../src/testing/prepare-mask.ts";
import { TEST_KEY } from "../test-key.ts";
import { sampleOf } from "./sampled-column.ts";

const classify = await loadClassifier();

describe("a suggested rule on the values that it was suggested for", () => {
  it.each([null, 60])("masks them all, with room for %s characters", async (maxLength) => {
    const left: string[] = [];
    for (const { table, name, kind = "text", values } of LABELLED_COLUMNS) {
      const sample = sampleOf(name, values, { table, kind, maxLength: kind === "text" ? maxLength : null });
      const { rule } = classify(sample);
      if (rule === null) continue;
      const made = ruleOfSuggestion(rule)!;
      // A shuffle needs a window of rows, and a small sample is none.
      if (made.transform.windowRows(made.options) > 1) continue;
      const mask = await prepareMask(made, { key: TEST_KEY, column: sample.column });
      const masked = await mask(values);
      const stops = masked.some((value) => value === undefined) && made.onUnsupported === "fail";
      const isLong = masked.some(
        (value) => value != null && [...value].length > (sample.column.maxLength ?? Number.POSITIVE_INFINITY),
      );
      if (stops || isLong) left.push(`${table}.${name}: ${rule.transform}`);
    }
    expect(left).toEqual([]);
  });
});
