import { describe, expect, it } from "vitest";
import { CLASSES_BY_NAME } from "../../src/discover/classes-by-name.ts";
import { compilePlan } from "../../src/plan/compile-plan.ts";
import { explainColumn } from "../../src/plan/explain-column.ts";
import type { Policy } from "../../src/policy/define-policy.ts";
import { parsePolicy } from "../../src/policy/parse/parse-policy.ts";
import { fake } from "../../src/transforms/fake/fake.ts";
import { keep } from "../../src/transforms/plain/keep.ts";
import { redact } from "../../src/transforms/plain/redact.ts";
import { column, database, EMPTY_TARGET, integerColumn, table } from "./schemas.ts";

const users = table("users", [integerColumn("id"), column("email"), column("reach_me"), column("city")]);

const planOf = (policy: Omit<Policy, "tables">) =>
  compilePlan(parsePolicy({ tables: { users: { id: keep() } }, ...policy }), database(users), EMPTY_TARGET, CLASSES_BY_NAME);

const when = { email: fake("internet.email"), city: redact() };

describe("the classes that a policy states", () => {
  it("bring a column the rule of its class, and explain says who stated it", () => {
    const plan = planOf({ when, classes: { "users.reach_me": "email" } });
    expect(plan.findings).toEqual([]);
    expect(explainColumn(plan, "users.reach_me")).toMatchObject({
      broughtBy: "when → email",
      classedBy: "classes → users.reach_me",
    });
    expect(explainColumn(plan, "users.email")).toMatchObject({ broughtBy: "when → email", classedBy: "its name" });
    expect(explainColumn(plan, "users.id")).toMatchObject({ broughtBy: null, classedBy: null });
  });

  it("win over the name, and none takes a column out of every class", () => {
    const { findings } = planOf({ when, classes: { "*.reach_me": "city", "*.city": "none" } });
    expect(findings).toMatchObject([{ code: "COLUMN_UNCOVERED", column: "city" }]);
  });

  it("go from the very name to the wider pattern", () => {
    const plan = planOf({ when, classes: { "users.reach_me": "email", "*.reach_me": "none", "/me$/": "city" } });
    expect(explainColumn(plan, "users.reach_me")).toMatchObject({ classedBy: "classes → users.reach_me" });
  });

  it("must not differ between two equally narrow patterns, where no narrower one decides", () => {
    const classes = { "*.reach_m*": "email", "*s.reach_m": "none", "*.reach_me": "email" } as const;
    const { findings } = planOf({
      when,
      classes: { "*.reach*": "email", "*reach_m*": "email", "*.reach_*": "city" },
    });
    expect(findings.map(({ code, column, message }) => ({ code, column, message }))).toEqual([
      {
        code: "RULE_AMBIGUOUS",
        column: "reach_me",
        message:
          "users.reach_me matches both classes → *reach_m* (email) and classes → *.reach_* (city), and neither is narrower.",
      },
    ]);
    expect(planOf({ when, classes }).findings.filter(({ code }) => code === "RULE_AMBIGUOUS")).toEqual([]);
  });

  it("are gone by in presets", () => {
    const { findings } = planOf({
      when: { ...when, phone: keep() },
      presets: ["gdpr"],
      classes: { "users.reach_me": "phone" },
    });
    expect(findings).toMatchObject([{ code: "PRESET_ADVICE", column: "reach_me" }]);
  });

  it("that speak of no column, or are none, are errors with the nearest name", () => {
    expect(planOf({ when, classes: { "users.reach_me": "email", "users.rich_me": "email" } }).findings).toMatchObject([
      { code: "RULE_UNMATCHED", severity: "error", hint: expect.stringContaining("users.reach_me") },
    ]);
    const wrong = { classes: { "users.x": "emial", nick: "email", "/(/": "email", "a.b": 5 } };
    expect(() => parsePolicy({ tables: {}, ...wrong })).toThrowError(
      expect.objectContaining({
        findings: [
          expect.objectContaining({ hint: expect.stringContaining('Did you mean "email"') }),
          expect.objectContaining({ message: "classes → nick names no column." }),
          expect.objectContaining({ message: "classes → /(/ names no column." }),
          expect.objectContaining({ message: "classes → a.b: that is no class of data." }),
        ],
      }),
    );
  });
});
