import { beforeAll, describe, expect, it } from "vitest";
import { fake } from "../../src/transforms/fake/fake.ts";
import { createCorpus } from "../../src/transforms/fake/fake-corpus.ts";
import { lengthClass } from "../../src/transforms/fake/fake-length.ts";
import { loadLocale } from "../../src/transforms/fake/fake-locales.ts";
import type { FakePath } from "../../src/transforms/fake/fake-paths.ts";
import { columnOf, INT4, maskInBatches, maskOne, maskValues } from "./mask-values.ts";

const OTHER_KEY = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

/** Everybody's first name in English, German and Spanish: what stands in a column of names. */
const firstNames: string[] = [];
beforeAll(async () => {
  for (const locale of ["en", "de", "es"] as const) {
    const corpus = createCorpus((await loadLocale(locale)).definitions);
    for (const sex of ["female", "male"]) firstNames.push(...(corpus.list(`person.first_name.${sex}`) ?? []));
  }
});

/** The share of values that a stand-in has the length class of. */
const shareKept = (values: readonly (string | null)[], masked: readonly (string | null)[]) =>
  values.filter((value, index) => lengthClass(value!) === lengthClass(masked[index]!)).length / values.length;

describe("the class of a length", () => {
  it("is of 1–3, 4–5, 6–8, 9–12, 13–20 characters, or more", () => {
    const classes = Array.from({ length: 45 }, (_, index) => lengthClass("x".repeat(index + 1)));
    const lasts = [0, 1, 2, 3, 4].map((found) => classes.lastIndexOf(found) + 1);
    expect(lasts).toEqual([3, 5, 8, 12, 20]);
    expect(new Set(classes.slice(20))).toEqual(new Set([5]));
  });

  it("goes by characters, not by halves of them", () => {
    expect(lengthClass("\u{20bb7}".repeat(3))).toBe(0);
    expect(lengthClass("\u{20bb7}".repeat(20))).toBe(4);
    expect(lengthClass("\u{20bb7}".repeat(21))).toBe(5);
  });
});

describe("fake with keepLengthClass", () => {
  it("gives every first name another one of its class, where the list has one", async () => {
    const masked = await maskValues(fake("person.firstName", { keepLengthClass: true }), firstNames);
    const english = new Set(
      [...new Set(await maskValues(fake("person.firstName"), firstNames))].map((name) => lengthClass(name!)),
    );
    const coverable = [...firstNames.keys()].filter((index) => english.has(lengthClass(firstNames[index]!)));
    expect(coverable.length / firstNames.length).toBeGreaterThan(0.95);
    const share = shareKept(
      coverable.map((index) => firstNames[index]!),
      coverable.map((index) => masked[index]!),
    );
    expect(share).toBe(1);
    expect(masked.filter((name, index) => name === firstNames[index])).toEqual([]);
    // Without the option, a name of any length stands in.
    expect(shareKept(firstNames, await maskValues(fake("person.firstName"), firstNames))).toBeLessThan(0.7);
  });

  it("keeps the class of whole names, addresses, streets, companies and titles", async () => {
    const seeds = Array.from({ length: 500 }, (_, number) => `subject ${number}`);
    for (const path of [
      "person.fullName",
      "person.lastName",
      "internet.email",
      "internet.username",
      "location.streetAddress",
      "location.city",
      "company.name",
      "book.title",
    ] satisfies FakePath[]) {
      const values = await maskValues(fake(path, { domain: "originals" }), seeds);
      const masked = await maskValues(fake(path, { keepLengthClass: true }), values);
      expect(shareKept(values, masked), path).toBeGreaterThan(0.95);
      expect(
        masked.filter((value, index) => value === values[index]),
        path,
      ).toEqual([]);
    }
  });

  it("keeps it in every script that keepScript knows", async () => {
    const values = ["Jane Doe-Miller", "Ольга Иванова", "李小龍", "김민수", "佐藤 さくら", "محمد علي", "משה כהן"];
    const masked = await maskValues(fake("person.fullName", { keepLengthClass: true, keepScript: true }), values);
    expect(shareKept(values, masked)).toBe(1);
  });

  it("takes the nearest class where there is none of the value's", async () => {
    const rule = fake("person.firstName", { keepLengthClass: true });
    const longest = Math.max(...(await maskValues(rule, firstNames)).map((name) => lengthClass(name!)));
    expect(longest).toBeLessThan(5);
    expect(lengthClass((await maskOne(rule, "x".repeat(60)))!)).toBe(longest);
    // No address of a mailbox has fewer characters than its domain.
    expect((await maskOne(fake("internet.email", { keepLengthClass: true }), "a@b"))!.length).toBeLessThanOrEqual(20);
  });

  it("gives the same in any batch and order, another under another key, of the same class", async () => {
    const values = [...firstNames.slice(0, 60), "x".repeat(60), "J", null, ""];
    const rule = fake("person.firstName", { keepLengthClass: true });
    const masked = await maskValues(rule, values);
    for (const size of [1, 7]) expect(await maskInBatches(rule, values, size)).toEqual(masked);
    expect((await maskValues(rule, values.toReversed())).toReversed()).toEqual(masked);
    const other = await maskValues(rule, values, { key: OTHER_KEY });
    expect(other.filter((value, index) => value === masked[index]).length).toBeLessThan(values.length / 4);
    for (const [index, value] of other.entries())
      if (value !== null) expect(lengthClass(value)).toBe(lengthClass(masked[index]!));
  });

  it("stays within the column, and compares a padded value without its spaces", async () => {
    const rule = fake("person.fullName", { keepLengthClass: true });
    for (const value of await maskValues(rule, firstNames.slice(0, 100), { column: { maxLength: 5 } }))
      expect(value!.length).toBeLessThanOrEqual(5);
    const first = fake("person.firstName", { keepLengthClass: true });
    const padded = { column: { maxLength: 20, isPadded: true } };
    expect(await maskOne(first, "Jane".padEnd(20), padded)).toBe(await maskOne(first, "Jane", padded));
  });

  it("is another mapping than without, so of another domain", () => {
    const { transform, options } = fake("location.city", { keepLengthClass: true });
    expect(transform.defaultDomain(options)).toBe("fake:location.city:en:length");
    expect(transform.guarantees(options, columnOf()).uniqueness).toEqual({ kind: "lossy" });
  });

  it("is refused where a length cannot be chosen: beside unique, for identifiers, numbers, and a handful of words", async () => {
    const problemsOn = (rule: ReturnType<typeof fake>, column: Parameters<typeof columnOf>[0] = "text") =>
      rule.transform.checkColumn(rule.options, columnOf(column)).join("\n");
    expect(problemsOn(fake("person.fullName", { keepLengthClass: true }))).toBe("");
    expect(problemsOn(fake("person.fullName", { keepLengthClass: true, unique: true }))).toContain("leave out unique");
    expect(problemsOn(fake("string.uuid", { keepLengthClass: true }))).toContain("64 keyed bits");
    expect(problemsOn(fake("number.int", { keepLengthClass: true }), INT4)).toContain("counts characters");
    await expect(maskOne(fake("person.sex", { keepLengthClass: true }), "male")).rejects.toMatchObject({
      code: "OPTION_INVALID",
    });
  });
});
