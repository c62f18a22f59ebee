import { describe, expect, it } from "vitest";
import { MemorySink, memorySource } from "../../src/connectors/memory/index.ts";
import { compilePlan } from "../../src/plan/compile-plan.ts";
import { fingerprintPlan } from "../../src/plan/plan-fingerprint.ts";
import type { Policy } from "../../src/policy/define-policy.ts";
import { parsePolicy } from "../../src/policy/parse/parse-policy.ts";
import { refresh } from "../../src/refresh.ts";
import { fake } from "../../src/transforms/fake/fake.ts";
import { keep } from "../../src/transforms/plain/keep.ts";
import { redact } from "../../src/transforms/plain/redact.ts";
import { tokenize } from "../../src/transforms/tokens/tokenize.ts";
import { TEST_KEY } from "../test-key.ts";
import { column, database, EMPTY_TARGET, foreignKey, integerColumn, table } from "./schemas.ts";

const customers = table("customers", [integerColumn("id"), column("email", { maxLength: 100 })]);
const orders = table("orders", [column("customer_email", { maxLength: 100 })]);
const REFERENCE = { from: "orders.customer_email", to: "customers.email" };

const findingsOf = (policy: Policy, ...tables: Parameters<typeof database>) =>
  compilePlan(policy, database(...tables), EMPTY_TARGET).findings.map(({ code, message }) => `${code}: ${message}`);

describe("a reference of the policy", () => {
  it("gives its column the rule of the column that it points to", () => {
    const policy: Policy = {
      tables: { customers: { id: keep(), email: fake("internet.email") }, orders: {} },
      references: [REFERENCE],
    };
    const plan = compilePlan(policy, database(customers, orders), EMPTY_TARGET);
    expect(plan.findings).toEqual([]);
    expect(plan.tables[1]!.columns[0]).toMatchObject({ decision: "mask", inheritedFrom: { column: "email" } });
  });

  it("is refused where its ends disagree: another rule, another length, another type", () => {
    const email = fake("internet.email");
    const rules = (own: Policy["tables"][string]): Policy => ({
      tables: { customers: { id: keep(), email }, orders: own },
      references: [REFERENCE],
    });
    expect(findingsOf(rules({ customer_email: redact() }), customers, orders)).toEqual([
      expect.stringMatching(/^REFERENCE_CONFLICT: orders\.customer_email references customers\.email/),
    ]);
    const shorter = table("orders", [column("customer_email", { maxLength: 40 })]);
    expect(findingsOf(rules({}), customers, shorter)).toEqual([expect.stringMatching(/^REFERENCE_CONFLICT: .*maps the two/)]);
    const number = table("orders", [integerColumn("customer_email")]);
    expect(findingsOf(rules({}), customers, number)).toContainEqual(expect.stringMatching(/^REFERENCE_CONFLICT/));
  });

  it("is refused where an end is not there or not copied, with the nearest name", () => {
    const tables = { customers: { id: keep(), email: keep() }, orders: { customer_email: keep() } };
    const { findings } = compilePlan(
      { tables, references: [{ from: "orders.customer_mail", to: "customers.email" }] },
      database(customers, orders),
      EMPTY_TARGET,
    );
    expect(findings).toEqual([expect.objectContaining({ hint: "Did you mean orders.customer_email?" })]);
  });

  it("is refused where only one of a column's references has a condition", () => {
    const posts = table("posts", [integerColumn("id")]);
    const comments = table("comments", [integerColumn("post_id"), column("kind")], {
      foreignKeys: [foreignKey("post_id", "posts")],
    });
    const policy: Policy = {
      tables: { posts: { id: keep() }, comments: { kind: keep() } },
      references: [{ from: "comments.post_id", to: "posts.id", when: { kind: "Post" } }],
    };
    expect(findingsOf(policy, posts, comments)).toEqual([
      expect.stringMatching(/under a condition and a foreign key without one/),
    ]);
  });

  it("is read from plain data, and each mistake in it is told", () => {
    const { references } = parsePolicy({ tables: {}, references: [{ ...REFERENCE, when: { kind: "a" } }] });
    expect(references).toEqual([{ ...REFERENCE, when: { kind: "a" } }]);
    const read = () => parsePolicy({ tables: {}, references: [{ from: "orders", to: "customers.email", if: {} }, 7] });
    expect(read).toThrowError(
      expect.objectContaining({ code: "POLICY_INVALID", findings: expect.objectContaining({ length: 3 }) }),
    );
  });
});

describe("a column that points to one of several tables", () => {
  const source = {
    posts: [{ id: "p1" }, { id: "p2" }],
    people: [{ id: "p1" }],
    comments: [
      { kind: "Post", subject: "p1" },
      { kind: "Person", subject: "p1" },
      { kind: "Post", subject: null },
      { kind: "Post", subject: "p2" },
    ],
  };
  const references = [
    { from: "comments.subject", to: "posts.id", when: { kind: "Post" } },
    { from: "comments.subject", to: "people.id", when: { kind: "Person" } },
  ];
  const tables = {
    posts: { id: tokenize({ domain: "post" }) },
    people: { id: tokenize({ domain: "person" }) },
    comments: { kind: keep() },
  };

  async function run(policy: Omit<Policy, "source" | "target">, rows: typeof source) {
    const sink = new MemorySink();
    await refresh({ source: memorySource(rows), target: sink, ...policy }, { key: TEST_KEY });
    return sink.tables;
  }

  it("takes in each row the rule of the one that it points to, and keeps the join", async () => {
    const { posts, people, comments } = await run({ tables, references }, source);
    expect(comments!.map(({ subject }) => subject)).toEqual([posts![0]!.id, people![0]!.id, null, posts![1]!.id]);
    expect(posts![0]!.id).not.toBe(people![0]!.id);
  });

  it("stops at a row that no reference holds for, unless the column has a rule of its own", async () => {
    const odd = { ...source, comments: [{ kind: "Film", subject: "canary" }] };
    await expect(run({ tables, references }, odd)).rejects.toMatchObject({ code: "VALUE_UNSUPPORTED", row: 1 });
    const own = { ...tables, comments: { kind: keep(), subject: redact() } };
    expect((await run({ tables: own, references }, odd)).comments).toEqual([{ kind: "Film", subject: "******" }]);
  });

  it("is part of the plan's fingerprint", async () => {
    const schema = database(
      table("posts", [column("id")]),
      table("people", [column("id")]),
      table("comments", [column("kind"), column("subject")]),
    );
    const of = (given: Policy["references"]) => fingerprintPlan(compilePlan({ tables, references: given }, schema, EMPTY_TARGET));
    const [first, second] = references;
    expect(await of([first!, { ...second!, when: { kind: "User" } }])).not.toBe(await of(references));
  });
});
