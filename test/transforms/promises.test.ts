import { afterAll, describe, expect, it } from "vitest";
import type { Transform } from "../../src/contracts.ts";
import { checkTransform, openOtherProcess } from "../../src/testing/index.ts";
import * as door from "../../src/transforms/index.ts";
import { SITTINGS } from "../sittings/all-sittings.ts";

const exported = Object.values(door).flatMap((value): Transform[] =>
  typeof value === "function" && "transform" in value ? [value.transform] : [],
);

const elsewhere = await openOtherProcess(new URL("../sittings/all-sittings.ts", import.meta.url));
afterAll(() => elsewhere.close());

describe("every exported transform", () => {
  it("is on the list", () => {
    expect(Object.keys(SITTINGS).sort()).toEqual(exported.map(({ name }) => name).sort());
    for (const [name, sittings] of Object.entries(SITTINGS))
      for (const [, rule] of sittings) expect(rule.transform.name).toBe(name);
  });

  for (const [name, sittings] of Object.entries(SITTINGS)) {
    for (const [what, rule, exam] of sittings) {
      it(`keeps what it promises: ${name}, ${what}`, async () => {
        expect(await checkTransform(rule, { ...exam, elsewhere: elsewhere.rule(`${name}, ${what}`) })).toEqual([]);
      });
    }
  }
});
