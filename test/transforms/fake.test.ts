import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fake } from "../../src/transforms/fake/fake.ts";
import { FAKE_LOCALES } from "../../src/transforms/fake/fake-locales.ts";
import { FAKE_PATHS, type FakePath } from "../../src/transforms/fake/fake-paths.ts";
import { columnOf, INT4, maskInBatches, maskOne, maskValues } from "./mask-values.ts";

const OTHER_KEY = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
const people = (count: number) => Array.from({ length: count }, (_, number) => `person ${number}`);

const EVERYDAY = [
  "person.fullName",
  "internet.email",
  "internet.username",
  "phone.number",
  "location.streetAddress",
  "location.city",
  "location.zipCode",
  "company.name",
] as const;

/** Methods that have to be told what to choose from. */
const NEEDS_ARGUMENTS = /^helpers\.|^string\.fromCharacters$|^date\.betweens?$/;

describe("fake", () => {
  it("gives the same value the same fake, in another column and batch, and another under another key or domain", async () => {
    const email = await maskOne(fake("internet.email"), "jane@acme.com");
    expect(await maskValues(fake("internet.email"), ["bo@acme.com", "jane@acme.com"], { table: "orders" })).toContain(email);
    expect(await maskOne(fake("internet.email"), "jane@acme.com", { key: OTHER_KEY })).not.toBe(email);
    expect(await maskOne(fake("internet.email", { domain: "staff" }), "jane@acme.com")).not.toBe(email);
  });

  it("keeps NULL and the empty string", async () => {
    expect(await maskValues(fake("person.fullName"), [null, ""])).toEqual([null, ""]);
  });

  it("writes mail addresses under the domains that reach nobody", async () => {
    for (const value of await maskValues(fake("internet.email"), people(300)))
      expect(value).toMatch(/^[a-z0-9._]+@example\.(com|net|org)$/);
  });

  it("writes American phone numbers of the range kept for fiction", async () => {
    for (const value of await maskValues(fake("phone.number"), people(300)))
      expect(value!.replace(/\D/g, "")).toMatch(/^1?\d{3}55501\d\d$/);
  });

  it("speaks the locale that it is told to", async () => {
    expect(await maskOne(fake("person.lastName", { locale: "ja" }), "x")).toMatch(/^\p{Script=Han}+$/u);
    expect(await maskOne(fake("person.lastName", { locale: "ru" }), "x")).toMatch(/^\p{Script=Cyrillic}+$/u);
    for (const value of await maskValues(fake("location.zipCode", { locale: "de" }), people(50)))
      expect(value).toMatch(/^\d{5}$/);
    expect(await maskOne(fake("internet.email", { locale: "ja" }), "x")).toMatch(/^[a-z0-9._]+@example\./);
  });

  it("has a name, a login, an address and a phone number in every locale, or refuses it before the first row", async () => {
    const values = people(20);
    const refused: string[] = [];
    for (const locale of FAKE_LOCALES) {
      for (const path of EVERYDAY) {
        const masked = await maskValues(fake(path, { locale }), values).catch((error: unknown) => error);
        if (Array.isArray(masked))
          expect(
            masked.every((value) => typeof value === "string" && value.trim() !== ""),
            `${path} ${locale}`,
          ).toBe(true);
        else {
          expect(masked, `${path} ${locale}`).toMatchObject({ code: "OPTION_INVALID" });
          refused.push(`${locale} ${path}`);
        }
      }
    }
    // Hong Kong has no postcodes.
    expect(refused).toEqual(["en_HK location.zipCode"]);
  });

  it("calls faker with the arguments given", async () => {
    const dice = fake("number.int", { arguments: [{ min: 1, max: 6 }] });
    for (const value of await maskValues(dice, people(200), { column: INT4 })) expect(value).toMatch(/^[1-6]$/);
    const pick = fake("helpers.arrayElement", { arguments: [["red", "green", "blue"]] });
    expect(new Set(await maskValues(pick, people(100)))).toEqual(new Set(["red", "green", "blue"]));
    expect(await maskOne(fake("string.alpha", { arguments: [12] }), "x")).toMatch(/^[A-Za-z]{12}$/);
  });

  it("can call every path of faker without arguments, the same each time", async () => {
    const broken: FakePath[] = [];
    for (const path of FAKE_PATHS.filter((one) => !NEEDS_ARGUMENTS.test(one))) {
      const values = people(5);
      const masked = await maskValues(fake(path), values).catch(() => null);
      if (masked === null || masked.some((value) => typeof value !== "string" || value === "")) broken.push(path);
      else expect(await maskInBatches(fake(path), values, 2), path).toEqual(masked);
    }
    // Every domain ends alike where all are reserved ones: a fake that is the same for all is refused.
    expect(broken).toEqual(["internet.domainSuffix"]);
  });

  it("writes what the column holds: dates, timestamps, UUIDs, truth, JSON, addresses", async () => {
    const values = people(20);
    const all = async (path: FakePath, column: Parameters<typeof columnOf>[0], form: RegExp) => {
      for (const value of await maskValues(fake(path), values, { column })) expect(value).toMatch(form);
    };
    await all("date.birthdate", "date", /^\d{4}-\d\d-\d\d$/);
    await all("date.past", { kind: "timestamp", type: "timestamp with time zone" }, /^2024-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}\+00$/);
    await all("string.uuid", "uuid", /^[0-9a-f]{8}-[0-9a-f-]{27}$/);
    await all("datatype.boolean", { kind: "boolean", type: "boolean" }, /^[tf]$/);
    await all("datatype.boolean", { kind: "boolean", type: "tinyint(1)" }, /^[01]$/);
    await all("internet.email", "json", /^".+@example\.\w+"$/);
    await all("internet.ipv4", "network", /^\d+\.\d+\.\d+\.\d+$/);
    await all("location.latitude", "decimal", /^-?\d+(\.\d+)?$/);
  });

  it("is relative to a fixed day, not to today", async () => {
    const [past, future] = [await maskOne(fake("date.past"), "x"), await maskOne(fake("date.future"), "x")];
    expect(past! < "2025-01-01" && past! > "2023").toBe(true);
    expect(future! > "2025-01-01" && future! < "2026-01-02").toBe(true);
  });

  it("stays within the column's length", async () => {
    for (const [path, maxLength] of [
      ["person.fullName", 8],
      ["internet.email", 15],
      ["location.streetAddress", 10],
      ["company.name", 6],
      ["location.city", 2],
      ["lorem.sentence", 20],
    ] as const) {
      for (const value of await maskValues(fake(path), people(200), { column: { maxLength } }))
        expect([...value!].length, path).toBeLessThanOrEqual(maxLength);
    }
  });

  it("makes outputs different by unique, in the form of the fake", async () => {
    const values = people(3000);
    for (const path of ["internet.email", "person.fullName", "internet.username", "company.name"] as const) {
      const masked = await maskValues(fake(path, { unique: true }), values);
      expect(new Set(masked).size, path).toBe(values.length);
      const { transform, options } = fake(path, { unique: true });
      expect(transform.guarantees(options, columnOf()).uniqueness).toEqual({ kind: "unlikely-lost", bits: 64 });
    }
    expect(await maskOne(fake("internet.email", { unique: true }), "x")).toMatch(/^[a-z0-9._]+@example\.(com|net|org)$/);
    expect(new Set(await maskValues(fake("person.firstName"), values)).size).toBeLessThan(values.length);
  });

  it("is refused where it cannot be unique, or stand in the column, before the first row", async () => {
    const problemsOn = (rule: ReturnType<typeof fake>, column: Parameters<typeof columnOf>[0] = "text") =>
      rule.transform.checkColumn(rule.options, columnOf(column));
    expect(problemsOn(fake("location.zipCode", { unique: true }))).toHaveLength(1);
    expect(problemsOn(fake("internet.email"), INT4)).toHaveLength(1);
    expect(problemsOn(fake("internet.email"), { maxLength: 10 })).toHaveLength(1);
    expect(problemsOn(fake("internet.email", { unique: true }), { maxLength: 20 })).toHaveLength(1);
    await expect(maskOne(fake("lorem.word"), "1", { column: INT4 })).rejects.toMatchObject({ code: "OPTION_INVALID" });
    await expect(maskOne(fake("number.int", { arguments: [{ min: 9, max: 1 }] }), "1", { column: INT4 })).rejects.toMatchObject({
      code: "OPTION_INVALID",
    });
  });

  it("names the nearest path where there is none of that name", () => {
    expect(() => fake("internet.emial" as FakePath)).toThrow(/did you mean .*internet\.email.*\?$/);
    expect(() => fake("person.fullName", { locale: "jp" as never })).toThrow(/did you mean/);
  });

  it("draws again where it hits the original", async () => {
    const cities = [...new Set(await maskValues(fake("location.country"), people(3000)))] as string[];
    const masked = await maskValues(fake("location.country"), cities);
    expect(cities.length).toBeGreaterThan(150);
    expect(masked.filter((value, index) => value === cities[index])).toEqual([]);
  });

  it("takes all spellings of one number for one value", async () => {
    const [one, two] = await maskValues(fake("number.int"), ["42", "042"], { column: { kind: "decimal" } });
    expect(two).toBe(one);
  });

  it("is the same in any batch size", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.option(fc.string({ unit: "binary" })), { maxLength: 20 }),
        fc.integer({ min: 1, max: 7 }),
        async (values, size) => {
          for (const rule of [fake("internet.email"), fake("person.fullName", { unique: true }), fake("commerce.productName")])
            expect(await maskInBatches(rule, values, size)).toEqual(await maskValues(rule, values));
        },
      ),
      { numRuns: 10 },
    );
  });
});
