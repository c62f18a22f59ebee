import { describe, expect, it } from "vitest";
import { patternProblem, readPattern } from "../src/pattern-form.ts";

describe("the look at a regular expression", () => {
  it("refuses what may take time that doubles with each character", () => {
    for (const pattern of [
      "(a+)+",
      "(?:a*)*b",
      "(a|ab)*",
      "(\\w|\\d)+x",
      "((a+)b?)+",
      "(a+){2,}",
      "(?:\\d{1,3}){11,}",
      "(a)\\1",
      "(?<x>a)\\k<x>",
    ])
      expect([pattern, patternProblem(pattern)]).toEqual([pattern, expect.stringMatching(/may take time without end/)]);
  });

  it("takes what people write for numbers, names and addresses", () => {
    for (const pattern of [
      "(\\d{2})-(\\d+)",
      "^[A-Z]{2}\\d{2}(?: ?[A-Z0-9]{4}){3,7}$",
      "(?:\\d{1,3}\\.){3}\\d{1,3}",
      "(?:cat|dog)+",
      "[(+*]+",
      "\\p{Lu}\\p{Ll}*",
      "(?<!x)(?<name>[a-z]+)(?=y)",
    ])
      expect([pattern, patternProblem(pattern)]).toEqual([pattern, null]);
  });

  it("refuses what is none", () => {
    expect(patternProblem("(")).toMatch(/no regular expression/);
    expect(patternProblem("")).toMatch(/as text/);
    expect(patternProblem(5)).toMatch(/as text/);
  });

  it("numbers and names the groups", () => {
    expect(readPattern("(a)(?:(?<b>c)(d))(?=e)(f(g))*").groups).toEqual([
      { number: 1, name: null, isRepeated: false, within: [] },
      { number: 2, name: "b", isRepeated: false, within: [] },
      { number: 3, name: null, isRepeated: false, within: [] },
      { number: 4, name: null, isRepeated: true, within: [] },
      { number: 5, name: null, isRepeated: true, within: [4] },
    ]);
    expect(readPattern("\\((a)[(](b)").groups.map(({ number }) => number)).toEqual([1, 2]);
  });
});
