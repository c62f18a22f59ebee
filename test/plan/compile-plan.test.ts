import { describe, expect, it } from "vitest";
import type { DataSchema } from "../../src/contracts.ts";
import { compilePlan, refuseBrokenPlan } from "../../src/plan/compile-plan.ts";
import type { Policy } from "../../src/policy/define-policy.ts";
import { fake } from "../../src/transforms/fake/fake.ts";
import { keep } from "../../src/transforms/plain/keep.ts";
import { nullify } from "../../src/transforms/plain/nullify.ts";
import { redact } from "../../src/transforms/plain/redact.ts";
import { hash } from "../../src/transforms/tokens/hash.ts";
import { tokenize } from "../../src/transforms/tokens/tokenize.ts";
import { column, database, EMPTY_TARGET, foreignKey, integerColumn, primaryKey, table } from "./schemas.ts";

const errorsOf = (tables: Policy["tables"], source: DataSchema, target = EMPTY_TARGET) =>
  compilePlan({ tables }, source, target)
    .findings.filter(({ severity }) => severity === "error")
    .map(({ code, table, column }) => [code, table, column].filter(Boolean).join(" "));

const users = table("users", [integerColumn("id", { nullable: false }), column("email"), column("bio")], {
  uniqueKeys: [primaryKey("id")],
});
const orders = table("orders", [integerColumn("id"), integerColumn("user_id")], {
  foreignKeys: [foreignKey("user_id", "users")],
});

