import { elevenLess, ending, luhnEnding, tenLess, weighted, weightedEnding } from "./id-checks.ts";
import { centuryDates, keptOf, yymmdd } from "./id-dates.ts";
import { ALPHANUMERIC, chars, check, codes, digits, type IdField, LETTERS, letters, oneOf, span } from "./id-field.ts";
import { fixed, type IdForm, type IdSchemes } from "./id-scheme.ts";
import { luhnDigit } from "./luhn.ts";

/** Areas of US social security numbers: never 000, 666 or 9xx. */
const AREAS = codes(1, 899, 3).filter((area) => area !== "666");

/** Numbers that were printed on sample cards, or say that there is none. */
const NO_SSN = new Set(
  "111111111 222222222 333333333 444444444 555555555 777777777 888888888 123123123 123456789 002281852 042103580 062360749 078051120 095073645 128036045 135016629 141186941 165167999 165187999 165207999 165227999 165247999 189092294 212097694 212099999 219099999 306302348 308125070 457555462 468288779 549241889".split(
    " ",
  ),
);

/** What the IRS puts before a company's number. */
const EIN_PREFIXES =
  "01 02 03 04 05 06 10 11 12 13 14 15 16 20 21 22 23 24 25 26 27 30 31 32 33 34 35 36 37 38 39 40 41 42 43 44 45 46 47 48 50 51 52 53 54 55 56 57 58 59 60 61 62 63 64 65 66 67 68 71 72 73 74 75 76 77 80 81 82 83 84 85 86 87 88 90 91 92 93 94 95 98 99".split(
    " ",
  );

const brazilian = (sum: number) => (sum % 11 < 2 ? 0 : 11 - (sum % 11));
const cpf = (text: string): string => {
  const first = text.slice(0, 9) + brazilian(weighted(text, [10, 9, 8, 7, 6, 5, 4, 3, 2]));
  return first + brazilian(weighted(first, [11, 10, 9, 8, 7, 6, 5, 4, 3, 2]));
};
/** One digit ten times over passes the sum, and is refused everywhere. */
const isOneDigit = (text: string) => text === text[0]!.repeat(text.length);

const cnpj = (text: string): string => {
  const first = text.slice(0, 12) + brazilian(weighted(text, [5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]));
  return first + brazilian(weighted(first, [6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]));
};

/** First letters of names that would spell what Mexico will not print. */
const NOT_PRINTED = new Set(
  "BACA BAKA BUEI BUEY CACA CACO CAGA CAGO CAKA CAKO COGE COGI COJA COJE COJI COJO COLA CULO FALO FETO GETA GUEI GUEY JETA JOTO KACA KACO KAGA KAGO KAKA KAKO KOGE KOGI KOJA KOJE KOJI KOJO KOLA KULO LILO LOCA LOCO LOKA LOKO MAME MAMO MEAR MEAS MEON MIAR MION MOCO MOKO MULA MULO NACA NACO PEDA PEDO PENE PIPI PITO POPO PUTA PUTO QULO RATA ROBA ROBE ROBO RUIN SENO TETA VACA VAGA VAGO VAKA VUEI VUEY WUEI WUEY".split(
    " ",
  ),
);
const MEXICAN_STATES = "AS BC BS CC CH CL CM CS DF DG GR GT HG JC MC MN MS NE NL NT OC PL QR QT SL SP SR TC TL TS VZ YN ZS".split(
  " ",
);

const MEXICAN = "0123456789ABCDEFGHIJKLMN&OPQRSTUVWXYZ Ñ";
/** What a character counts, by its code. */
const mexicanValues = new Uint8Array(256);
for (const [value, char] of [...MEXICAN].entries()) mexicanValues[char.charCodeAt(0)] = value;

