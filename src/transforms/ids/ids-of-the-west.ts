import {
  belowTen,
  elevenLess,
  ending,
  luhnEnding,
  mod11And10,
  remainder,
  verhoeffDigit,
  weighted,
  weightedEnding,
} from "./id-checks.ts";
import { centuryDates, dated, ddmmyy, keptOf, yymmdd, yyyymmdd } from "./id-dates.ts";
import { chars, check, codes, dates, digits, LAST_YEAR, oneOf, span } from "./id-field.ts";
import { fixed, type IdForm, type IdSchemes } from "./id-scheme.ts";
import { luhnDigit } from "./luhn.ts";
import { repeatedDigits } from "./repeated-digits.ts";

const dutch = ending(1, (before) => belowTen(weighted(before, [9, 8, 7, 6, 5, 4, 3, 2]) % 11));

const DEPARTMENTS = [...codes(1, 99), "2A", "2B"];
const FRENCH_MONTHS = codes(1, 12);

/** The key of the French number: Corsica's letters count as 19 and 18. */
const frenchKey = ending(2, (before) => 97 - remainder(before.replace("2A", "19").replace("2B", "18"), 97));

const frenchPerson = (sexes: string): IdForm => ({
  fields: [chars(sexes), digits(2), oneOf(FRENCH_MONTHS), oneOf(DEPARTMENTS), span(1, 999), span(1, 999), check(2)],
  complete: frenchKey,
});

const belgian = (isOld: boolean) => ending(2, (before) => 97 - remainder((isOld ? "" : "2") + before, 97));

/** Belgium's date may be of a person in no register (bis): the month then has 20 or 40 more. */
const belgianForms = (more: readonly number[]): readonly IdForm[] => {
  const days = (from: number, to: number) => oneOf(more.flatMap((plus) => dates(from, to, (y, m, d) => yymmdd(y, m + plus, d))));
  const rest = [span(1, 998), check(2)];
  return [
    { fields: [days(1900, 1999), ...rest], complete: belgian(true) },
    { fields: [days(2000, LAST_YEAR), ...rest], complete: belgian(false) },
    { fields: [keptOf(days(LAST_YEAR + 1, 2099)), ...rest], complete: belgian(false) },
  ];
};

/** The prefix letters that HMRC gives out; these pairs it never does. */
const NINO_FIRST = [..."ABCEGHJKLMNOPRSTWXYZ"];
const NINO_SECOND = [..."ABCEGHJKLMNPRSTWXYZ"];
const NO_NINO = new Set(["BG", "GB", "KN", "NK", "NT", "TN", "ZZ"]);
const NINO_PREFIXES = NINO_FIRST.flatMap((first) => NINO_SECOND.map((second) => first + second)).filter(
  (pair) => !NO_NINO.has(pair),
);

const IRISH = "WABCDEFGHIJKLMNOPQRSTUV";
/** The letters A and H behind the check letter count, older ones do not. */
const irish = (text: string): string => {
  const second = text[8] === "A" ? 1 : text[8] === "H" ? 8 : 0;
  return text.slice(0, 7) + IRISH[(weighted(text, [8, 7, 6, 5, 4, 3, 2]) + second * 9) % 23] + text.slice(8);
};