describe("compilePlan", () => {
  it("lists every column without a rule, each with a paste-ready line", () => {
    const { findings } = compilePlan({ tables: { users: { id: keep() } } }, database(users), EMPTY_TARGET);
    expect(findings.map(({ code, column }) => `${code} ${column}`)).toEqual(["COLUMN_UNCOVERED email", "COLUMN_UNCOVERED bio"]);
    expect(findings[0]!.hint).toContain("email: keep()");
  });

  it("reports all that is wrong at once, and refuses the plan with it", () => {
    const tables = { users: { id: keep(), mail: redact() }, usrs: {} };
    expect(errorsOf(tables, database(users))).toEqual([
      "TABLE_UNKNOWN usrs",
      "COLUMN_UNKNOWN users mail",
      "COLUMN_UNCOVERED users email",
      "COLUMN_UNCOVERED users bio",
    ]);
    const plan = compilePlan({ tables }, database(users), EMPTY_TARGET);
    expect(() => refuseBrokenPlan(plan)).toThrowError(
      expect.objectContaining({ code: "PLAN_REFUSED", findings: expect.arrayContaining([]) }),
    );
  });

  it("suggests the nearest table and column", () => {
    const { findings } = compilePlan({ tables: { user: { emial: keep() } } }, database(users), EMPTY_TARGET);
    expect(findings[0]!.hint).toContain("users");
  });

  it("gives a foreign key's column the rule of the column that it points to", () => {
    const rule = tokenize();
    const plan = compilePlan(
      { tables: { users: { id: rule, email: redact(), bio: redact() }, orders: { id: keep() } } },
      database(orders, users),
      EMPTY_TARGET,
    );
    expect(plan.findings).toEqual([]);
    const [, userId] = plan.tables[0]!.columns;
    expect(userId).toMatchObject({ rule, decision: "mask", inheritedFrom: { column: "id" } });
  });

  it("refuses a foreign key's own rule that would break the join, and takes one that agrees", () => {
    const policy = (rule: ReturnType<typeof keep>) => ({
      users: { id: tokenize(), email: redact(), bio: redact() },
      orders: { id: keep(), user_id: rule },
    });
    expect(errorsOf(policy(keep()), database(users, orders))).toEqual(["REFERENCE_CONFLICT orders user_id"]);
    expect(errorsOf(policy(hash({ as: "integer" })), database(users, orders))).toEqual(["REFERENCE_CONFLICT orders user_id"]);
    expect(errorsOf(policy(tokenize()), database(users, orders))).toEqual([]);
    expect(errorsOf(policy(tokenize({ domain: "other" })), database(users, orders))).toEqual([
      "REFERENCE_CONFLICT orders user_id",
    ]);
  });

  it("resolves references in a circle from whichever end has the rule", () => {
    const a = table("a", [integerColumn("id"), integerColumn("b_id")], { foreignKeys: [foreignKey("b_id", "b")] });
    const b = table("b", [integerColumn("id"), integerColumn("a_id")], { foreignKeys: [foreignKey("a_id", "a")] });
    expect(errorsOf({ a: { id: tokenize() }, b: { id: tokenize() } }, database(a, b))).toEqual([]);
    const one = table("one", [integerColumn("id")], { foreignKeys: [foreignKey("id", "two")] });
    const two = table("two", [integerColumn("id")], { foreignKeys: [foreignKey("id", "one")] });
    expect(errorsOf({ one: { id: tokenize() }, two: {} }, database(one, two))).toEqual([]);
    expect(errorsOf({ one: {}, two: { id: tokenize() } }, database(one, two))).toEqual([]);
  });

  it("refuses a reference to a table that is not copied", () => {
    expect(errorsOf({ orders: { id: keep(), user_id: keep() } }, database(users, orders))).toEqual([
      "REFERENCE_UNSELECTED orders user_id",
    ]);
  });

  it("names the tables that the policy does not, as a warning, and none that it skips", () => {
    const all = { id: keep(), email: redact(), bio: redact() };
    const plan = compilePlan({ tables: { users: all } }, database(users, table("logs", [])), EMPTY_TARGET);
    expect(plan.findings.map(({ code, severity }) => `${severity} ${code}`)).toEqual(["warning TABLE_UNSELECTED"]);
    expect(
      compilePlan({ tables: { users: all, logs: "skip" } }, database(users, table("logs", [])), EMPTY_TARGET).findings,
    ).toEqual([]);
  });

  it("asks for the schema where a name could be of two tables", () => {
    const other = { ...users, ref: { schema: "billing", name: "users" } };
    expect(errorsOf({ users: {} }, database(users, other))).toContain("TABLE_UNKNOWN users");
    expect(errorsOf({ "billing.users": { id: keep(), email: keep(), bio: keep() } }, database(users, other))).toEqual([]);
  });

  it("decides nothing about a generated column, and refuses a rule for it", () => {
    const generated = table("t", [column("a"), column("b", { isGenerated: true })]);
    expect(errorsOf({ t: { a: keep() } }, database(generated))).toEqual([]);
    expect(errorsOf({ t: { a: keep(), b: redact() } }, database(generated))).toEqual(["COLUMN_GENERATED t b"]);
  });

  it("refuses what cannot stand in the column: kind, NULL, length", () => {
    const source = database(
      table("t", [integerColumn("n"), column("must", { nullable: false }), column("short", { maxLength: 5 })]),
    );
    expect(errorsOf({ t: { n: redact(), must: nullify(), short: tokenize() } }, source)).toEqual([
      "KIND_UNSUPPORTED t n",
      "NOT_NULLABLE t must",
      "LENGTH_EXCEEDED t short",
    ]);
    expect(errorsOf({ t: { n: keep(), must: redact({ onUnsupported: "nullify" }), short: keep() } }, source)).toEqual([
      "NOT_NULLABLE t must",
    ]);
    expect(errorsOf({ t: { n: hash({ as: "integer", onUnsupported: "redact" }), must: keep(), short: keep() } }, source)).toEqual(
      ["KIND_UNSUPPORTED t n"],
    );
  });

  it("refuses on a unique column what may give two values one output, by the birthday bound at the row count", () => {
    const unique = (rowEstimate: number | null) =>
      database(
        table("t", [column("email")], {
          uniqueKeys: [{ name: "t_email_key", columns: ["email"], isPrimary: false, isPartial: false }],
          rowEstimate,
        }),
      );
    expect(errorsOf({ t: { email: fake("internet.email") } }, unique(100))).toEqual(["UNIQUENESS_LOST t email"]);
    expect(errorsOf({ t: { email: redact() } }, unique(100))).toEqual(["UNIQUENESS_LOST t email"]);
    expect(errorsOf({ t: { email: fake("internet.email", { unique: true }) } }, unique(2_000_000))).toEqual([]);
    expect(errorsOf({ t: { email: tokenize() } }, unique(null))).toEqual([]);
    // 8 hexadecimal digits: 32 bits hold a thousand rows at 10^-4, not at 10^-6.
    expect(errorsOf({ t: { email: hash({ length: 8 }) } }, unique(1000))).toEqual(["UNIQUENESS_LOST t email"]);
    expect(errorsOf({ t: { email: hash({ length: 20 }) } }, unique(1_000_000))).toEqual([]);
  });

  it("checks the target's shape where it has the tables, and nothing where it is empty", () => {
    const policy = { users: { id: keep(), email: keep(), bio: keep() } };
    const smaller = table("users", [
      integerColumn("id"),
      column("email", { maxLength: 10 }),
      column("note", { nullable: false }),
    ]);
    const wide = table("users", [integerColumn("id", { nullable: false }), column("email", { maxLength: 20 }), column("bio")]);
    expect(errorsOf(policy, database(wide), database(smaller))).toEqual([
      "TARGET_MISMATCH users email",
      "TARGET_MISMATCH users bio",
      "TARGET_MISMATCH users note",
    ]);
    expect(errorsOf({ ...policy, orders: { id: keep() } }, database(users, orders), database(users))).toEqual([
      "TARGET_TABLE_MISSING orders",
    ]);
  });

  it("takes a CSV's types and keys from the database that it goes into", () => {
    const csv: DataSchema = {
      system: "csv",
      tables: [{ ...table("users", [column("id", { type: "csv" })]), ref: { schema: null, name: "users" } }],
    };
    const target = database(table("users", [integerColumn("id", { nullable: false })], { uniqueKeys: [primaryKey("id")] }));
    const plan = compilePlan({ tables: { users: { id: tokenize() } } }, csv, target);
    expect(plan.tables[0]!.columns[0]!.column.kind).toBe("integer");
    expect(plan.findings).toEqual([]);
  });
});
