import { describe, expect, it } from "vitest";
import type { Rule } from "../../src/contracts.ts";
import { checkTransform } from "../../src/testing/index.ts";
import { typicalColumn } from "../../src/testing/typical-columns.ts";
import { shuffle } from "../../src/transforms/choices/shuffle.ts";
import { fake } from "../../src/transforms/fake/fake.ts";
import { chain } from "../../src/transforms/pieces/chain.ts";
import { redact } from "../../src/transforms/plain/redact.ts";
import { encryptDigits } from "../../src/transforms/tokens/encrypt-digits.ts";
import { encryptText } from "../../src/transforms/tokens/encrypt-text.ts";
import { hash } from "../../src/transforms/tokens/hash.ts";
import { scramble } from "../../src/transforms/tokens/scramble.ts";
import { tokenize } from "../../src/transforms/tokens/tokenize.ts";
import { maskOne, maskValues } from "./mask-values.ts";

const text = typicalColumn("text");
const promises = (...rules: readonly Rule[]) => chain(rules).transform.guarantees(chain(rules).options, text);

describe("chain", () => {
  it("hands what one rule gave to the next", async () => {
    const digits = (await maskOne(encryptDigits(), "4111-1111-1111-1111"))!;
    expect(await maskOne(chain([encryptDigits(), redact({ keepLast: 4 })]), "4111-1111-1111-1111")).toBe(
      `${"*".repeat(15)}${digits.slice(-4)}`,
    );
  });

  it("of one rule is that rule, also in its mapping", async () => {
    const values = ["jane@acme.com", null, "", "x"];
    expect(await maskValues(chain([fake("internet.email")]), values)).toEqual(await maskValues(fake("internet.email"), values));
  });

  it("gives its domain to the rules in it that name none", async () => {
    const own = fake("internet.email", { domain: "staff" });
    const given = chain([fake("internet.email")], { domain: "staff" });
    expect(await maskOne(given, "a@b.c")).toBe(await maskOne(own, "a@b.c"));
    expect(await maskOne(chain([chain([fake("internet.email")])], { domain: "staff" }), "a@b.c")).toBe(
      await maskOne(own, "a@b.c"),
    );
    expect(await maskOne(chain([own], { domain: "other" }), "a@b.c")).toBe(await maskOne(own, "a@b.c"));
  });

  it("does with what a step cannot handle what that step says", async () => {
    await expect(maskOne(chain([encryptDigits()]), "none")).rejects.toMatchObject({ code: "VALUE_UNSUPPORTED", row: 1 });
    expect(await maskOne(chain([encryptDigits({ onUnsupported: "nullify" }), hash()]), "none")).toBeNull();
    expect(await maskOne(chain([encryptDigits({ onUnsupported: "redact" })]), "none")).toBe("****");
  });

  it("promises what all of its steps promise", () => {
    expect(promises(encryptDigits(), encryptDigits()).uniqueness).toEqual({ kind: "preserved" });
    expect(promises(encryptDigits(), encryptText()).uniqueness).toEqual({ kind: "preserved", ignoringCase: "lossy" });
    expect(promises(encryptDigits(), redact()).uniqueness).toEqual({ kind: "lossy" });
    const once = promises(tokenize()).uniqueness;
    const twice = promises(tokenize(), hash()).uniqueness;
    expect(twice.kind === "unlikely-lost" && once.kind === "unlikely-lost" && twice.bits < once.bits).toBe(true);
    expect(promises(scramble(), redact())).toMatchObject({
      deterministic: true,
      reversible: false,
      preservesLength: true,
    });
  });

  it("keeps its promises", async () => {
    for (const steps of [
      [scramble()],
      [encryptDigits({ onUnsupported: "redact" }), hash()],
      [scramble(), redact({ keepLast: 2 })],
    ])
      expect(await checkTransform(chain(steps))).toEqual([]);
  });

  it("cannot handle what its steps together make longer than the column holds", async () => {
    const column = { kind: "text" as const, maxLength: 12 };
    const rule = chain([hash(), redact()], { onUnsupported: "nullify" });
    expect(await maskValues(rule, ["Jane"], { column })).toEqual([null]);
    expect(await maskOne(chain([hash(), redact()]), "Jane")).toBe("*".repeat(32));
  });

  it("refuses what masks a column as a whole, and no rule at all", () => {
    expect(() => chain([shuffle()])).toThrowError(/shuffle, which masks a column as a whole/);
    expect(() => chain([])).toThrowError(/at least one/);
  });
});
