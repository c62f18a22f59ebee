import { describe, expect, it } from "vitest";
import { definePolicy } from "../../src/policy/define-policy.ts";
import { parsePolicy } from "../../src/policy/parse/parse-policy.ts";
import { joinLimits } from "../../src/source-limits.ts";
import { keep } from "../../src/transforms/plain/keep.ts";

const policy = definePolicy({
  sourceLimits: { rowsPerSecond: 20_000, statementSeconds: 3600 },
  tables: { people: { id: keep() } },
  environments: { replica: { sourceLimits: { connections: 2 } }, test: {} },
});

describe("sourceLimits of a policy", () => {
  it("hold for the run, and for an environment that says nothing else of its source", () => {
    expect(parsePolicy(policy).sourceLimits).toEqual({ rowsPerSecond: 20_000, statementSeconds: 3600 });
    expect(parsePolicy(policy, { environment: "test" }).sourceLimits).toEqual(policy.sourceLimits);
    expect(parsePolicy(policy, { environment: "replica" }).sourceLimits).toEqual({ connections: 2 });
  });

  it("give way, limit by limit, to what a run is told", () => {
    expect(joinLimits(policy.sourceLimits, { rowsPerSecond: 5, megabytesPerSecond: undefined })).toEqual({
      rowsPerSecond: 5,
      statementSeconds: 3600,
    });
  });

  it("are refused where they are no limits: a mistyped one would be none", () => {
    const sourceLimits: object = { rowsPerSecond: -1, connections: 1.5, statementSecond: 5 };
    const parse = () => parsePolicy({ ...policy, sourceLimits });
    expect(parse).toThrow(expect.objectContaining({ code: "POLICY_INVALID", findings: expect.objectContaining({ length: 3 }) }));
  });
});
