import { describe, expect, it } from "vitest";
import { MemorySink, memorySource } from "../../src/connectors/memory/index.ts";
import type { Policy } from "../../src/policy/define-policy.ts";
import { planRefresh } from "../../src/refresh.ts";
import { constant } from "../../src/transforms/plain/constant.ts";
import { encryptDigits } from "../../src/transforms/tokens/encrypt-digits.ts";
import { tokenize } from "../../src/transforms/tokens/tokenize.ts";

const people = Array.from({ length: 200 }, (_, index) => ({
  diagnosis: index % 4 === 0 ? "canary-a" : "canary-b",
  city: index < 60 ? "canary-c" : `city ${index}`,
  email: `mail ${index}`,
  card: index === 7 ? "canary" : String(4000 + index),
}));

async function findingsOf(rules: Policy["tables"][string], sample = true) {
  const policy = { source: memorySource({ people }), target: new MemorySink(), tables: { people: rules } };
  return (await planRefresh(policy, { sample })).findings;
}

const TOKENS = { diagnosis: tokenize(), city: tokenize(), email: tokenize(), card: tokenize() };

describe("a plan with samples", () => {
  it("warns, with numbers and no value, where a mask leaves values to be known by how often they occur", async () => {
    const findings = await findingsOf(TOKENS);
    expect(findings.map(({ code, severity, column }) => `${severity} ${code} ${column}`)).toEqual([
      "warning FREQUENCY_SHOWN diagnosis",
      "warning FREQUENCY_SHOWN city",
    ]);
    expect(findings[0]!.message).toContain("2 different ones in 200 sampled rows, the most common in 75 % of them");
    expect(JSON.stringify(findings)).not.toContain("canary");
  });

  it("has nothing to say of a mask that hides frequencies, and reads no row unless asked to", async () => {
    const hidden = { ...TOKENS, diagnosis: constant({ value: "none" }), city: constant({ value: "Berlin" }) };
    expect(await findingsOf(hidden)).toEqual([]);
    expect(await findingsOf(TOKENS, false)).toEqual([]);
  });

  it("refuses what a mask could not handle in the sample, by count", async () => {
    const findings = await findingsOf({ ...TOKENS, card: encryptDigits() });
    const found = findings.find(({ code }) => code === "VALUE_UNSUPPORTED")!;
    expect(found).toMatchObject({ severity: "error", column: "card" });
    expect(found.message).toContain("1 of 200 sampled values");
    expect(JSON.stringify(findings)).not.toContain("canary");
  });
});
