import { describe, expect, it } from "vitest";
import { compareSpecificity, isPattern, parsePattern } from "../../src/policy/pattern.ts";

const wins = (one: string, other: string) => compareSpecificity(parsePattern(one)!.specificity, parsePattern(other)!.specificity);

describe("a pattern", () => {
  it("is a name with * or an expression between slashes", () => {
    expect(["*.email", "audit_*", "/_ip$/", "/_IP$/i"].map(isPattern)).toEqual([true, true, true, true]);
    expect(["email", "users.email", "/", "a/b", "/_ip"].map(isPattern)).toEqual([false, false, false, false, false]);
  });

  it("matches the whole name, as an expression any part of it", () => {
    expect(parsePattern("*.email")!.matches("billing.users.email")).toBe(true);
    expect(parsePattern("*.email")!.matches("users.email_sent")).toBe(false);
    expect(parsePattern("a.b*")!.matches("aXb")).toBe(false);
    expect(parsePattern("/_ip$/")!.matches("visits.client_ip")).toBe(true);
    expect(parsePattern("/_ip$/")!.matches("visits.client_IP")).toBe(false);
    expect(parsePattern("/_ip$/i")!.matches("visits.client_IP")).toBe(true);
    expect(parsePattern("/(/")).toBeNull();
  });

  it("beats another by being narrower: * before an expression, then by the characters that stand for themselves", () => {
    expect(wins("*.e", "/very_long_expression/")).toBeGreaterThan(0);
    expect(wins("*.work_email", "*_email")).toBeGreaterThan(0);
    expect(wins("/_ip$/", "/ip$/")).toBeGreaterThan(0);
    expect(wins("/\\d{3}[abc]ip/", "/ip/")).toBe(0);
    expect(wins("users.*", "*.email")).toBe(0);
  });
});
