import { luhnSum } from "../../transforms/ids/luhn.ts";
import { eachValueIs, type Recogniser, shareOf, TEXT_OR_NUMBER } from "./recogniser.ts";

/** ICD-10, ICD-10-CM and ICD-9-CM: `E11.9`, `S72.001A`, `250.00`. */
const ICD = /^(?:[A-TV-Z]\d[\dAB](?:\.?[\dA-Z]{1,4})?|\d{3}\.\d{1,2}|[EV]\d{2,3}(?:\.\d{1,2})?)$/;

/** Substances of medicines (ATC, fifth level): main group, therapeutic group, two letters, number. */
const ATC = /^[ABCDGHJLMNPRSV]\d{2}[A-Z]{2}\d{2}$/;

/** A code of a measurement, as laboratories send it: a number and the check digit of its double, mod 10. */
export function isLoinc(value: string): boolean {
  return /^\d{1,6}-\d$/.test(value) && luhnSum(value.replace("-", "")) === 0;
}

export const recogniseHealthCode: Recogniser = {
  kind: "healthCode",
  measure: (values) => {
    const enough = values.length >= 5;
    const schemes = [
      {
        share: shareOf(values, (value) => value.length <= 10 && ICD.test(value)),
        alone: isIcdAlone(values) ? 0.7 : 0,
        says: "ICD",
      },
      { share: shareOf(values, (value) => ATC.test(value)), alone: enough ? 0.85 : 0, says: "ATC" },
      { share: shareOf(values, isLoinc), alone: enough ? 0.75 : 0, says: "LOINC" },
    ];
    const { share, alone, says } = schemes.reduce((best, one) =>
      one.share * (one.alone + 0.1) > best.share * (best.alone + 0.1) ? one : best,
    );
    return {
      kind: "healthCode",
      share,
      alone,
      least: 0.3,
      support: 0.8,
      isNeeded: false,
      // Parts and errors are numbered in the same form; a name that tells of them counts.
      isOfWords: says === "ICD",
      says: `have the form of ${says} codes`,
    };
  },
};

const isIcdAlone = (values: readonly string[]) =>
  shareOf(values, (value) => /^[A-TV-Z]\d[\dAB]\.[\dA-Z]{1,4}$/.test(value)) >= 0.3 && values.length >= 5;

const short = (kind: Recogniser["kind"], form: RegExp, says: string, support = 0.6): Recogniser =>
  eachValueIs(kind, (value) => value.length <= 40 && form.test(value), { accepts: TEXT_OR_NUMBER, says, support });

/** Numbers that carry nothing to check: their form can only agree with a name or not. */
export const codeRecognisers: readonly Recogniser[] = [
  short("cardCvv", /^\d{1,4}$/, "have up to four digits"),
  short("passport", /^(?=.*\d)[A-Z\d< -]{5,20}$/i, "have the form of document numbers"),
  short("drivingLicence", /^(?=.*\d)[A-Z\d /*-]{4,25}$/i, "have the form of document numbers"),
  short("insuranceNumber", /^(?=.*\d)[A-Z\d ./-]{4,30}$/i, "have the form of document numbers"),
  short("licencePlate", /^(?=.*\d)[\p{L}\d][\p{L}\d ·.-]{1,12}$/u, "have the form of licence plates"),
  short("bankAccount", /^(?=.*\d)[A-Z\d ./-]{4,42}$/i, "have the form of account numbers"),
  short("nationalId", /^(?=.*\d)[\p{L}\d ./+-]{4,30}$/u, "have the form of official numbers", 0.25),
  short("taxId", /^(?=.*\d)[\p{L}\d ./+-]{4,30}$/u, "have the form of official numbers", 0.25),
  eachValueIs("income", (value) => /\d/.test(value) && value.length <= 40, {
    accepts: ["text", "integer", "decimal", "float", "other"],
    says: "hold amounts",
    support: 0.6,
  }),
  eachValueIs("cardExpiry", (value) => /^\d{1,4}(?:[-/. ]?\d{1,4}){0,2}/.test(value) && value.length <= 30, {
    accepts: ["text", "integer", "date", "timestamp"],
    says: "have the form of a month and a year",
    support: 0.6,
  }),
  eachValueIs("birthPlace", (value) => /\p{L}/u.test(value) && value.length <= 100, { says: "are words", support: 0.5 }),
];