const mexicanTax = ending(1, (before) => {
  let sum = before.length === 11 ? 37 * 13 : 0;
  for (let index = 0; index < before.length; index++)
    sum += mexicanValues[before.charCodeAt(index)]! * (before.length + 1 - index);
  const digit = 11 - (sum % 11);
  return digit === 11 ? 0 : digit === 10 ? "A" : digit;
});
const mexicanPerson = ending(1, (before) => {
  let sum = 0;
  for (let index = 0; index < 17; index++) sum += mexicanValues[before.charCodeAt(index)]! * (18 - index);
  return tenLess(sum % 10);
});
const printable = (complete: (text: string) => string | null) => (text: string) =>
  NOT_PRINTED.has(text.slice(0, 4)) ? null : complete(text);

/** What tells people of one name and day apart. */
const homonym = [chars("123456789ABCDEFGHIJKLMNOPQRSTUV"), chars("123456789ABCDEFGHIJKLMNPQRSTUVWXYZ")];

const rut = ending(1, (before) => "0K987654321"[weighted(before.padStart(9, "0"), [4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11]!);

const colombian = ending(1, (before) => "01987654321"[weighted(before.padStart(15, "0"), COLOMBIAN) % 11]!);
const COLOMBIAN = [71, 67, 59, 53, 47, 43, 41, 37, 29, 23, 19, 17, 13, 7, 3];

const VENEZUELAN: Readonly<Record<string, number>> = { V: 4, E: 8, J: 12, P: 16, G: 20 };
const rif = ending(1, (before) => "00987654321"[(VENEZUELAN[before[0]!]! + weighted(before, [3, 2, 7, 6, 5, 4, 3, 2], 1)) % 11]!);

const ECUADORIAN_PROVINCES = [...codes(1, 24), "30", "50"];
const withLength = (widths: readonly number[], form: (width: number) => IdForm) => widths.map(form);
const noZero = (width: number): readonly IdField[] => [span(1, 9), digits(width - 1)];

/** Numbers of people and companies in the Americas. */
export const IDS_OF_THE_AMERICAS = {
  "us.ssn": fixed("the United States' social security number", () => [
    { fields: [oneOf(AREAS), span(1, 99), span(1, 9999)], complete: (text) => (NO_SSN.has(text) ? null : text) },
  ]),
  "us.itin": fixed("the United States' tax number of a person", () => [
    {
      fields: [
        keptOf(oneOf(["9"])),
        digits(2),
        oneOf([...codes(50, 65), ...codes(70, 88), ...codes(90, 92), ...codes(94, 99)]),
        digits(4),
      ],
    },
  ]),
  "us.ein": fixed("the United States' employer number", () => [{ fields: [oneOf(EIN_PREFIXES), digits(7)] }]),
  "us.npi": fixed("the United States' provider number", () => [
    { fields: [chars("12"), digits(8), check()], complete: (text) => luhnEnding(`80840${text}`)!.slice(5) },
  ]),
  "ca.sin": fixed("Canada's social insurance number", () => [
    { fields: [chars("12345679"), digits(7), check()], complete: luhnEnding },
  ]),
  "ca.bn": fixed("Canada's business number, an account of it stays", () => [
    { fields: [digits(8), check()], complete: luhnEnding },
    {
      fields: [digits(8), check(), keptOf(oneOf(["RC", "RM", "RP", "RT"])), keptOf(span(1, 9999))],
      complete: (text) => text.slice(0, 8) + luhnDigit(text.slice(0, 8), "") + text.slice(9),
    },
  ]),
  "mx.curp": fixed("Mexico's CURP", () => [
    {
      fields: [
        letters(),
        chars("AEIOUX"),
        letters(2),
        centuryDates(yymmdd),
        chars("HMX"),
        oneOf(MEXICAN_STATES),
        chars("BCDFGHJKLMNPQRSTVWXYZ", 3),
        chars(ALPHANUMERIC),
        check(),
      ],
      complete: printable(mexicanPerson),
    },
  ]),
  "mx.rfc": {
    ...fixed("Mexico's RFC of a person or company", () => [
      {
        fields: [letters(), chars("AEIOUX"), letters(2), centuryDates(yymmdd), ...homonym, check()],
        complete: printable(mexicanTax),
      },
      { fields: [letters(), chars("AEIOUX"), letters(2), centuryDates(yymmdd)], complete: printable((text) => text) },
      { fields: [chars(`${LETTERS}&`, 3), centuryDates(yymmdd), ...homonym, check()], complete: mexicanTax },
    ]),
    alsoCounts: "&Ñ",
  },
  "br.cpf": fixed("Brazil's CPF", () => [
    { fields: [digits(9), check(2)], complete: (text) => (isOneDigit(text.slice(0, 9)) ? null : cpf(text)) },
  ]),
  "br.cnpj": fixed("Brazil's CNPJ", () => [
    { fields: [digits(8), oneOf(["0001"]), check(2)], complete: (text) => (isOneDigit(text.slice(0, 8)) ? null : cnpj(text)) },
    { fields: [digits(8), span(2, 9999), check(2)], complete: (text) => (isOneDigit(text.slice(0, 8)) ? null : cnpj(text)) },
    // With letters, as it is given out from 2026 on.
    {
      fields: [chars(ALPHANUMERIC, 8), chars(ALPHANUMERIC, 4), check(2)],
      complete: (text) => (/[A-Z]/.test(text) ? cnpj(text) : null),
    },
  ]),
  "ar.cuit": fixed("Argentina's CUIT and CUIL", () => [
    {
      fields: [oneOf(["20", "23", "24", "27", "30", "33", "34", "50", "51", "55"]), digits(8), check()],
      complete: weightedEnding([5, 4, 3, 2, 7, 6, 5, 4, 3, 2], 11, elevenLess),
    },
  ]),
  "ar.dni": fixed("Argentina's DNI", () => withLength([7, 8], (width) => ({ fields: noZero(width) }))),
  "cl.rut": fixed("Chile's RUT", () => withLength([7, 8], (width) => ({ fields: [...noZero(width), check()], complete: rut }))),
  "co.nit": fixed("Colombia's NIT", () =>
    withLength([7, 8, 9, 10], (width) => ({ fields: [...noZero(width), check()], complete: colombian })),
  ),
  "pe.ruc": fixed("Peru's RUC", () => [
    {
      fields: [oneOf(["10", "15", "17", "20"]), digits(8), check()],
      complete: weightedEnding([5, 4, 3, 2, 7, 6, 5, 4, 3, 2], 11, (rest) => (11 - rest) % 10),
    },
  ]),
  "pe.dni": fixed("Peru's DNI, with or without its check digit", () => [
    { fields: [digits(8)] },
    { fields: [digits(8), check()], complete: weightedEnding([3, 2, 7, 6, 5, 4, 3, 2], 11, (rest) => "65432110987"[rest]!) },
  ]),
  "uy.rut": fixed("Uruguay's RUT", () => [
    {
      fields: [oneOf(codes(1, 21)), span(1, 999_999), oneOf(["001"]), check()],
      complete: weightedEnding([4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2], 11, elevenLess),
    },
  ]),
  "ec.ci": fixed("Ecuador's cédula", () => [
    { fields: [oneOf(ECUADORIAN_PROVINCES), chars("012345"), digits(6), check()], complete: luhnEnding },
  ]),
  "ve.rif": fixed("Venezuela's RIF", () => [{ fields: [chars("VEJPG"), digits(8), check()], complete: rif }]),
  "do.cedula": fixed("the Dominican Republic's cédula", () => [{ fields: [digits(10), check()], complete: luhnEnding }]),
  "do.rnc": fixed("the Dominican Republic's RNC", () => [
    {
      fields: [span(1, 9), digits(7), check()],
      complete: weightedEnding([7, 9, 8, 6, 5, 4, 3, 2], 11, (rest) => ((10 - rest + 9) % 9) + 1),
    },
  ]),
  "cr.cpf": fixed("Costa Rica's cédula of a person", () => [
    { fields: [keptOf(oneOf(["0"])), span(1, 9), digits(8)] },
    { fields: [span(1, 9), digits(8)] },
  ]),
} satisfies IdSchemes;
