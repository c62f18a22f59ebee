import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { likePattern, regexpPattern } from "../../src/conditions/sql-patterns.ts";

/** LIKE as a definition has it: try everything. */
function isLike(text: readonly string[], pattern: readonly string[]): boolean {
  const [sign, ...rest] = pattern;
  if (sign === undefined) return text.length === 0;
  if (sign === "%") return isLike(text, rest) || (text.length > 0 && isLike(text.slice(1), pattern));
  return text.length > 0 && (sign === "_" || sign.replace("\\", "") === text[0]) && isLike(text.slice(1), rest);
}

describe("a pattern of LIKE", () => {
  it("matches what trying everything matches", () => {
    const text = fc.array(fc.constantFrom("a", "b", "🙂", "%", "."), { maxLength: 8 });
    const pattern = fc.array(fc.constantFrom("a", "b", "🙂", "%", "_", "\\%", "."), { maxLength: 7 });
    fc.assert(
      fc.property(text, pattern, (signs, wanted) => {
        expect(likePattern(wanted.join(""), false).test(signs.join(""))).toBe(isLike(signs, wanted));
      }),
      { numRuns: 3000 },
    );
  });

  it("takes no more time where much of it may stand anywhere", () => {
    const pattern = likePattern(`${"%a".repeat(20)}%b`, false);
    const started = performance.now();
    expect(pattern.test("a".repeat(20_000))).toBe(false);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

describe("a regular expression of SQL", () => {
  it("is not asked about a text that it could take hours for", () => {
    const greedy = regexpPattern("^.*a.*a.*a.*a.*b$", false)!;
    expect(greedy.test("ab".repeat(20))).toBe(true);
    expect(greedy.test("a".repeat(20_000))).toBeUndefined();
    expect(regexpPattern("^[a-z]+@[a-z]+$", false)!.test(`${"a".repeat(100_000)}@b`)).toBe(true);
  });
});
