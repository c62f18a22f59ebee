import { describe, expect, it } from "vitest";
import { fake } from "../../src/transforms/fake/fake.ts";
import { maskInBatches, maskOne, maskValues } from "./mask-values.ts";

const NAMES = [
  ["Jane Doe", /^[\p{Script=Latin}\s.'-]+$/u],
  ["Zoë Größe", /^[\p{Script=Latin}\s.'-]+$/u],
  ["Ольга Иванова", /\p{Script=Cyrillic}/u],
  ["Ελένη Ζωγράφου", /\p{Script=Greek}/u],
  ["李小龍", /\p{Script=Han}/u],
  ["김민수", /\p{Script=Hangul}/u],
  ["محمد علي", /\p{Script=Arabic}/u],
  ["משה כהן", /\p{Script=Hebrew}/u],
  ["राम शर्मा", /\p{Script=Devanagari}/u],
] as const;

describe("fake with keepScript", () => {
  it("gives names of the script of the original", async () => {
    for (const path of ["person.fullName", "person.lastName", "person.firstName"] as const) {
      const masked = await maskValues(
        fake(path, { keepScript: true }),
        NAMES.map(([name]) => name),
      );
      for (const [index, [name, script]] of NAMES.entries()) {
        expect(masked[index]).toMatch(script);
        expect(masked[index]).not.toBe(name);
        expect(masked[index]).not.toMatch(/[\ud800-\udfff]/);
      }
    }
  });

  it("gives the same in any batch, and Latin ones as the locale that it is told", async () => {
    const values = [...NAMES.map(([name]) => name), null, ""];
    const rule = fake("person.fullName", { keepScript: true });
    expect(await maskInBatches(rule, values, 2)).toEqual(await maskValues(rule, values));
    const [plain] = await maskValues(fake("person.fullName", { domain: "x" }), ["Jane Doe"]);
    expect(await maskOne(fake("person.fullName", { domain: "x", keepScript: true }), "Jane Doe")).toBe(plain);
  });

  it("cannot handle a value in whose script faker has nothing of the kind", async () => {
    await expect(maskOne(fake("animal.dog", { keepScript: true }), "Собака")).rejects.toMatchObject({
      code: "VALUE_UNSUPPORTED",
    });
    expect(await maskOne(fake("animal.dog", { keepScript: true, onUnsupported: "redact" }), "Собака")).toBe("******");
  });
});
