import { describe, expect, it } from "vitest";
import { createMasker } from "../../src/pipeline/masking/create-masker.ts";
import { compilePlan, refuseBrokenPlan } from "../../src/plan/compile-plan.ts";
import { parsePolicy } from "../../src/policy/parse/parse-policy.ts";
import { keep } from "../../src/transforms/plain/keep.ts";
import { review } from "../../src/transforms/plain/review.ts";
import { column, database, EMPTY_TARGET, foreignKey, integerColumn, primaryKey, table } from "../plan/schemas.ts";
import { TEST_KEY } from "../test-key.ts";

const SCHEMA = database(
  table("people", [integerColumn("id"), column("notes")], { uniqueKeys: [primaryKey("id")] }),
  table("visits", [integerColumn("person_id")], { foreignKeys: [foreignKey("person_id", "people")] }),
);

describe("review", () => {
  it("is shown in the plan, with its question, and refuses the run", () => {
    const tables = { people: { id: keep(), notes: review("free text") }, visits: {} };
    const plan = compilePlan({ tables }, SCHEMA, EMPTY_TARGET);
    expect(plan.tables[0]!.columns.map(({ decision }) => decision)).toEqual(["keep", "review"]);
    const errors = plan.findings.filter(({ severity }) => severity === "error");
    expect(errors).toMatchObject([{ code: "REVIEW_NEEDED", table: "people", column: "notes" }]);
    expect(errors[0]!.message).toContain("free text");
    expect(() => refuseBrokenPlan(plan)).toThrow(expect.objectContaining({ code: "PLAN_REFUSED" }));
  });

  it("is told once, where foreign keys wait with the column that they point to", () => {
    const plan = compilePlan({ tables: { people: { id: review(), notes: keep() }, visits: {} } }, SCHEMA, EMPTY_TARGET);
    expect(plan.tables[1]!.columns).toMatchObject([{ decision: "review" }]);
    expect(plan.findings.filter(({ code }) => code === "REVIEW_NEEDED")).toHaveLength(1);
  });

  it("is written in YAML as keep is", () => {
    const { tables } = parsePolicy({ tables: { people: { id: "review", notes: { review: "free text" } } } });
    expect(tables.people).toMatchObject({ id: { options: {} }, notes: { options: { reason: "free text" } } });
  });

  it("gives no object out, neither masked nor as it came", async () => {
    const masker = createMasker({ notes: review() }, { key: TEST_KEY });
    await expect(masker.row({ notes: "canary" })).rejects.toSatisfy((error) => !String(error).includes("canary"));
  });
});
