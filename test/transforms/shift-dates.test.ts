import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { shiftDates } from "../../src/transforms/dates/shift-dates.ts";
import { maskInBatches, maskOne, maskValues } from "./mask-values.ts";

const DAY = 86_400_000;
const dayOf = (text: string | null) => Date.parse(`${text!.slice(0, 10)}T00:00:00Z`) / DAY;

describe("shiftDates", () => {
  it("moves a date by at most so many days, and never by none", async () => {
    const values = Array.from({ length: 500 }, (_, index) => new Date(index * 37 * DAY).toISOString().slice(0, 10));
    const masked = await maskValues(shiftDates({ days: 3 }), values, { column: "date" });
    const moves = masked.map((value, index) => dayOf(value) - dayOf(values[index]!));
    expect(new Set(moves)).toEqual(new Set([-3, -2, -1, 1, 2, 3]));
  });

  it("keeps the text form: time of day, fraction, zone, T", async () => {
    const rests = ["", " 10:20:30", " 10:20:30.123456+00", "T10:20:30Z", " 23:59:59.999999-03:30", " 24:00:00"];
    for (const rest of rests)
      expect(await maskOne(shiftDates(), `1987-03-14${rest}`)).toMatch(
        new RegExp(`^\\d{4}-\\d\\d-\\d\\d${rest.replace(/[.+]/g, "\\$&")}$`),
      );
  });

  it("leaves infinity, the empty string, NULL and MySQL's zero dates", async () => {
    const values = ["infinity", "-infinity", "", null, "0000-00-00", "0000-00-00 00:00:00", "0000-00-00 00:00:00.000"];
    expect(await maskValues(shiftDates(), values)).toEqual(values);
  });

  it("keeps the years 1 to 9999: what would leave them moves the other way", async () => {
    const subjects = Array.from({ length: 40 }, (_, index) => `subject ${index}`);
    for (const [edge, form] of [
      ["0001-01-01", /^000[12]-\d\d-\d\d$/],
      ["9999-12-31", /^999[89]-\d\d-\d\d$/],
      ["9999-12-31 23:59:59", /^999[89]-\d\d-\d\d 23:59:59$/],
    ] as const) {
      const masked = await maskValues(
        shiftDates({ by: "id" }),
        subjects.map(() => edge),
        { others: { id: subjects } },
      );
      for (const value of masked) {
        expect(value).toMatch(form);
        expect(value).not.toBe(edge);
      }
    }
  });

  it("moves dates before Christ, across the year that was never, and beyond 9999", async () => {
    const bc = Array.from({ length: 50 }, (_, index) => `00${String(40 + index)}-03-15 BC`);
    for (const value of await maskValues(shiftDates(), bc, { column: "date" })) expect(value).toMatch(/^00\d\d-\d\d-\d\d BC$/);
    const lastDays = Array.from({ length: 31 }, (_, index) => `0001-12-${String(index + 1).padStart(2, "0")} BC`);
    const edge = await maskValues(shiftDates({ days: 60 }), lastDays);
    for (const value of edge) expect(value).toMatch(/^0001-\d\d-\d\d( BC)?$/);
    expect(edge.some((value) => value!.endsWith("BC")) && edge.some((value) => !value!.endsWith("BC"))).toBe(true);
    for (const value of await maskValues(shiftDates(), ["10000-01-01", "12345-06-07 10:00:00"]))
      expect(value).toMatch(/^\d{5}-\d\d-\d\d( 10:00:00)?$/);
  });

  it("puts the BC behind the time of day and the zone, as PostgreSQL does", async () => {
    expect(await maskOne(shiftDates(), "0044-03-15 12:00:00+00 BC")).toMatch(/^00\d\d-\d\d-\d\d 12:00:00\+00 BC$/);
  });

  it("moves all dates of one subject by the same days, and other subjects by others", async () => {
    const subjects = Array.from({ length: 60 }, (_, index) => `subject ${index % 20}`);
    const values = subjects.map((_, index) => new Date(Date.UTC(2000, 0, 1 + index * 9)).toISOString().slice(0, 10));
    const masked = await maskValues(shiftDates({ by: "id" }), values, { others: { id: subjects } });
    const moves = masked.map((value, index) => dayOf(value) - dayOf(values[index]!));
    for (const [index, move] of moves.entries()) expect(move).toBe(moves[index % 20]);
    expect(new Set(moves).size).toBeGreaterThan(10);
  });

  it("gives a subject the same offset in every table", async () => {
    const settings = { others: { id: ["17"] } };
    const one = await maskValues(shiftDates({ by: "id" }), ["2000-01-01"], settings);
    expect(await maskValues(shiftDates({ by: "id" }), ["2000-01-01"], { ...settings, table: "orders" })).toEqual(one);
  });

  it("cannot handle a date whose subject is NULL, what is no date, and days that the calendar lacks", async () => {
    await expect(maskValues(shiftDates({ by: "id" }), ["2000-01-01"], { others: { id: [null] } })).rejects.toMatchObject({
      code: "VALUE_UNSUPPORTED",
    });
    for (const value of ["yesterday", "14.03.1987", "2023-02-29", "2023-13-01", "20230101", "1987-03-14x"])
      await expect(maskOne(shiftDates(), value), value).rejects.toMatchObject({ code: "VALUE_UNSUPPORTED" });
  });

  it("refuses no days at all", () => {
    expect(() => shiftDates({ days: 0 })).toThrow(/at least 1/);
  });

  it("gives real days, within the range, the same in any batch size", async () => {
    const dates = fc
      .date({ min: new Date("0010-01-01T00:00:00Z"), max: new Date("9990-01-01T00:00:00Z"), noInvalidDate: true })
      .map((date) => date.toISOString().slice(0, 10));
    await fc.assert(
      fc.asyncProperty(
        fc.array(dates, { minLength: 1, maxLength: 30 }),
        fc.integer({ min: 1, max: 2000 }),
        fc.integer({ min: 1, max: 7 }),
        async (values, days, size) => {
          const masked = await maskValues(shiftDates({ days }), values);
          for (const [index, value] of masked.entries()) {
            const move = dayOf(value) - dayOf(values[index]!);
            expect(new Date(`${value}T00:00:00Z`).toISOString().slice(0, 10)).toBe(value);
            expect(move !== 0 && Math.abs(move) <= days).toBe(true);
          }
          expect(await maskInBatches(shiftDates({ days }), values, size)).toEqual(masked);
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe("what is no date alone", () => {
  const isRefused = async (value: string, settings: Parameters<typeof maskOne>[2] = {}, order: "iso" | "dmy" = "iso") =>
    expect(await maskOne(shiftDates({ order, onUnsupported: "nullify" }), value, settings), value).toBeNull();

  it("is unsupported: what stands behind a date would leave as it came", async () => {
    for (const value of [
      "1987-03-14 Jane Doe",
      "1987-03-14T",
      "1987-03-14 - 1988-01-01",
      "12987-03-14 x",
      "1987-03-14 12:00:00 Jane",
    ])
      await isRefused(value);
    for (const value of ["31/12/2025 Jane", "31 12 2025 Jane", "31.12.2025-01.01.2026"]) await isRefused(value, {}, "dmy");
    for (const value of ["2025-W01", "2025-12", "2025-02-29", "1987-03-14 25:00:00"]) await isRefused(value);
  });

  it("is unsupported where MySQL holds a part of a date: it names a year, and would leave as it came", async () => {
    for (const value of ["1987-00-00", "1987-03-00", "0000-03-14", "1987-00-00 12:11:10"])
      await isRefused(value, { column: { kind: "date", type: "date" } });
  });

  it("is read in spaces as in dots, before a time too", async () => {
    expect(await maskOne(shiftDates({ order: "dmy" }), "31 12 1980 08:30")).toMatch(/^\d\d \d\d \d{4} 08:30$/);
  });

  it("is not written into a column that has no room for it, nor outside of a timestamp of MySQL", async () => {
    const short = await maskValues(
      shiftDates({ order: "dmy", onUnsupported: "nullify" }),
      Array.from({ length: 60 }, (_, index) => `${(index % 9) + 1}.5.1980`),
      { column: { maxLength: 8 }, others: {} },
    );
    for (const value of short) expect(value === null || value.length <= 8).toBe(true);
    const stamp = { kind: "timestamp", type: "timestamp", secondRange: { min: 1, max: 2 ** 31 - 1 } } as const;
    const subjects = Array.from({ length: 60 }, (_, index) => `subject ${index}`);
    for (const [edge, year] of [
      ["1970-01-02 00:00:00", "1970"],
      ["2038-01-18 00:00:00", "2037"],
    ])
      for (const value of await maskValues(
        shiftDates({ by: "id", days: 100 }),
        subjects.map(() => edge!),
        { column: stamp, others: { id: subjects } },
      ))
        expect(value!.slice(0, 4) === year || value!.startsWith("2038-01-")).toBe(true);
  });

  it("moves together where two columns name the subject", async () => {
    const others = { tenant: ["1", "1", "2", "1"], user: ["7", "7", "7", null] };
    const rule = shiftDates({ by: ["tenant", "user"], days: 10_000, onUnsupported: "nullify" });
    const [one, same, other, nobody] = await maskValues(rule, ["2000-01-01", "2000-01-01", "2000-01-01", "2000-01-01"], {
      others,
    });
    expect(same).toBe(one);
    expect(other).not.toBe(one);
    expect(nobody).toBeNull();
    expect(rule.transform.reads(rule.options)).toEqual(["tenant", "user"]);
    for (const by of [[], ["a", "a"], [""], 7]) expect(() => shiftDates({ by: by as never })).toThrow(/"by" must be a column/);
  });
});
