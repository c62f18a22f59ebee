import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv } from "ajv";
import { afterAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { policySchema } from "../../docs/policy-schema.ts";
import { loadPolicy } from "../../src/policy/read/load-policy.ts";
import { transformByName, transformNames } from "../../src/transforms/registry.ts";

const validate = new Ajv({ strict: true, allowUnionTypes: true }).compile(policySchema());
const folder = mkdtempSync(join(tmpdir(), "standin-schema-"));
afterAll(() => rmSync(folder, { recursive: true }));

async function isRead(text: string): Promise<boolean> {
  writeFileSync(join(folder, "p.yaml"), text);
  return loadPolicy("p.yaml", folder, async () => ({}), { variables: { A: "a" }, locations: "unneeded" }).then(
    () => true,
    () => false,
  );
}

const rule = (text: string) => `tables: { t: { x: ${text} } }`;
const VALID = [
  rule("keep"),
  rule("{ keep: a price }"),
  rule("{ keep: }"),
  rule("{ fake: internet.email }"),
  rule("{ fake: { path: internet.email, unique: true, locale: de }, domain: person }"),
  rule("{ fake: { path: number.int, arguments: [{ min: 1 }] } }"),
  rule("{ redact: { keepFirst: 1, fill: x, domain: a } }"),
  rule("{ constant: { value: 5 } }"),
  rule("{ shiftDates: { days: 3, by: id }, onUnsupported: nullify }"),
  rule("{ addNoise: { ratio: 0.2 } }"),
  "tables: { a: skip, b: leave, 'c*': { '/x$/i': redact } }",
  "tables: {}\ncolumns: { '*.a': keep }\nwhen: { email: redact }\nclasses: { t.x: email, '*.y': none }\npresets: gdpr",
  "$schema: ./s.json\nsource: ./in\ntarget: out\nkeyVariable: K\npresets: [gdpr, pci-dss]\ntables: {}",
  "tables: {}\nreferences: [{ from: a.b, to: c.d, when: { type: Post, n: 1, b: true } }]",
  "tables: {}\nsubset: { a: all, b: { percent: 0.5, rows: 3, where: x = 1, keep: [1, y, { k: 1, l: z }], by: [k, l], children: { c: none, d: { max: 2, where: y > 1 } } } }",
  "tables: {}\nincremental: { a: xmin, b: { changedBy: at, overlap: 5m, deletes: compare, maxDeletedPercent: 0.5 } }",
  "tables: {}\nenvironments: { test: { target: x, tables: { t: { x: keep } }, classes: { t.x: none } }, staging: }",
  "source:\ntables: {}\nwhen:\ncolumns:\nreferences:\nenvironments:",
];
const INVALID = [
  "[]",
  "tables: { t: { x: kep } }",
  "tables: { t: { x: custom } }",
  "tables: { t: { x: fake } }",
  "tables: { t: drop }",
  "tables: { t: [keep] }",
  "tabels: {}",
  "tables: {}\nclasses: { t.x: emial }",
  "tables: {}\nwhen: { emial: keep }",
  "tables: {}\npresets: [gpdr]",
  "tables: {}\nenvironments: { test: { include: a.yaml } }",
  "tables: {}\nreferences: [{ from: a.b }]",
  "tables: {}\nsource: 5",
  "tables: {}\nincremental: { a: { changedBy: at, deletes: all } }",
  "tables: {}\nincremental: { a: { changedBy: at, deletes: compare, maxDeletedPercent: 101 } }",
  rule("{ fake: internet.emial }"),
  rule("{ fake: internet.email, unique: true }"),
  rule("{ redact: { keepFirst: -1 } }"),
  rule("{ redact: { keepFrist: 1 } }"),
  rule("{ redact: {}, keep: {} }"),
  rule("{ redact: {}, onUnsupported: keep }"),
  rule("{ nullify: 3 }"),
  rule("{ domain: x }"),
  rule("{ hash: { as: base64x } }"),
  rule("7"),
];

describe("the JSON Schema, by a validator of schemas", () => {
  it.each(VALID)("takes what the reader takes: %s", async (text) => {
    expect(validate(parse(text)), JSON.stringify(validate.errors)).toBe(true);
    expect(await isRead(text)).toBe(true);
  });

  it.each(INVALID)("refuses what the reader refuses: %s", async (text) => {
    expect(await isRead(text)).toBe(false);
    expect(validate(parse(text))).toBe(false);
  });

  it("describes every option and every key, for editors to show", () => {
    const undescribed = (name: string, properties: Record<string, { description?: string }> = {}) =>
      Object.entries(properties).flatMap(([key, { description }]) => (description ? [] : [`${name}.${key}`]));
    const schema = policySchema() as {
      properties: Record<string, object>;
      definitions: { environment: { properties: Record<string, object> } };
    };
    expect(undescribed("policy", schema.properties)).toEqual([]);
    expect(undescribed("environment", schema.definitions.environment.properties)).toEqual([]);
    for (const name of transformNames())
      for (const [option, { describe }] of Object.entries(transformByName(name)!.options))
        expect(describe, `${name}.${option}`).not.toBe("");
  });
});
