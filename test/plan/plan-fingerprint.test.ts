import { describe, expect, it } from "vitest";
import type { Column } from "../../src/contracts.ts";
import { compilePlan } from "../../src/plan/compile-plan.ts";
import { fingerprintPlan } from "../../src/plan/plan-fingerprint.ts";
import type { Policy } from "../../src/policy/define-policy.ts";
import { fake } from "../../src/transforms/fake/fake.ts";
import { custom } from "../../src/transforms/pieces/custom.ts";
import { keep } from "../../src/transforms/plain/keep.ts";
import { redact } from "../../src/transforms/plain/redact.ts";
import { tokenize } from "../../src/transforms/tokens/tokenize.ts";
import { column, database, EMPTY_TARGET, integerColumn, table } from "./schemas.ts";

const users = table("users", [integerColumn("id"), column("email"), column("bio")]);
const notes = table("notes", [column("text")]);
const fingerprintOf = (tables: Policy["tables"], source = database(users)) =>
  fingerprintPlan(compilePlan({ tables }, source, EMPTY_TARGET));

describe("fingerprintPlan", () => {
  const rules = { id: keep(), email: tokenize(), bio: redact({ keepFirst: 1, keepLast: 2 }) };

  it("is one short name, the same for the same plan", async () => {
    const fingerprint = await fingerprintOf({ users: rules });
    expect(fingerprint).toMatch(/^xxh64:[0-9a-f]{16}$/);
    expect(await fingerprintOf({ users: { ...rules } })).toBe(fingerprint);
  });

  it("does not hear of reasons, row counts, or the order of tables and options", async () => {
    const fingerprint = await fingerprintOf({ users: rules, notes: { text: redact() } }, database(users, notes));
    const retold = { ...rules, id: keep("a number"), bio: redact({ keepLast: 2, keepFirst: 1 }) };
    expect(await fingerprintOf({ notes: { text: redact() }, users: retold }, database(notes, { ...users, rowEstimate: 7 }))).toBe(
      fingerprint,
    );
  });

  it("tells columns apart in which equal values are masked differently", async () => {
    const tables = { users: { id: tokenize(), email: tokenize(), bio: redact() } };
    const id = integerColumn("id");
    const shapes: Column[] = [id, { ...id, range: { min: -(2n ** 15n), max: 2n ** 15n - 1n } }, { ...id, maxLength: 3 }];
    const found = await Promise.all(
      shapes.map((shape) => fingerprintOf(tables, database(table("users", [shape, column("email"), column("bio")])))),
    );
    expect(new Set(found).size).toBe(shapes.length);
  });

  it("tells rules, options, domains and functions apart", async () => {
    const plans = [
      rules,
      { ...rules, email: redact() },
      { ...rules, bio: redact({ keepFirst: 2, keepLast: 2 }) },
      { ...rules, email: tokenize({ domain: "mail" }) },
      { ...rules, email: tokenize({ onUnsupported: "nullify" }) },
      ...[/[a-z]{9}/, /[0-9]{9}/].map((pattern) => ({
        ...rules,
        bio: fake("helpers.fromRegExp", { arguments: [pattern], domain: "codes" }),
      })),
      { ...rules, bio: custom((text) => text.slice(1)) },
      { ...rules, bio: custom((text) => text.slice(2)) },
    ];
    const found = await Promise.all(plans.map((one) => fingerprintOf({ users: one })));
    expect(new Set(found).size).toBe(plans.length);
  });
});
