import { elevenLess, ending, luhnEnding, mod11And10, tenLess, weighted, weightedEnding } from "./id-checks.ts";
import { dated, ddmmyy } from "./id-dates.ts";
import { chars, check, codes, dates, digits, kept, LAST_YEAR, letters, oneOf, span, two } from "./id-field.ts";
import { fixed, type IdForm, type IdSchemes } from "./id-scheme.ts";
import { italianLetter } from "./italian-letter.ts";
import { luhnDigit } from "./luhn.ts";

const SPANISH = "TRWAGMYFPDXBNJZSQVHLCKE";
const FOREIGN = "XYZ";
const dni = ending(1, (before) => SPANISH[Number(before) % 23]!);
const nie = ending(1, (before) => SPANISH[Number(FOREIGN.indexOf(before[0]!) + before.slice(1)) % 23]!);

const dniForm: IdForm = { fields: [digits(8), check()], complete: dni };
const nieForm: IdForm = { fields: [chars(FOREIGN), digits(7), check()], complete: nie };

/** Companies of some kinds have a letter for the check digit, others a digit. */
const cifForm = (kinds: string, isLetter: boolean): IdForm => ({
  fields: [chars(kinds), span(1, 99, 2), digits(5), check()],
  complete: ending(1, (before) => {
    const digit = luhnDigit(before.slice(1), "");
    return isLetter ? "JABCDEFGHI"[Number(digit)]! : digit;
  }),
});
const cifForms = [cifForm("ABCDEFGHJUV", false), cifForm("NPQRSW", true)];

const italian = ending(1, italianLetter);

const MONTHS = "ABCDEHLMPRST";
/** Where two people would have one code, digits become letters. */
const WITH_LETTERS = /^[A-Z]{6}[\dL-NP-V]{2}[ABCDEHLMPRST][\dL-NP-V]{2}[A-Z][\dL-NP-V]{3}/;

const greekTax = ending(1, (before) => (weighted(before, [256, 128, 64, 32, 16, 8, 4, 2]) % 11) % 10);

