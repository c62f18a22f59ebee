import { describe, expect, it } from "vitest";
import type { Column, DataSchema, Table } from "../../src/contracts.ts";
import { compilePlan } from "../../src/plan/compile-plan.ts";
import type { Policy } from "../../src/policy/define-policy.ts";
import { custom } from "../../src/transforms/pieces/custom.ts";
import { keep } from "../../src/transforms/plain/keep.ts";
import { hash } from "../../src/transforms/tokens/hash.ts";
import { tokenize } from "../../src/transforms/tokens/tokenize.ts";
import { column, database, EMPTY_TARGET, foreignKey, integerColumn, table } from "./schemas.ts";

const power = (exponent: bigint) => ({ min: -(2n ** exponent), max: 2n ** exponent - 1n });
const small = (name: string): Column => integerColumn(name, { type: "smallint", range: power(15n) });
const big = (name: string): Column => integerColumn(name, { type: "bigint", range: power(63n) });

/** What is wrong where `c.ref` points to `p.id`. */
function errorsOf(parent: Column, child: Column, tables: Policy["tables"]): string[] {
  const schema = database(table("p", [parent]), table("c", [child], { foreignKeys: [foreignKey("ref", "p")] }));
  return compilePlan({ tables }, schema, EMPTY_TARGET).findings.map(({ code, message }) => `${code}: ${message}`);
}

describe("a reference between columns of two types", () => {
  it("is refused where the mask maps the two differently, before a row is read", () => {
    const tables = { p: { id: tokenize() }, c: {} };
    expect(errorsOf(integerColumn("id"), small("ref"), tables)).toEqual([
      expect.stringMatching(/^REFERENCE_CONFLICT: c\.ref is smallint and references p\.id, which is integer: tokenize/),
      expect.stringMatching(/^DOMAIN_SMALL/),
    ]);
    expect(errorsOf(big("id"), integerColumn("ref"), { p: { id: hash({ as: "integer" }) }, c: {} })).toEqual([
      expect.stringMatching(/^REFERENCE_CONFLICT/),
    ]);
    expect(errorsOf(column("id", { kind: "uuid" }), column("ref"), tables)).toEqual([
      expect.stringMatching(/^REFERENCE_CONFLICT/),
    ]);
  });

  it("is taken where the mapping is one, or nothing is mapped", () => {
    expect(errorsOf(big("id"), integerColumn("ref"), { p: { id: tokenize() }, c: {} })).toEqual([]);
    expect(errorsOf(column("id"), column("ref", { maxLength: 30 }), { p: { id: tokenize() }, c: {} })).toEqual([]);
    expect(errorsOf(integerColumn("id"), small("ref"), { p: { id: keep() }, c: {} })).toEqual([]);
  });
});

describe("a reference whose column has a rule of its own", () => {
  it("agrees with a rule that names the same domain, whether by its default or in words", () => {
    const tables = { p: { id: tokenize() }, c: { ref: tokenize({ domain: "tokenize" }) } };
    expect(errorsOf(column("id"), column("ref"), tables)).toEqual([]);
  });

  it("does not agree with another function", () => {
    const upper = (value: string) => value.toUpperCase();
    const lower = (value: string) => value.toLowerCase();
    expect(errorsOf(column("id"), column("ref"), { p: { id: custom(upper) }, c: { ref: custom(lower) } })).toEqual([
      expect.stringMatching(/^REFERENCE_CONFLICT/),
    ]);
    expect(errorsOf(column("id"), column("ref"), { p: { id: custom(upper) }, c: { ref: custom(upper) } })).toEqual([]);
  });
});

describe("a reference to another MySQL database", () => {
  it("is refused with what can be done about it: its rows cannot be given a rule", () => {
    const mysql = (...tables: Table[]): DataSchema => ({ system: "mysql", tables });
    const elsewhere = { ...foreignKey("p", "people"), references: { schema: "crm", name: "people" } };
    const visits = { ...table("visits", [column("p")], { foreignKeys: [elsewhere] }), ref: { schema: null, name: "visits" } };
    const { findings } = compilePlan({ tables: { visits: { p: keep() } } }, mysql(visits), mysql());
    expect(findings).toMatchObject([
      { code: "REFERENCE_UNSELECTED", severity: "error", hint: expect.stringMatching(/^A run reads one database: skip visits/) },
    ]);
  });
});
