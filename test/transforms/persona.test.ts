import { describe, expect, it } from "vitest";
import { bareColumn } from "../../src/bare-column.ts";
import type { ColumnValues } from "../../src/contracts.ts";
import { checkTransform } from "../../src/testing/index.ts";
import { persona } from "../../src/transforms/persona/persona.ts";
import { COUNTRIES, countryNamed } from "../../src/transforms/persona/persona-places.ts";
import { INT4, type MaskSettings, maskOne, maskValues } from "./mask-values.ts";

const IDS = Array.from({ length: 500 }, (_, index) => String(index + 1));
type Field = Parameters<typeof persona>[0]["field"];
type Options = Omit<Parameters<typeof persona>[0], "field">;

/** One field of each subject's persona, over values that look like `original`. */
const fieldOf = (field: Field, original = "x", options: Options = {}, settings: MaskSettings = {}) =>
  maskValues(
    persona({ field, by: "id", ...options }),
    IDS.map(() => original),
    { ...settings, others: { id: IDS, ...settings.others } },
  );

const plain = (name: string | null) =>
  name!
    .toLowerCase()
    .normalize("NFKD")
    .replace(/[^a-z]/g, "");

describe("persona", () => {
  it("gives one subject one person: names, mail address and user name agree", async () => {
    const [first, last, full, email, user] = await Promise.all(
      (["firstName", "lastName", "fullName", "email", "userName"] as const).map((field) => fieldOf(field)),
    );
    for (const row of IDS.keys()) {
      expect(full![row]).toBe(`${first![row]} ${last![row]}`);
      expect(email![row]).toMatch(/@example\.(com|net|org)$/);
      expect(email![row]!.split("@")[0]).toBe(user![row]);
      expect(user![row]).toMatch(
        new RegExp(`^(${plain(first![row]!)}\\.|${plain(first![row]!)[0]})${plain(last![row]!)}(\\d\\d)?$`),
      );
    }
    expect(new Set(full).size).toBeGreaterThan(495);
  });

  it("gives the same person for 42 in an integer column and in a text, and another for 042, which no text says to be a number", async () => {
    const own = persona({ field: "fullName" });
    const fromText = await maskOne(own, "42");
    const asInteger = (value: string) =>
      maskValues(persona({ field: "fullName", by: "id" }), ["Jane Doe"], { others: { id: [value] } });
    expect(await asInteger("42")).toEqual([fromText]);
    expect(await asInteger("042")).not.toEqual([fromText]);
    expect((await maskOne(persona({ field: "gender" }), "2", { column: INT4 }))!).toMatch(/^[12]$/);
  });

  it("gives a first name that agrees with the gender, in the column's own words for it", async () => {
    const genders = await fieldOf("gender", "M");
    expect(new Set(genders)).toEqual(new Set(["M", "F"]));
    for (const [original, words] of [
      ["female", ["male", "female"]],
      ["Male", ["Male", "Female"]],
      ["1", ["1", "2"]],
      ["9", ["1", "2"]],
      ["X", ["M", "F"]],
    ] as const)
      expect(await fieldOf("gender", original)).toEqual(genders.map((gender) => words[gender === "M" ? 0 : 1]));
    const inEnum = await fieldOf(
      "gender",
      "Weiblich",
      {},
      { column: { kind: "enum", labels: ["Divers", "Weiblich", "Männlich"] } },
    );
    expect(inEnum).toEqual(genders.map((gender) => (gender === "M" ? "Männlich" : "Weiblich")));
    expect(await fieldOf("gender", "?", { coding: ["he", "she"] })).toEqual(
      genders.map((gender) => (gender === "M" ? "he" : "she")),
    );
    await expect(fieldOf("gender", "??")).rejects.toMatchObject({ code: "VALUE_UNSUPPORTED" });
    // Russian family names have a form for each.
    const last = await fieldOf("lastName", "x", { locale: "ru" });
    const isFemale = last.map((name) => /[ая]$/.test(name!));
    expect(isFemale.filter((female, row) => female === (genders[row] === "F")).length).toBeGreaterThan(450);
  });

  it("keeps an address coherent: city, state, postcode, country and coordinates", async () => {
    const asked = { localeFrom: "land" };
    const land = IDS.map((_, row) => COUNTRIES[row % COUNTRIES.length]!.alpha2);
    const settings = { others: { land } };
    const [city, state, postcode, country, latitude, longitude] = (await Promise.all(
      (["city", "state", "postcode", "country", "latitude", "longitude"] as const).map((field) =>
        fieldOf(field, field === "country" ? "DEU" : "x", asked, settings),
      ),
    )) as [ColumnValues, ColumnValues, ColumnValues, ColumnValues, ColumnValues, ColumnValues];
    for (const row of IDS.keys()) {
      const home = countryNamed(land[row]!)!;
      expect(country[row]).toBe(home.alpha3);
      const place = home.cities.find(({ name }) => name === city[row])!;
      expect(state[row]).toBe(place.state);
      expect(postcode[row]).toHaveLength(place.postcodeLength);
      expect(Math.abs(Number(latitude[row]) - place.latitude)).toBeLessThanOrEqual(0.0501);
      expect(Math.abs(Number(longitude[row]) - place.longitude)).toBeLessThanOrEqual(0.0501);
    }
  });

  it("writes a phone number in the original's layout, the same number in each", async () => {
    const digits = (numbers: ColumnValues) => numbers.map((number) => number!.replace(/\D/g, ""));
    const international = await fieldOf("phone", "+1 (212) 555-1234");
    expect(international[0]).toMatch(/^\+1 \([2-9]\d\d\) 555-01\d\d$/);
    const national = await fieldOf("phone", "212.555.1234");
    expect(national[0]).toMatch(/^[2-9]\d\d\.555\.01\d\d$/);
    expect(digits(international)).toEqual(digits(national).map((number) => `1${number}`));
    expect((await fieldOf("phone", "n/a", { locale: "de" }))[0]).toMatch(/^03023125\d{3}$/);
    expect((await fieldOf("phone", "+49 1", { locale: "de" }))[0]).toMatch(/^\+493023125\d{3}$/);
  });

  it("follows the script of a column and the country of another", async () => {
    const names = ["Jane", "Ольга", "Ελένη", "王小明", "さくら", "민준", "فاطمة", "שרה", "अमिता"];
    const masked = await maskValues(persona({ field: "lastName", by: "id", scriptOf: "name" }), names, {
      others: { id: names, name: names },
    });
    const scripts = ["Latin", "Cyrillic", "Greek", "Han", "Han", "Hangul", "Arabic", "Hebrew", "Devanagari"];
    for (const [row, script] of scripts.entries())
      expect(masked[row]).toMatch(new RegExp(`^[\\p{Script=${script}}\\p{P} ]+$`, "u"));
    const full = persona({ field: "fullName", by: "id", localeFrom: "land" });
    const landed = await maskValues(full, ["x", "x", "x"], {
      others: { id: ["7", "7", "7"], land: ["Japan", "DE", "Atlantis"] },
    });
    expect(landed[0]).toMatch(/^\p{L}+ \p{L}+$/u);
    expect(landed[2]).toBe(await maskOne(persona({ field: "fullName" }), "7"));
  });

  it("writes the shapes that it is told", async () => {
    const [first, last] = await Promise.all([fieldOf("firstName"), fieldOf("lastName")]);
    expect((await fieldOf("fullName", "x", { format: "{last}, {first}" }))[3]).toBe(`${last[3]}, ${first[3]}`);
    expect((await fieldOf("userName", "x", { format: "{initial}{last}" }))[3]).toBe(plain(first[3]!)[0]! + plain(last[3]!));
  });

  it("keeps different addresses apart where asked, also those of one subject", async () => {
    const emails = Array.from({ length: 5000 }, (_, index) => `person${index}@example.com`);
    const others = { id: emails.map(() => "1") };
    const masked = await maskValues(persona({ field: "email", by: "id", unique: true }), emails, { others });
    expect(new Set(masked).size).toBe(5000);
    const start = (await maskValues(persona({ field: "email", by: "id" }), ["x"], { others: { id: ["1"] } }))[0]!.split("@")[0]!;
    expect(masked[17]!.startsWith(`${start}.`)).toBe(true);
  });

  it("is of several columns where one names nobody: a number within its tenant", async () => {
    const others = { tenant: ["1", "1", "2", "12"], user: ["23", "23", "23", "3"] };
    const names = await maskValues(persona({ field: "email", by: ["tenant", "user"], unique: false }), ["a", "b", "c", "d"], {
      others,
    });
    expect(names[1]).toBe(names[0]);
    expect(new Set(names).size).toBe(3);
  });

  it("does not make up a person for nobody", async () => {
    const rule = (onUnsupported: "fail" | "nullify") => persona({ field: "firstName", by: "id", onUnsupported });
    await expect(maskValues(rule("fail"), ["Jane"], { others: { id: [null] } })).rejects.toMatchObject({
      code: "VALUE_UNSUPPORTED",
    });
    expect(await maskValues(rule("nullify"), ["Jane", ""], { others: { id: [null, null] } })).toEqual([null, ""]);
  });

  it("refuses options that a column or a field cannot have", () => {
    expect(() => persona({ field: "hair" as "city" })).toThrowError(/"field" must be one of/);
    const problems = (rule: ReturnType<typeof persona>, column = {}) =>
      rule.transform.checkColumn(rule.options, { ...COLUMN, ...column });
    expect(problems(persona({ field: "city", locale: "fi" }))).toEqual([
      "the locale fi has no places: its personas have no city",
    ]);
    expect(problems(persona({ field: "city", unique: true }))[0]).toMatch(/could be made unique/);
    expect(problems(persona({ field: "email" }), { maxLength: 10 })[0]).toMatch(/holds 10/);
    expect(problems(persona({ field: "phone" }), { maxLength: 10 })).toEqual([]);
    expect(problems(persona({ field: "phone", localeFrom: "land" }), { maxLength: 10 })[0]).toMatch(/up to 14/);
    expect(problems(persona({ field: "state" }), { maxLength: 2 })).toEqual([]);
    expect(problems(persona({ field: "state", locale: "fr" }), { maxLength: 10 })[0]).toMatch(/up to 26/);
    const decimal = { kind: "decimal", type: "decimal(10,8)" };
    expect(problems(persona({ field: "latitude" }), decimal)).toEqual([]);
    expect(problems(persona({ field: "longitude" }), decimal)[0]).toMatch(/does not hold/);
    expect(problems(persona({ field: "fullName", format: "x" }))[0]).toMatch(/\{first\} or \{last\}/);
    expect(problems(persona({ field: "fullName", format: "{first} {lst}" }))[0]).toMatch(/none of first, last and initial/);
    expect(problems(persona({ field: "fullName", format: "{initial}. {last}" }))).toEqual([]);
    expect(problems(persona({ field: "email", format: "{first} {last}" }))[0]).toMatch(/no mail address/);
    expect(problems(persona({ field: "gender" }), { kind: "date" })[0]).toMatch(/does not fit/);
  });

  it("keeps its promises, for each field", async () => {
    for (const field of ["firstName", "email", "street", "postcode", "birthDate", "latitude"] as const)
      expect(await checkTransform(persona({ field, by: "id" })), field).toEqual([]);
  });
});

const COLUMN = bareColumn("x", "text");
