import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Rule } from "../../src/contracts.ts";
import { checkTransform } from "../../src/testing/index.ts";
import { drawDates } from "../../src/transforms/dates/draw-dates.ts";
import { generalizeAge } from "../../src/transforms/dates/generalize-age.ts";
import { generalizeDate } from "../../src/transforms/dates/generalize-date.ts";
import { jitterDates } from "../../src/transforms/dates/jitter-dates.ts";
import { permuteDates } from "../../src/transforms/dates/permute-dates.ts";
import { shiftDates } from "../../src/transforms/dates/shift-dates.ts";
import { columnOf, INT4, maskInBatches, maskOne, maskValues } from "./mask-values.ts";

const problems = (rule: Rule, column: Parameters<typeof columnOf>[0]) =>
  rule.transform.checkColumn(rule.options, columnOf(column));
const secondsOf = (text: string | null) => Date.parse(`${text!.replace(" ", "T")}Z`) / 1000;
const iso = (milliseconds: number) => new Date(milliseconds).toISOString().slice(0, 19).replace("T", " ");
const INSTANTS = fc.integer({ min: 0, max: 2 ** 31 }).map((seconds) => iso(seconds * 1000));

describe("generalizeDate", () => {
  it("makes a date the first of its period, in its own form", async () => {
    const of = (to: Parameters<typeof generalizeDate>[0] & object, value: string) => maskOne(generalizeDate(to), value);
    expect(await of({ to: "decade" }, "1987-03-14")).toBe("1980-01-01");
    expect(await of({ to: "year" }, "1987-03-14")).toBe("1987-01-01");
    expect(await of({ to: "quarter" }, "1987-06-30")).toBe("1987-04-01");
    expect(await of({ to: "week" }, "2024-02-29")).toBe("2024-02-26");
    expect(await of({ to: "day" }, "1987-03-14 12:30:59.250+05:30")).toBe("1987-03-14 00:00:00.000+05:30");
    expect(await of({ to: "hour" }, "1987-03-14T12:30:59.25Z")).toBe("1987-03-14T12:00:00.00Z");
    expect(await of({ to: "minute" }, "1987-03-14 12:30")).toBe("1987-03-14 12:30");
    expect(await of({ to: "month" }, "0044-03-15 12:00:00+00 BC")).toBe("0044-03-01 00:00:00+00 BC");
    expect(await of({ to: "month", order: "dmy" }, "14.03.1987 10:15")).toBe("01.03.1987 00:00");
    expect(await of({ to: "year", order: "mdy" }, "3/14/1987")).toBe("1/1/1987");
  });

  it("names the period in a text", async () => {
    const label = (to: "decade" | "year" | "quarter" | "month" | "week", value: string) =>
      maskOne(generalizeDate({ to, as: "label" }), value);
    expect(await label("decade", "1987-03-14")).toBe("1980s");
    expect(await label("year", "1987-03-14")).toBe("1987");
    expect(await label("quarter", "1987-12-14")).toBe("1987-Q4");
    expect(await label("month", "1987-03-14 10:00:00")).toBe("1987-03");
    // ISO 8601: the first week has the year's first Thursday.
    for (const [day, week] of [
      ["2021-01-03", "2020-W53"],
      ["2024-12-30", "2025-W01"],
      ["2018-01-01", "2018-W01"],
      ["2016-01-03", "2015-W53"],
    ] as const)
      expect(await label("week", day)).toBe(week);
  });

  it("gives the very old one date of birth", async () => {
    const rule = generalizeDate({ to: "year", topAge: 90, at: "2025-06-15" });
    expect(await maskValues(rule, ["1900-01-01", "1935-06-15", "1935-06-16", "1936-02-02"], { column: "date" })).toEqual([
      "1935-01-01",
      "1935-01-01",
      "1935-01-01",
      "1936-01-01",
    ]);
    expect(problems(generalizeDate({ topAge: 90 }), "date")).toHaveLength(1);
  });

  it("cannot handle what has no such part", async () => {
    for (const value of ["1987-02-30", "n/a", "1987-03-14 25:00:00", "14.03.1987"])
      await expect(maskOne(generalizeDate(), value)).rejects.toMatchObject({ code: "VALUE_UNSUPPORTED" });
    await expect(maskOne(generalizeDate({ to: "hour" }), "1987-03-14")).rejects.toMatchObject({ code: "VALUE_UNSUPPORTED" });
    expect(problems(generalizeDate({ to: "hour" }), "date")).toHaveLength(1);
    expect(problems(generalizeDate({ as: "label" }), "date")).toHaveLength(1);
  });

  it("keeps the order of dates, as any coarser scale does", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(INSTANTS, { minLength: 2, maxLength: 20 }),
        fc.constantFrom("year", "quarter", "month", "week", "hour"),
        async (values, to) => {
          const sorted = [...values].sort();
          const masked = await maskValues(generalizeDate({ to }), sorted);
          expect([...masked].sort()).toEqual(masked);
          for (const [index, value] of masked.entries()) expect(value! <= sorted[index]!).toBe(true);
        },
      ),
      { numRuns: 30 },
    );
  });
});

