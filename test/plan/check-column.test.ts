import { describe, expect, it } from "vitest";
import type { Column, Rule } from "../../src/contracts.ts";
import { compilePlan } from "../../src/plan/compile-plan.ts";
import { encryptDigits, encryptId, scramble, tokenize } from "../../src/transforms/index.ts";
import { column, database, integerColumn, table } from "./schemas.ts";

const varchar = (maxLength: number): Column => column("code", { type: `varchar(${maxLength})`, maxLength });

function findingsOf(rule: Rule, of: Column) {
  const schema = database(table("orders", [of]));
  return compilePlan({ tables: { orders: { [of.name]: rule } } }, schema, schema).findings;
}

describe("a domain that is small", () => {
  it("because of its column is no matter of another mask that maps one to one", () => {
    for (const [rule, of] of [
      [scramble(), varchar(1)],
      [encryptDigits(), varchar(3)],
      [tokenize(), integerColumn("code", { type: "smallint", range: { min: -32768n, max: 32767n } })],
    ] as const)
      expect(findingsOf(rule, of)).toMatchObject([
        { code: "DOMAIN_SMALL", severity: "warning", hint: expect.stringContaining(`A column of ${of.type} leaves no more`) },
      ]);
  });

  it("because of the kind of identifier calls for another mask", () => {
    expect(findingsOf(encryptId("postcode.no"), column("code"))).toMatchObject([
      { code: "DOMAIN_SMALL", hint: "Mask it with a transform that keeps less of the value." },
    ]);
  });

  it("is not told beside that the rule does not fit the column at all", () => {
    expect(findingsOf(encryptDigits(), varchar(1))).toMatchObject([{ code: "OPTION_INVALID", severity: "error" }]);
  });
});