/** Yugoslavia's number, kept by its successors: date, region, number of the day. */
const jmbg = () => {
  const complete = ending(1, (before) => elevenLess(weighted(before, [7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11));
  const write = (y: number, m: number, d: number) => two(d) + two(m) + String(y % 1000).padStart(3, "0");
  // Slovenia's region is 50; elsewhere it may be any, and stays.
  return dated(1900, write, (date) => ({ fields: [date, kept(2), digits(3), check()], complete }));
};

/** Numbers of people and companies in the countries of southern Europe. */
export const IDS_OF_THE_SOUTH = {
  "es.dni": fixed("Spain's DNI", () => [dniForm]),
  "es.nie": fixed("Spain's NIE", () => [nieForm]),
  "es.cif": fixed("Spain's CIF", () => cifForms),
  "es.nif": fixed("Spain's NIF: a DNI, a NIE or a CIF, which it stays", () => [
    dniForm,
    nieForm,
    { fields: [chars("KLM"), digits(7), check()], complete: (text) => text[0] + dni(`0${text.slice(1)}`)!.slice(1) },
    ...cifForms,
  ]),
  "pt.nif": fixed("Portugal's NIF", () => [
    {
      fields: [chars("1235689"), digits(7), check()],
      complete: weightedEnding([9, 8, 7, 6, 5, 4, 3, 2], 11, (rest) => (rest < 2 ? 0 : 11 - rest)),
    },
  ]),
  "pt.cc": fixed("Portugal's citizen card number", () => [
    {
      fields: [digits(9), chars("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", 2), check()],
      complete: ending(1, (before) => {
        let sum = 0;
        for (let index = 0; index < 11; index++) {
          const code = before.charCodeAt(index);
          const value = (code < 58 ? code - 48 : code - 55) * (index % 2 === 0 ? 2 : 1);
          sum += index % 2 === 0 && value > 9 ? value - 9 : value;
        }
        return tenLess(sum % 10);
      }),
    },
  ]),
  "it.codicefiscale": fixed("Italy's codice fiscale", () => {
    const write = (plus: number) => (y: number, m: number, d: number) => two(y) + MONTHS[m - 1] + two(d + plus);
    const days = [0, 40].flatMap((plus) => dates(LAST_YEAR - 99, LAST_YEAR, write(plus)));
    return [
      { fields: [letters(6), oneOf(days), chars("ABCDEFGHIJKLMZ"), span(1, 999), check()], complete: italian },
      {
        fields: [letters(6), kept(9), check()],
        complete: (text) =>
          WITH_LETTERS.test(text) && /[L-NP-V]/.test(text.slice(6, 8) + text.slice(9, 11) + text.slice(12, 15))
            ? italian(text)
            : null,
      },
    ];
  }),
  "it.iva": fixed("Italy's partita IVA", () => [
    { fields: [span(1, 9_999_999, 7), oneOf([...codes(1, 100, 3), "120", "121", "888", "999"]), check()], complete: luhnEnding },
  ]),
  "gr.afm": fixed("Greece's AFM", () => [{ fields: [digits(8), check()], complete: greekTax }]),
  "gr.amka": fixed("Greece's AMKA", () => {
    const days = oneOf(dates(LAST_YEAR - 99, LAST_YEAR, ddmmyy));
    return [{ fields: [days, digits(4), check()], complete: luhnEnding }];
  }),
  "hr.oib": fixed("Croatia's OIB", () => [{ fields: [digits(10), check()], complete: ending(1, mod11And10) }]),
  "si.emso": fixed("Slovenia's EMŠO", jmbg),
  "si.ddv": fixed("Slovenia's tax number", () => [
    {
      fields: [span(1, 9), digits(6), check()],
      complete: weightedEnding([8, 7, 6, 5, 4, 3, 2], 11, (rest) => (rest === 0 ? null : (11 - rest) % 10)),
    },
  ]),
  "rs.jmbg": fixed("Serbia's JMBG", jmbg),
  "ba.jmbg": fixed("Bosnia and Herzegovina's JMBG", jmbg),
  "me.jmbg": fixed("Montenegro's JMBG", jmbg),
  "mk.jmbg": fixed("North Macedonia's EMBG", jmbg),
  "rs.pib": fixed("Serbia's PIB", () => [{ fields: [digits(8), check()], complete: ending(1, mod11And10) }]),
  "tr.tckimlik": fixed("Türkiye's TC kimlik number", () => [
    {
      fields: [span(1, 9), digits(8), check(2)],
      complete: (text) => {
        const first = (((weighted(text, [7, -1, 7, -1, 7, -1, 7, -1, 7]) % 10) + 10) % 10) as number;
        const front = text.slice(0, 9) + first;
        return front + (weighted(front, [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]) % 10);
      },
    },
  ]),
  "tr.vkn": fixed("Türkiye's tax number", () => [
    {
      fields: [digits(9), check()],
      complete: ending(1, (before) => {
        let sum = 0;
        for (let index = 0; index < 9; index++) {
          const first = (before.charCodeAt(index) - 48 + 9 - index) % 10;
          if (first !== 0) sum += (first * 2 ** (9 - index)) % 9 || 9;
        }
        return tenLess(sum % 10);
      }),
    },
  ]),
  "mt.vat": fixed("Malta's VAT number, without the MT", () => [
    {
      fields: [span(1, 9), digits(5), check(2)],
      complete: ending(2, (before) => 37 - (weighted(before, [3, 4, 6, 7, 8, 9]) % 37)),
    },
  ]),
  "il.idnr": fixed("Israel's identity number", () => [
    { fields: [digits(8), check()], complete: luhnEnding },
    // Without the zeros at the front.
    { fields: [span(1, 9), digits(6), check()], complete: luhnEnding },
    { fields: [span(1, 9), digits(5), check()], complete: luhnEnding },
  ]),
} satisfies IdSchemes;
