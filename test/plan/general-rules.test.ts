import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { CLASSES_BY_NAME } from "../../src/discover/classes-by-name.ts";
import { compilePlan } from "../../src/plan/compile-plan.ts";
import type { Policy } from "../../src/policy/define-policy.ts";
import { parsePolicy } from "../../src/policy/parse/parse-policy.ts";
import { loadPolicy } from "../../src/policy/read/load-policy.ts";
import { fake } from "../../src/transforms/fake/fake.ts";
import { keep } from "../../src/transforms/plain/keep.ts";
import { nullify } from "../../src/transforms/plain/nullify.ts";
import { redact } from "../../src/transforms/plain/redact.ts";
import { scramble } from "../../src/transforms/tokens/scramble.ts";
import { tokenize } from "../../src/transforms/tokens/tokenize.ts";
import { column, database, EMPTY_TARGET, foreignKey, integerColumn, primaryKey, table } from "./schemas.ts";

const users = table("users", [integerColumn("id"), column("email"), column("work_email"), column("client_ip")]);

const SCHEMA = database(users);

function planOf(policy: Policy, schema = SCHEMA, classes: typeof CLASSES_BY_NAME | null = CLASSES_BY_NAME) {
  return compilePlan(parsePolicy(policy), schema, EMPTY_TARGET, classes);
}

/** What becomes of each column, and by what. */
function decisionsOf(policy: Policy, schema = SCHEMA) {
  const plan = planOf(policy, schema);
  const rows = plan.tables.flatMap(({ table: { ref }, columns }) =>
    columns.map(({ column: { name }, rule, broughtBy = "" }) => [
      `${ref.name}.${name}`,
      `${rule?.transform.name} ${broughtBy}`.trim(),
    ]),
  );
  return Object.fromEntries(rows);
}

const problemsOf = (policy: Policy, schema = SCHEMA, classes: typeof CLASSES_BY_NAME | null = CLASSES_BY_NAME) =>
  planOf(policy, schema, classes).findings.map(({ code, severity, message }) => `${severity} ${code}: ${message}`);

describe("rules by patterns", () => {
  it("are beaten by a column's own rule, and a wider pattern by a narrower", () => {
    expect(
      decisionsOf({
        tables: { users: { id: keep(), email: redact() } },
        columns: { "*email": nullify(), "*.work_email": scramble(), "/_ip$/": tokenize(), "/ip/": nullify() },
      }),
    ).toEqual({
      "users.id": "keep",
      "users.email": "redact",
      "users.work_email": "scramble columns → *.work_email",
      "users.client_ip": "tokenize columns → /_ip$/",
    });
  });

  it("go from narrow to wide: a table's own, a pattern of tables, all columns", () => {
    const tables = {
      users: { id: keep(), "*_email": redact() },
      "u*": { email: nullify(), work_email: keep(), "*_ip": scramble() },
    };
    expect(decisionsOf({ tables, columns: { "users.*": tokenize() } })).toEqual({
      "users.id": "keep",
      "users.email": "nullify tables → u* → email",
      "users.work_email": "redact tables → users → *_email",
      "users.client_ip": "scramble tables → u* → *_ip",
    });
  });

  it("of equal width that say different things are an error that names both, and that say the same are none", () => {
    const policy = (other: ReturnType<typeof redact>) => ({
      tables: { users: { id: keep(), work_email: keep(), client_ip: keep() } },
      columns: { "users.*": redact(), "*.email": other },
    });
    expect(problemsOf(policy(nullify()))).toEqual([
      "error RULE_AMBIGUOUS: users.email matches both columns → users.* (redact) and columns → *.email (nullify), and neither is narrower.",
    ]);
    expect(problemsOf(policy(redact()))).toEqual([]);
  });

  it("are not ambiguous for a column that takes its parent's rule, and are for the next", () => {
    const parents = table("parents", [integerColumn("id", { nullable: false })], { uniqueKeys: [primaryKey("id")] });
    const children = (more: readonly ReturnType<typeof column>[]) =>
      table("children", [integerColumn("parent_id"), ...more], { foreignKeys: [foreignKey("parent_id", "parents")] });
    const tables = { parents: { id: keep() }, children: {} };
    const problems = (more: readonly ReturnType<typeof column>[]) =>
      problemsOf({ tables, columns: { "*n.pa*_id": redact(), "c*.pa*_id": nullify() } }, database(parents, children(more)));
    expect(problems([])).toEqual([]);
    expect(problems([column("pack_id")])).toEqual([expect.stringContaining("RULE_AMBIGUOUS: children.pack_id matches both")]);
  });

  it("that match nothing are errors with the nearest name", () => {
    const all = { "*": redact(), id: keep() };
    const plan = planOf({
      tables: { users: all, "log_*": "skip" },
      columns: { "*.emial": nullify(), "/nothing/": nullify(), "*.email": nullify() },
    });
    expect(plan.findings.map(({ code, message, hint }) => `${code} ${message} ${hint}`)).toEqual([
      expect.stringMatching(/^RULE_UNMATCHED tables → log_\* matches no table/),
      expect.stringMatching(/^RULE_UNMATCHED columns → \*\.emial matches no column.*Did you mean users\.email/),
      expect.stringMatching(/^RULE_UNMATCHED columns → \/nothing\/ matches no column/),
    ]);
  });

  it("skip and leave tables by a pattern, the narrower winning", () => {
    const schema = database(users, table("log_a", [column("x")]), table("log_kept", [column("x")]));
    const plan = planOf({ tables: { "*": { "*": redact(), id: keep() }, "log_*": "skip", log_kept: { x: keep() } } }, schema);
    expect(plan.tables.map(({ table: { ref } }) => ref.name)).toEqual(["users", "log_kept"]);
    expect(plan.findings).toEqual([]);
    expect(
      problemsOf({ tables: { "*g_a": { x: keep() }, "log_*": "skip", users: { "*": redact(), id: keep() } } }, schema),
    ).toEqual([]);
    expect(
      problemsOf(
        { tables: { "*log_a": { x: keep() }, "log_a*": "skip", users: { "*": redact(), id: keep() }, log_kept: "skip" } },
        schema,
      ),
    ).toEqual([expect.stringContaining("RULE_AMBIGUOUS: log_a matches both")]);
  });

  it("leave a name that is really written so to its column", () => {
    const odd = database(table("t*", [column("a*"), column("ab")]));
    expect(decisionsOf({ tables: { "t*": { "a*": redact(), ab: keep() } } }, odd)).toEqual({
      "t*.a*": "redact",
      "t*.ab": "keep",
    });
  });

  it("that keep whatever there is are a warning, once for each pattern", () => {
    const two = database(users, table("visits", [column("page")]));
    expect(
      problemsOf({ tables: { users: { "*": keep() }, visits: {} }, columns: { "visits.*": keep(), "*.*_ip": keep() } }, two),
    ).toEqual([
      expect.stringContaining("warning KEEP_WIDE: tables → users → * keeps every column"),
      expect.stringContaining("warning KEEP_WIDE: columns → visits.* keeps every column"),
    ]);
    expect(problemsOf({ tables: { users: { "*i*": keep(), "*": redact(), id: keep() } } })).toEqual([]);
  });

  it("give way to the rule of the column that a foreign key points to", () => {
    const orders = table("orders", [integerColumn("user_id")], { foreignKeys: [foreignKey("user_id", "users")] });
    const keyed = { ...users, uniqueKeys: [primaryKey("id")] };
    const plan = planOf(
      { tables: { users: { id: tokenize(), "*": redact() }, orders: {} }, columns: { "*.user_id": keep() } },
      database(keyed, orders),
    );
    expect(plan.findings).toEqual([]);
    expect(plan.tables[1]!.columns[0]).toMatchObject({ decision: "mask", inheritedFrom: { column: "id" } });
  });

  it("do not cover a column that none matches", () => {
    expect(problemsOf({ tables: { users: { id: keep(), client_ip: keep() } }, columns: { "*.email": redact() } })).toEqual([
      expect.stringContaining("COLUMN_UNCOVERED: users.work_email"),
    ]);
  });
});