describe("generalizeAge", () => {
  it("puts ages into bands, and everybody from 90 on into one", async () => {
    expect(await maskValues(generalizeAge(), ["0", "9", "34", "89", "90", "104", null, ""])).toEqual([
      "0-9",
      "0-9",
      "30-39",
      "80-89",
      "90+",
      "90+",
      null,
      "",
    ]);
    expect(await maskValues(generalizeAge({ width: 5 }), ["34", "90", "117"], { column: INT4 })).toEqual(["30", "90", "90"]);
    expect(await maskOne(generalizeAge({ width: 20 }), "85")).toBe("80-89");
  });

  it("counts the age of a date of birth on a day that it is told", async () => {
    const rule = generalizeAge({ width: 1, at: "2025-03-14" });
    expect(await maskValues(rule, ["1987-03-14", "1987-03-15", "1930-01-01"])).toEqual(["38", "37", "90+"]);
    for (const value of ["1987-03-14", "old", "-3", "151"])
      await expect(maskOne(generalizeAge(), value)).rejects.toMatchObject({ code: "VALUE_UNSUPPORTED" });
  });
});

describe("jitterDates", () => {
  it("moves a time by seconds, and draws the digits behind them anew", async () => {
    const values = Array.from({ length: 300 }, (_, index) => `${iso(1.7e12 + index * 1e7)}.123456+00`);
    const masked = await maskValues(jitterDates({ seconds: 900 }), values, { column: "timestamp" });
    for (const [index, value] of masked.entries()) {
      const move = secondsOf(value!.slice(0, 19)) - secondsOf(values[index]!.slice(0, 19));
      expect(move !== 0 && Math.abs(move) <= 900).toBe(true);
      expect(value).toMatch(/\.\d{6}\+00$/);
      expect(value).not.toContain(".123456");
    }
    expect(await maskOne(jitterDates(), "2024-05-01 12:30:00.000")).toMatch(/\.000$/);
  });

  it("moves a subject's times together, and no date without a time", async () => {
    const settings = { column: "timestamp", others: { id: ["a", "a"] } } as const;
    const [one, other] = await maskValues(jitterDates({ by: "id" }), ["2024-05-01 12:00:00", "2024-05-01 13:00:00"], settings);
    expect(secondsOf(other!) - secondsOf(one!)).toBe(3600);
    await expect(maskOne(jitterDates(), "2024-05-01")).rejects.toMatchObject({ code: "VALUE_UNSUPPORTED" });
  });
});

describe("dates of a row", () => {
  const pairs = fc.array(fc.tuple(fc.integer({ min: 0, max: 2 ** 31 }), fc.integer({ min: 0, max: 10 ** 6 })), {
    minLength: 1,
    maxLength: 20,
  });

  it("stay in order under jitterDates and shiftDates, with the gap that is asked for", async () => {
    await fc.assert(
      fc.asyncProperty(pairs, async (rows) => {
        const created = rows.map(([from]) => iso(from * 1000));
        const shipped = rows.map(([from, distance]) => iso((from + distance) * 1000));
        const others = { created };
        const jittered = await maskValues(jitterDates({ seconds: 86_400, after: "created", gap: 5 }), shipped, {
          column: "timestamp",
          others,
        });
        const shifted = await maskValues(shiftDates({ days: 90, after: "created", gap: 1 }), shipped, {
          column: "timestamp",
          others,
        });
        for (const [index, from] of created.entries()) {
          expect(secondsOf(jittered[index]!) - secondsOf(from)).toBeGreaterThanOrEqual(5);
          expect(secondsOf(shifted[index]!) - secondsOf(from)).toBeGreaterThanOrEqual(86_400);
        }
      }),
      { numRuns: 30 },
    );
  });

  it("are left alone where they were in another order, or there is nothing to be behind", async () => {
    const values = ["2024-05-01", "2024-05-01", "2024-05-01"];
    const settings = { column: "date", others: { created: ["2024-05-02", null, "n/a"] } } as const;
    const free = await maskValues(shiftDates(), values, { column: "date" });
    expect(await maskValues(shiftDates({ after: "created" }), values, settings)).toEqual(free);
  });

  it("compare by days beside a date without a time", async () => {
    const values = Array.from({ length: 200 }, (_, index) => iso(1.7e12 + index * 1e9).slice(0, 10));
    const created = values.map((value) => `${value} 23:00:00`);
    const masked = await maskValues(shiftDates({ days: 30, after: "created" }), values, { column: "date", others: { created } });
    for (const [index, value] of masked.entries()) expect(value! >= values[index]!).toBe(true);
  });
});