/** Numbers of people and companies in the countries of western Europe. */
export const IDS_OF_THE_WEST = {
  "nl.bsn": fixed("the Netherlands' BSN", () => [{ fields: [digits(8), check()], complete: dutch }]),
  "be.nn": fixed("Belgium's national number", () => belgianForms([0])),
  "be.bis": fixed("Belgium's bis number", () => belgianForms([20, 40])),
  "be.vat": fixed("Belgium's enterprise number", () => [
    { fields: [chars("01"), digits(7), check(2)], complete: ending(2, (before) => 97 - remainder(before, 97)) },
    // As it was written before 2005, without the zero.
    { fields: [span(1, 9), digits(6), check(2)], complete: ending(2, (before) => 97 - remainder(before, 97)) },
  ]),
  "lu.matricule": fixed("Luxembourg's identification number of a person", () => {
    const complete = (text: string) => {
      const front = text.slice(0, 11);
      return front + luhnDigit(front, "") + verhoeffDigit(front);
    };
    return dated(1900, yyyymmdd, (date) => ({ fields: [date, digits(3), check(2)], complete }));
  }),
  "fr.nir": fixed("France's NIR (social security number)", () => [frenchPerson("12"), frenchPerson("3478")]),
  "fr.nif": fixed("France's tax number of a person", () => [
    { fields: [chars("0123"), digits(9), check(3)], complete: ending(3, (before) => remainder(before, 511)) },
  ]),
  "fr.siren": fixed("France's SIREN", () => [{ fields: [digits(8), check()], complete: luhnEnding }]),
  "fr.siret": fixed("France's SIRET", () => [
    {
      fields: [digits(8), check(), digits(4), check()],
      complete: (text) => {
        const siren = text.slice(0, 8) + luhnDigit(text.slice(0, 8), "");
        return luhnEnding(siren + text.slice(9));
      },
    },
  ]),
  "de.idnr": fixed("Germany's tax identification number", () => [
    { fields: [repeatedDigits(2), check()], complete: (text) => (text[0] === "0" ? null : ending(1, mod11And10)(text)) },
    { fields: [repeatedDigits(3), check()], complete: (text) => (text[0] === "0" ? null : ending(1, mod11And10)(text)) },
  ]),
  "de.vat": fixed("Germany's VAT number, without the DE", () => [
    { fields: [span(1, 9), digits(7), check()], complete: ending(1, mod11And10) },
  ]),
  "at.vnr": fixed("Austria's insurance number", () => [
    {
      fields: [span(100, 999), check(), centuryDates(ddmmyy)],
      complete: (text) => {
        const digit = belowTen((weighted(text, [3, 7, 9]) + weighted(text, [5, 8, 4, 2, 1, 6], 4)) % 11);
        return digit === null ? null : text.slice(0, 3) + digit + text.slice(4);
      },
    },
  ]),
  "ch.ahv": fixed("Switzerland's AHV number", () => [
    {
      fields: [keptOf(oneOf(["756"])), digits(9), check()],
      complete: weightedEnding([1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3], 10, (rest) => (10 - rest) % 10),
    },
  ]),
  "ch.uid": fixed("Switzerland's enterprise number", () => [
    {
      fields: [keptOf(oneOf(["CHE"])), digits(8), check()],
      complete: ending(1, (before) => elevenLess(weighted(before, [5, 4, 3, 2, 7, 6, 5, 4], 3) % 11)),
    },
  ]),
  "gb.nino": fixed("the United Kingdom's national insurance number", () => [
    { fields: [oneOf(NINO_PREFIXES), digits(6), chars("ABCD")] },
    { fields: [oneOf(NINO_PREFIXES), digits(6)] },
  ]),
  "gb.nhs": fixed("the NHS number of England and Wales", () => [
    { fields: [span(1, 9), digits(8), check()], complete: weightedEnding([10, 9, 8, 7, 6, 5, 4, 3, 2], 11, elevenLess) },
  ]),
  "gb.utr": fixed("the United Kingdom's tax reference", () => [
    {
      fields: [check(), digits(9)],
      complete: (text) => "21987654321"[weighted(text, [6, 7, 8, 9, 10, 5, 4, 3, 2], 1) % 11]! + text.slice(1),
    },
  ]),
  "ie.pps": fixed("Ireland's PPS number", () => [
    { fields: [digits(7), check()], complete: irish },
    { fields: [digits(7), check(), chars("AH")], complete: irish },
    { fields: [digits(7), check(), keptOf(chars("WTX"))], complete: irish },
  ]),
} satisfies IdSchemes;
