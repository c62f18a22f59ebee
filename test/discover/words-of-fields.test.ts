import { describe, expect, it } from "vitest";
import { loadClassifier } from "../../src/discover/classify-column.ts";
import { sampleOf } from "./sampled-column.ts";

const classify = await loadClassifier();

type Shape = Parameters<typeof sampleOf>[2];

const many = (write: (index: number) => string) => Array.from({ length: 24 }, (_, index) => write(index));
const from = (list: string) => {
  const words = list.split(" ");
  return many((index) => words[index % words.length]!);
};

const PERSONAL: readonly (readonly [kind: string, name: string, values: readonly string[], shape?: Shape])[] = [
  ["phone", "calling_party", many((index) => `44794820${1000 + index * 37}`)],
  ["health", "resting_hr", many((index) => String(48 + index)), { kind: "integer" }],
  ["health", "height_cm", many((index) => String(150 + index)), { kind: "integer", table: "workouts", beside: ["resting_hr"] }],
  ["health", "hba1c_pct", many((index) => `5.${index}`), { kind: "decimal" }],
  ["health", "schwerbehindert", ["t", "f"], { kind: "boolean" }],
  ["health", "q3", ["Metformin 500mg", "Lisinopril 10 mg", "Atorvastatin 20mg"]],
  ["politicalOpinion", "pep_flag", ["t", "f"], { kind: "boolean" }],
  ["politicalOpinion", "q4", ["Democrat", "Republican", "Independent"]],
  ["income", "free_lunch", ["t", "f"], { kind: "boolean", table: "pupils" }],
  ["income", "salary_amount", many((index) => `${30_000 + index * 731}.00`), { kind: "decimal" }],
  ["maritalStatus", "filing_status", ["single", "married", "head"]],
  ["ethnicity", "eye_color", ["BRO", "BLU", "GRN", "HAZ"]],
  ["sexualOrientation", "q5", ["straight", "gay", "bisexual"]],
  ["fullName", "q6", many((index) => `${["SMITH", "JOHNSON", "MILLER"][index % 3]}/${["ANNA", "PETER", "MARIA", "PAUL", "LAURA", "DAVID", "EMMA"][index % 7]} MR`)],
  ["lastName", "field_09", from("Henderson Alvarez Laurent Bianchi Ramirez Becker Schmidt Schneider Fischer Weber Romano Murphy Moreau")],
]; // biome-ignore format: a list of columns

const HARMLESS: readonly (readonly [name: string, values: readonly string[], shape?: Shape])[] = [
  ["height", many((index) => String(10 + index)), { kind: "integer", table: "parcels", beside: ["weight_kg", "sku"] }],
  ["steps", many((index) => String(1 + index)), { kind: "integer", table: "recipes" }],
  ["colour", ["white", "black", "brown"], { table: "materials" }],
  ["gl_code", many((index) => `${1000 + index * 41}-${200 + index}`)],
  ["fare_basis", many((index) => `Y${10 + index}RT`)],
];

describe("what single fields of work call their columns", () => {
  it.each(PERSONAL.map(([kind, ...given]) => ({ kind, name: given[0], given })))("$kind: $name", ({ kind, given }) => {
    const found = classify(sampleOf(...given));
    expect(found).toMatchObject({ kind });
    expect(found.decision).not.toBe("keep");
  });

  it.each(HARMLESS.map((given) => ({ name: given[0], given })))("nothing: $name", ({ given }) => {
    expect(classify(sampleOf(...given))).toMatchObject({ kind: null, decision: "keep" });
  });
});