describe("drawDates", () => {
  it("draws between two days, in the form of the value", async () => {
    const rule = drawDates({ min: "2020-01-01", max: "2020-12-31" });
    const values = Array.from({ length: 3000 }, (_, index) => `${iso(index * 1e9)}.5+02`);
    const masked = await maskValues(rule, values, { column: "timestamp" });
    for (const value of masked) expect(value).toMatch(/^2020-\d\d-\d\d \d\d:\d\d:\d\d\.\d\+02$/);
    expect(new Set(masked.map((value) => value!.slice(0, 10))).size).toBe(366);
    expect(await maskOne(rule, "1987-03-14", { column: "date" })).toMatch(/^2020-\d\d-\d\d$/);
    expect(problems(drawDates({ min: "2020-01-01", max: "2019-01-01" }), "date")).toHaveLength(1);
    expect(() => drawDates({ min: "2020-02-30" })).toThrow(/must be a date/);
  });
});

describe("permuteDates", () => {
  it("gives every day of its range another, one for one", async () => {
    const days = Array.from({ length: 366 }, (_, index) => iso(Date.UTC(2024, 0, 1 + index)).slice(0, 10));
    const masked = await maskValues(permuteDates({ min: "2024-01-01", max: "2024-12-31" }), days, { column: "date" });
    expect(new Set(masked)).toEqual(new Set(days));
    expect(masked.some((value, index) => value === days[index])).toBe(false);
  });

  it("exchanges timestamps second for second, whatever zone they are written in", async () => {
    const rule = permuteDates();
    const [utc, east] = await maskValues(rule, ["2024-05-01 10:00:00.25+00", "2024-05-01 12:00:00.25+02"], {
      column: "timestamp",
    });
    expect(utc).toMatch(/\.25\+00$/);
    expect(Date.parse(utc!.replace(" ", "T").replace(/\+(\d\d)$/, "+$1:00"))).toBe(
      Date.parse(east!.replace(" ", "T").replace(/\+(\d\d)$/, "+$1:00")),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(INSTANTS, { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 1, max: 9 }),
        async (values, size) => {
          const masked = await maskValues(rule, values);
          expect(new Set(masked).size).toBe(values.length);
          expect(await maskInBatches(rule, values, size)).toEqual(masked);
        },
      ),
      { numRuns: 20 },
    );
  });

  it("cannot handle a date outside, or one that is written without its zeros", async () => {
    for (const value of ["1899-12-31", "9999-12-31", "2024-05-01 10:00"])
      await expect(maskOne(permuteDates(), value)).rejects.toMatchObject({ code: "VALUE_UNSUPPORTED" });
    await expect(maskOne(permuteDates({ order: "dmy" }), "1.5.1980")).rejects.toMatchObject({ code: "VALUE_UNSUPPORTED" });
    expect(await maskOne(permuteDates({ order: "dmy" }), "01.05.1980")).toMatch(/^\d\d\.\d\d\.\d{4}$/);
  });

  it("loses no day of the usual two hundred years", async () => {
    const days = Array.from({ length: 73_049 }, (_, index) => iso(Date.UTC(1900, 0, 1 + index)).slice(0, 10));
    expect(new Set(await maskValues(permuteDates(), days, { column: "date" })).size).toBe(73_049);
    expect(await checkTransform(permuteDates(), { column: "date", values: days.slice(0, 3000) })).toEqual([]);
  });
});

describe("a timestamp of MySQL", () => {
  const column = { kind: "timestamp", type: "timestamp", secondRange: { min: 1, max: 2 ** 31 - 1 } } as const;
  const problems = (rule: Rule) => rule.transform.checkColumn(rule.options, columnOf(column));

  it("is given no day that it does not hold", async () => {
    expect(problems(drawDates())).toHaveLength(1);
    expect(problems(permuteDates({ min: "1970-01-01", max: "2030-12-31" }))).toHaveLength(1);
    expect(problems(permuteDates({ min: "1970-01-02", max: "2038-01-18" }))).toEqual([]);
    const edges = ["1970-01-01 00:00:01", "2038-01-19 03:14:07"];
    const masked = await maskValues(jitterDates({ seconds: 900 }), edges, { column });
    expect(masked[0]! > edges[0]! && masked[1]! < edges[1]!).toBe(true);
    expect(await maskValues(generalizeDate({ to: "year", onUnsupported: "nullify" }), edges, { column })).toEqual([
      null,
      "2038-01-01 00:00:00",
    ]);
  });
});
