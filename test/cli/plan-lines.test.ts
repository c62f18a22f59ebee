import { join } from "node:path";
import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { README_SHOP } from "../../docs/plan-output.ts";
import { planLines } from "../../src/cli/show/plan-lines.ts";
import { compilePlan } from "../../src/plan/compile-plan.ts";
import { parsePolicy } from "../../src/policy/parse/parse-policy.ts";

const REASON = "a surrogate key that means nothing outside of this database";

function shown(columns?: number): readonly string[] {
  const [id, rest] = [{ keep: REASON }, "keep"];
  const customers = { id, email: rest, card: rest, born: rest, city: rest, notes: rest };
  const policy = parsePolicy({ tables: { customers, orders: { id: rest, total: rest, placed_at: rest }, audit_log: "skip" } });
  const plan = compilePlan(policy, README_SHOP, { ...README_SHOP, tables: [] });
  const output = Object.assign(new PassThrough(), columns === undefined ? {} : { columns });
  return planLines(plan, { policy, file: join(process.cwd(), "p.yaml"), isCode: false, plugins: [] }, output);
}

const lineOf = (lines: readonly string[], column: string) => lines.find((line) => line.startsWith(`  ${column} `));

describe("planLines", () => {
  it("cuts a reason to the width of the terminal, and of a file nothing", () => {
    for (const width of [80, 90]) {
      const line = lineOf(shown(width), "id")!;
      expect(line).toHaveLength(width);
      expect(line).toMatch(/ keep a surrogate .*…$/);
    }
    expect(lineOf(shown(), "id")).toContain(REASON);
  });

  it("says of a column that follows another where it goes, and not once more why the other is kept", () => {
    expect(lineOf(shown(80), "customer_id")).toMatch(/ keep {2}as customers\.id$/);
  });
});
