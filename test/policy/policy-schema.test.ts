import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { policySchema, policySchemaText, SCHEMA_FILE } from "../../docs/policy-schema.ts";
import { DRAFT_KEYS } from "../../src/policy/parse/draft-keys.ts";
import { transformNames } from "../../src/transforms/registry.ts";

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly definitions?: Readonly<Record<string, Schema>>;
  readonly anyOf?: readonly Schema[];
  readonly enum?: readonly string[];
  readonly required?: readonly string[];
}

const schema = policySchema() as Schema;
const rules = schema.definitions!.rule!.anyOf!;

describe("the JSON Schema of a policy", () => {
  it("is published as code would write it now (if not: npm run docs)", () => {
    expect(readFileSync(SCHEMA_FILE, "utf8")).toBe(policySchemaText());
  });

  it("is a subpath and a file of the package", () => {
    const manifest = JSON.parse(readFileSync(join(import.meta.dirname, "..", "..", "package.json"), "utf8"));
    expect(manifest.exports["./policy.schema.json"]).toBe("./schema/standin.policy.schema.json");
    expect(manifest.files).toContain("schema");
  });

  it("has the keys that the reader has, in a policy and in an environment", () => {
    expect(Object.keys(schema.properties!).sort()).toEqual([...DRAFT_KEYS.policy].sort());
    expect(Object.keys(schema.definitions!.environment!.properties!).sort()).toEqual([...DRAFT_KEYS.environment].sort());
  });

  it("knows every transform that data can hold", () => {
    const named = rules.flatMap(({ required = [] }) => required);
    expect(named).toEqual(transformNames().filter((name) => name !== "custom" && name !== "callService"));
    expect(rules[0]!.enum).toEqual(expect.arrayContaining(["keep", "redact", "tokenize"]));
    expect(rules[0]!.enum).not.toContain("fake");
  });

  it("completes the options of a transform and the methods of faker", () => {
    const fake = rules.find(({ required }) => required?.includes("fake"))!.properties!.fake!.anyOf!;
    expect(fake[0]!.enum).toContain("internet.email");
    expect(Object.keys(fake[1]!.properties!)).toEqual(expect.arrayContaining(["path", "locale", "unique", "domain"]));
  });
});
