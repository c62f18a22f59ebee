import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { StandinError } from "../../src/errors.ts";
import { parsePolicy } from "../../src/policy/parse/parse-policy.ts";
import { loadPolicy } from "../../src/policy/read/load-policy.ts";

const ONE = { source: "a", target: "b", tables: { people: { id: "keep" } } };
const TWO = { databases: { shop: ONE, billing: { ...ONE, target: "c" } } };

function mistakes(policy: unknown): readonly string[] {
  try {
    parsePolicy(policy);
    return [];
  } catch (error) {
    const { findings, message } = error as StandinError;
    return findings.length > 0 ? findings.map((one) => one.message) : [message];
  }
}

describe("a policy of several databases", () => {
  it("gives each what stands outside of them, and what it says itself wins", () => {
    const { databases } = parsePolicy({
      databases: { shop: { ...ONE, sourceLimits: { connections: 1 }, columns: { "*.email": "redact" } }, billing: ONE },
      columns: { "*.email": "nullify", "*.note": "redact" },
      sourceLimits: { rowsPerSecond: 5 },
      keyVariable: "OUR_KEY",
    });
    const nameOf = (rule: unknown) => (rule as { transform: { name: string } }).transform.name;
    const { shop, billing } = databases as Record<string, ReturnType<typeof parsePolicy>>;
    expect(Object.values(shop!.columns!).map(nameOf)).toEqual(["redact", "redact"]);
    expect(Object.values(billing!.columns!).map(nameOf)).toEqual(["nullify", "redact"]);
    expect([shop!.sourceLimits, billing!.sourceLimits]).toEqual([{ connections: 1 }, { rowsPerSecond: 5 }]);
    expect([shop!.keyVariable, billing!.keyVariable]).toEqual(["OUR_KEY", "OUR_KEY"]);
    // Each is a policy by itself, and goes through the reader as one; so does a copy of the whole.
    expect(parsePolicy(shop)).toBe(shop);
    const policy = parsePolicy(TWO);
    expect(Object.keys(parsePolicy({ ...policy }).databases!)).toEqual(["shop", "billing"]);
  });

  it("refuses what is about one source outside of its database, and references that name none", () => {
    expect(mistakes({ ...TWO, source: "x", tables: { people: { id: "keep" } } })).toEqual([
      'A policy with `databases` has no "source" of its own.',
      'A policy with `databases` has no "tables" of its own.',
    ]);
    expect(mistakes({ ...TWO, references: [{ from: "people.id", to: "shop.people.id" }] })).toEqual([
      "A reference names people.id, which begins with none of the policy's databases.",
    ]);
    expect(mistakes({ ...TWO, references: [{ from: "billing.people.id", to: "shop.people.id", when: { a: "b" } }] })).toEqual([
      "The reference from billing.people.id leads to another database, and has a `when`.",
    ]);
    expect(mistakes({ databases: { "shop.eu": ONE } })).toEqual(["shop.eu is no name of a database."]);
    expect(mistakes({ databases: { shop: { ...ONE, keyVariable: "X" } } })).toEqual(['A database has no "keyVariable".']);
    const environments = { test: { target: "t", databases: { shops: { target: "t" } } } };
    expect(mistakes({ ...TWO, environments })).toEqual([
      "The environment test speaks of a database shops, which the policy does not have.",
      "The environment test has a target, and the policy several databases.",
    ]);
    expect(mistakes({ databases: { shop: { ...ONE, tables: { people: { id: "kep" } } } } })).toHaveLength(1);
  });

  it("takes the rule of a column in another database that a reference names", () => {
    const { databases } = parsePolicy({
      databases: {
        shop: { ...ONE, tables: { people: { id: "tokenize" } } },
        billing: { ...ONE, tables: { bills: { total: "keep" } } },
      },
      references: [
        { from: "billing.bills.payer", to: "shop.people.id" },
        { from: "shop.people.parent", to: "shop.people.id" },
      ],
    });
    expect(databases!.billing!.tables!.bills).toMatchObject({ payer: { transform: { name: "tokenize" } } });
    expect(databases!.shop!.references).toEqual([{ from: "people.parent", to: "people.id" }]);
  });

  it("tells every variable that is not set, of all databases, and needs none of those that are not asked for", async () => {
    const folder = mkdtempSync(join(tmpdir(), "standin-databases-"));
    try {
      const file = join(folder, "standin.policy.yaml");
      writeFileSync(
        file,
        // biome-ignore lint/suspicious/noTemplateCurlyInString: this is how a policy writes a variable.
        "databases:\n  a: { source: '${A_URL}', target: out, tables: { t: { id: keep } } }\n  b: { source: '${B_URL}', target: out2, tables: { t: { id: keep } } }\n",
      );
      const load = (options: object) =>
        loadPolicy(file, folder, async () => undefined, { variables: { A_URL: "in" }, ...options });
      await expect(load({ variables: {} })).rejects.toMatchObject({
        code: "LOCATION_INVALID",
        findings: [
          { database: "a", line: 2 },
          { database: "b", line: 3 },
        ],
      });
      expect((await load({ database: "a" })).policy.source).toBe("in");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
