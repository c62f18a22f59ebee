import { ending, luhnEnding, tenLess, weighted, weightedEnding } from "./id-checks.ts";
import { keptOf } from "./id-dates.ts";
import { chars, check, digits, type IdField, kept, oneOf, span } from "./id-field.ts";
import type { IdForm, IdScheme, IdSchemes } from "./id-scheme.ts";

const VIN = "0123456789ABCDEFGHJKLMNPRSTUVWXYZ";
/** The year of a model is no I, O, Q, U, Z or 0. */
const VIN_YEAR = "123456789ABCDEFGHJKLMNPRSTVWXY";
const VIN_WEIGHTS = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
const VIN_VALUES = new Uint8Array(128);
for (const [index, char] of [..."0123456789"].entries()) VIN_VALUES[char.charCodeAt(0)] = index;
for (const [index, char] of [..."ABCDEFGH"].entries()) VIN_VALUES[char.charCodeAt(0)] = index + 1;
for (const [index, char] of [..."JKLMN"].entries()) VIN_VALUES[char.charCodeAt(0)] = index + 1;
for (const [char, value] of Object.entries({ P: 7, R: 9, S: 2, T: 3, U: 4, V: 5, W: 6, X: 7, Y: 8, Z: 9 }))
  VIN_VALUES[char.charCodeAt(0)] = value;

/** ISO 3779, with the check digit of North America at the ninth place. */
function vin(text: string): string {
  let sum = 0;
  for (let index = 0; index < 17; index++) sum += VIN_VALUES[text.charCodeAt(index)]! * VIN_WEIGHTS[index]!;
  return text.slice(0, 8) + "0123456789X"[sum % 11] + text.slice(9);
}

const vinForms = (keep: boolean): readonly IdForm[] => {
  const maker = keep ? kept(3) : chars(VIN, 3);
  const [from, plant] = [chars(VIN, 5), chars(VIN, 7)];
  return [
    { fields: [maker, from, check(), chars(VIN_YEAR), plant], complete: vin },
    // Elsewhere the ninth place is like any other.
    { fields: [maker, from, chars(VIN), chars(VIN), plant], complete: (text) => (isCheckedVin(text) ? null : text) },
  ];
};
const isCheckedVin = (text: string) => vin(text) === text && VIN_YEAR.includes(text[9]!);

const isbn10 = ending(1, (before) => "0X987654321"[weighted(before, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11]!);
const issn = ending(1, (before) => "0X987654321"[weighted(before, [8, 7, 6, 5, 4, 3, 2]) % 11]!);

/** GS1's check digit: every other digit three times, from the last before it. */
const gs1 = ending(1, (before) => {
  let sum = 0;
  for (let index = before.length - 1, weight = 3; index >= 0; index--, weight = 4 - weight)
    sum += (before.charCodeAt(index) - 48) * weight;
  return tenLess(sum % 10);
});

/** Digits of a company in a trade number, as many as GS1 gives out most often. */
const GS1_COMPANY = 7;
const gs1Forms = (length: number, keep: boolean): readonly IdForm[] => {
  const company = length < 12 ? 3 : GS1_COMPANY + length - 13;
  return [
    { fields: keep ? [kept(company), digits(length - company - 1), check()] : [digits(length - 1), check()], complete: gs1 },
  ];
};

const byLength = (forms: Readonly<Record<string, (keep: boolean) => readonly IdForm[]>>): IdScheme["forms"] => {
  return (key, keep) => forms[key]?.(keep) ?? [];
};

const type = (keep: boolean): readonly IdField[] => (keep ? [kept(8), digits(6)] : [digits(8), digits(6)]);

/** Numbers of vehicles, devices, books and goods. */
export const IDS_OF_THINGS = {
  vin: {
    describe: "a vehicle (ISO 3779), with the check digit where it has one",
    keeps: "the manufacturer",
    forms: byLength({ 17: vinForms }),
  },
  imei: {
    describe: "a mobile device (3GPP TS 23.003): 14 digits, 15 with the check digit, 16 with the version",
    keeps: "the type (TAC)",
    forms: byLength({
      14: (keep) => [{ fields: type(keep) }],
      15: (keep) => [{ fields: [...type(keep), check()], complete: luhnEnding }],
      16: (keep) => [{ fields: [...type(keep), kept(2)] }],
    }),
  },
  isbn: {
    describe: "a book (ISO 2108), with 10 or 13 digits, also behind `ISBN`",
    head: "ISBN",
    forms: byLength({
      10: () => [{ fields: [digits(9), check()], complete: isbn10 }],
      13: () => [
        { fields: [keptOf(oneOf(["978"])), digits(9), check()], complete: gs1 },
        { fields: [keptOf(oneOf(["979"])), span(1, 9), digits(8), check()], complete: gs1 },
      ],
    }),
  },
  issn: {
    describe: "a serial (ISO 3297), also behind `ISSN`",
    head: "ISSN",
    forms: byLength({ 8: () => [{ fields: [digits(7), check()], complete: issn }] }),
  },
  ean: {
    describe: "goods (GTIN: EAN-8, UPC-A, EAN-13, GTIN-14)",
    keeps: "the company",
    forms: byLength(Object.fromEntries([8, 12, 13, 14].map((length) => [length, (keep: boolean) => gs1Forms(length, keep)]))),
  },
  imo: {
    describe: "a ship, also behind `IMO`",
    head: "IMO",
    forms: byLength({
      7: () => [{ fields: [digits(6), check()], complete: weightedEnding([7, 6, 5, 4, 3, 2], 10, (rest) => rest) }],
    }),
  },
} satisfies IdSchemes;
