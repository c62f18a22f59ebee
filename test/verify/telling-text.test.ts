import { describe, expect, it } from "vitest";
import type { DataClass } from "../../src/policy/class-names.ts";
import { typicalColumn } from "../../src/testing/typical-columns.ts";
import { tellingUnits } from "../../src/verify/telling-text.ts";

const isCommon = (word: string) => ["maria", "lopez", "anna"].includes(word);
const unitsOf = (dataClass: DataClass | null, value: string, kind: "text" | "integer" | "date" = "text") =>
  tellingUnits(typicalColumn(kind), dataClass, isCommon)?.(value).map(({ unit, strength }) => [unit, strength]);

describe("what tells of a person", () => {
  it.each<[DataClass, string, string, string]>([
    ["email", "Jane@Acme.com", "jane@acme.com", "strong"],
    ["phone", "+49 (30) 901-820", "#4930901820", "strong"],
    ["fullName", "Maria Lopez", "maria lopez", "common"],
    ["fullName", "Maria Quababa", "maria quababa", "strong"],
    ["lastName", "Quababa", "quababa", "alone"],
    ["userName", "quababa77", "quababa77", "strong"],
  ])("in a column of %s is %s", (dataClass, value, unit, strength) => {
    expect(unitsOf(dataClass, value)).toEqual([[unit, strength]]);
  });

  it("is in text of no class an address, a long number, or a whole passage, and in a UUID no number", () => {
    expect(unitsOf(null, "delivered")).toEqual([]);
    expect(unitsOf(null, "see jane@acme.com")).toEqual([["jane@acme.com", "strong"]]);
    expect(unitsOf("freeText", "She called (030) 901-820-77 in the morning")).toEqual([
      ["#03090182077", "strong"],
      ["she called 030 901-820-77 in the morning", "strong"],
    ]);
    expect(unitsOf(null, "2892fa96-2861-4012-9711-12345678abcd")).toEqual([["#2892fa9628614012971112345678abcd", "strong"]]);
  });

  it("is nothing short, nothing common, and no date, place or plain number", () => {
    expect([unitsOf("lastName", "Li"), unitsOf("firstName", "Maria")]).toEqual([[], []]);
    expect([unitsOf("city", "Quababa"), unitsOf("birthDate", "1980-05-17"), unitsOf(null, "1234567890", "integer")]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it.each([
    "[2024-01-05,2024-01-09)",
    '["2024-01-05 10:00:00+02","2024-01-09 11:30:00.123+02")',
    "{2024-01-05,2024-02-06}",
    "2024-01-05 10:00:00",
    "31.12.1980 - 01.02.1981",
    "[2024-01-05,infinity)",
  ])("is none of the dates of %s, which tell of nobody in a date column either", (dates) => {
    expect(unitsOf(null, dates)).toEqual([]);
  });

  it("is what stands beside a date, and a number that only looks like one", () => {
    expect(unitsOf(null, "1980-05-17 030 901 820 77")).toEqual([
      ["#03090182077", "strong"],
      ["#1980051703090182077", "strong"],
    ]);
    expect(unitsOf(null, "12.34.5678")).toEqual([["#12345678", "strong"]]);
    expect(unitsOf(null, "1980-05-171234")).toEqual([["#198005171234", "strong"]]);
  });
});
