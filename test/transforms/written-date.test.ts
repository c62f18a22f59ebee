import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { shiftDates } from "../../src/transforms/dates/shift-dates.ts";
import { orderOfDates, readWrittenDate, WRITTEN_ORDERS } from "../../src/transforms/dates/written-date.ts";
import { maskOne, maskValues } from "./mask-values.ts";

const MANY = Array.from({ length: 300 }, (_, index) => new Date(Date.UTC(1930, 0, 1 + index * 83)).toISOString().slice(0, 10));
const parts = MANY.map((date) => date.split("-") as [string, string, string]);

describe("shiftDates of dates in another order than ISO's", () => {
  it.each([
    ["dmy", ".", parts.map(([y, m, d]) => `${d}.${m}.${y}`)],
    ["dmy", "/", parts.map(([y, m, d]) => `${d}/${m}/${y}`)],
    ["mdy", "/", parts.map(([y, m, d]) => `${m}/${d}/${y}`)],
    ["ymd", "", parts.map(([y, m, d]) => `${y}${m}${d}`)],
    ["ymd", "/", parts.map(([y, m, d]) => `${y}/${m}/${d}`)],
  ] as const)("moves as ISO's would be, in the form %s with %j", async (order, sign, values) => {
    const iso = await maskValues(shiftDates({ days: 90, by: "id" }), MANY, { others: { id: MANY } });
    const written = await maskValues(shiftDates({ days: 90, by: "id", order }), values, { others: { id: MANY } });
    const form = (date: string) => {
      const [y, m, d] = date.split("-");
      return { dmy: [d, m, y], mdy: [m, d, y], ymd: [y, m, d] }[order].join(sign);
    };
    expect(written).toEqual(iso.map((date) => form(date!)));
  });

  it("keeps a date without zeros so, and what stands behind it", async () => {
    expect(await maskOne(shiftDates({ order: "dmy" }), "1.5.1980 08:30")).toMatch(/^[1-9]\d?\.[1-9]\d?\.\d{4} 08:30$/);
    expect(await maskOne(shiftDates({ order: "dmy" }), "1987-03-14")).toMatch(/^\d{4}-\d\d-\d\d$/);
  });

  it("is unsupported where the text is no date in that order", async () => {
    for (const value of ["12/31/1980", "31.02.1980", "31.12.80", "31.12/1980", "soon"])
      expect(await maskOne(shiftDates({ order: "dmy", onUnsupported: "nullify" }), value)).toBeNull();
    expect(await maskOne(shiftDates({ onUnsupported: "nullify" }), "31.12.1980")).toBeNull();
  });

  it("writes what it reads", () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date("0001-01-01"), max: new Date("9999-12-31"), noInvalidDate: true }),
        fc.constantFrom(...WRITTEN_ORDERS),
        fc.constantFrom("-", "/", "."),
        (date, order, sign) => {
          const [y, m, d] = date.toISOString().slice(0, 10).split("-");
          const value = { dmy: [d, m, y], mdy: [m, d, y], ymd: [y, m, d] }[order].join(sign);
          const read = readWrittenDate(value, order)!;
          expect(read.write(read.day)).toBe(value);
        },
      ),
    );
  });
});

describe("orderOfDates", () => {
  it("tells by the days that are no months, and leaves open what is a date in both orders", () => {
    expect(orderOfDates(["31.12.1980", "01.02.1990", "15.06.1975"])).toBe("dmy");
    expect(orderOfDates(["12/31/1980", "01/02/1990", "06/15/1975"])).toBe("mdy");
    expect(orderOfDates(["19801231", "19900201"])).toBe("ymd");
    expect(orderOfDates(["01/02/1990", "03/04/1980"])).toBeNull();
    expect(orderOfDates(["1980-12-31", "1990-01-02"])).toBeNull();
    expect(orderOfDates(["yesterday", "31.12.1980"])).toBeNull();
    expect(orderOfDates([])).toBeNull();
  });
});