describe("rules by class", () => {
  const policy: Policy = {
    tables: { users: { id: keep(), "*_ip": keep() } },
    when: { email: fake("internet.email"), phone: scramble() },
  };

  it("come last, for the columns that are named like it", () => {
    expect(decisionsOf(policy)).toEqual({
      "users.id": "keep",
      "users.email": "fake when → email",
      "users.work_email": "fake when → email",
      "users.client_ip": "keep tables → users → *_ip",
    });
    expect(decisionsOf({ ...policy, columns: { "*.email": redact() } })["users.email"]).toBe("redact columns → *.email");
  });

  it("are an error where nobody knows classes, never passed over", () => {
    expect(problemsOf(policy, SCHEMA, null)).toEqual(
      expect.arrayContaining([
        expect.stringContaining("error CLASSES_UNAVAILABLE"),
        expect.stringContaining("COLUMN_UNCOVERED: users.email"),
      ]),
    );
  });
});

describe("many tables and patterns", () => {
  it("are matched within two seconds: a thousand tables, fifty patterns", () => {
    const columns = Array.from({ length: 12 }, (_, index) => column(`c${index}_name`));
    const tables = Array.from({ length: 1000 }, (_, index) =>
      table(
        `t${index}`,
        columns.map((one) => ({ ...one })),
      ),
    );
    const patterns = Array.from({ length: 50 }, (_, index) => [`*.c${index % 12}_n*${"m".repeat(index % 2)}e`, redact()]);
    const policy = parsePolicy({ tables: { "t*": {} }, columns: { "*.c*": redact(), ...Object.fromEntries(patterns) } });
    const started = performance.now();
    const plan = compilePlan(policy, database(...tables), EMPTY_TARGET, CLASSES_BY_NAME);
    expect(performance.now() - started).toBeLessThan(2000);
    expect(plan.tables.length).toBe(1000);
    expect(plan.findings).toEqual([]);
  });
});

describe("findings of a plan", () => {
  it("say where in the file the policy speaks of them", async () => {
    const folder = mkdtempSync(join(tmpdir(), "standin-places-"));
    try {
      const text =
        "tables:\n  users:\n    id: nullify\n    phone: keep\n  logs: skip\ncolumns:\n  '*.emial': redact\nwhen:\n  ipAddress: keep\n";
      writeFileSync(join(folder, "p.yaml"), text);
      const { policy } = await loadPolicy("p.yaml", folder, async () => ({}));
      const schema = database({ ...users, columns: [integerColumn("id", { nullable: false }), column("email")] });
      const { findings } = compilePlan(policy, schema, EMPTY_TARGET, CLASSES_BY_NAME);
      expect(findings.map(({ code, line, columnNumber }) => `${code} ${line}:${columnNumber}`).sort()).toEqual([
        "COLUMN_UNCOVERED 2:3",
        "COLUMN_UNKNOWN 4:5",
        "NOT_NULLABLE 3:5",
        "RULE_UNMATCHED 7:3",
        "TABLE_UNKNOWN 5:3",
      ]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
