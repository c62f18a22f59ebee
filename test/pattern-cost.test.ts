import { describe, expect, it } from "vitest";
import { longestText } from "../src/pattern-cost.ts";

describe("the longest text of a regular expression", () => {
  it.each([
    "^abc$",
    "^[0-9]+$",
    "^(\\w+)/(\\d+)/(.*)$",
    "^(\\S+) (\\S+) (\\S+) (.*)$",
    "^[-+]?\\d+(?:\\.\\d+)?(?:[eE][-+]?\\d+)?$",
    "^(?:a+|b+)c$",
    "abc",
  ])("has no bound where repetitions share nothing: %s", (source) => expect(longestText(source)).toBe(Number.POSITIVE_INFINITY));

  it.each(["a+b", "^.*@.*$", "^\\w+\\S+$", "^a+(?:b)?a+$", "^(?:a+|b)a+$", "^x+x+y$", "^(?:ab)*a+$", "^[\\]a]*]+$"])(
    "has one where two share: %s",
    (source) => {
      expect(longestText(source)).toBeGreaterThan(10_000);
      expect(longestText(source)).toBeLessThan(20_000);
    },
  );

  it("shrinks with each that shares more", () => {
    const [three, four] = [longestText("^(.*) (.*), (.*)$"), longestText("^.*a.*a.*a.*b$")];
    expect([three > 500 && three < 1000, four > 100 && four < 300]).toEqual([true, true]);
  });

  it("is asked in good time, whatever the text", () => {
    for (const source of ["^.*a.*a.*a.*b$", "^(.*) (.*), (.*)$", "a.*b", "^(?:x+x+)y$"]) {
      const [asked, longest] = [new RegExp(source, "u"), Math.min(longestText(source), 20_000)];
      const started = performance.now();
      for (const sign of ["a", "x", ", "]) asked.test(`${sign.repeat(longest).slice(0, longest - 1)}\n`);
      expect(performance.now() - started, source).toBeLessThan(10_000);
    }
  });
});
