import { belowTen, elevenLess, ending, luhnEnding, weighted, weightedEnding } from "./id-checks.ts";
import { centuryDates, dated, ddmmyy, keptOf, yymmdd, yyyymmdd } from "./id-dates.ts";
import { chars, check, dates, digits, type IdField, LAST_YEAR, oneOf, span, two } from "./id-field.ts";
import { fixed, type IdForm, type IdSchemes } from "./id-scheme.ts";

/** Days of birth of people from here live to be masked. */
const FIRST_YEAR = 1900;

const isLeapDay = (text: string, month = text.slice(2, 4)) => text.startsWith("29") && month === "02";

/** Denmark: the seventh digit tells the century. */
function danishYear(text: string): number {
  const yy = Number(text.slice(4, 6));
  const seventh = Number(text[6]);
  if (seventh <= 3) return 1900 + yy;
  if (seventh === 4 || seventh === 9) return yy >= 37 ? 1900 + yy : 2000 + yy;
  return yy >= 58 ? 1800 + yy : 2000 + yy;
}

/** Norway: the number of the day does. Null where it tells none. */
function norwegianYear(text: string): number | null {
  const yy = Number(text.slice(4, 6));
  const number = Number(text.slice(6, 9));
  if (number < 500) return 1900 + yy;
  if (number < 750 && yy > 54) return 1800 + yy;
  if (yy < 40) return 2000 + yy;
  return number >= 900 ? 1900 + yy : null;
}

/** Forms of days with two digits for the year, of which another part tells the century: up to the last year any day, later ones stay. */
function byOtherPart(
  date: IdField,
  rest: readonly IdField[],
  yearOf: (text: string) => number | null,
  complete: (text: string) => string | null,
): readonly IdForm[] {
  const only = (isRecent: boolean) => (text: string) => {
    const year = yearOf(text);
    if (year === null || year > LAST_YEAR !== isRecent || (year === 1900 && isLeapDay(text))) return null;
    return complete(text);
  };
  return [
    { fields: [date, ...rest], complete: only(false) },
    { fields: [keptOf(date), ...rest], complete: only(true) },
  ];
}

const norwegian = (text: string): string | null => {
  const first = elevenLess(weighted(text, [3, 7, 6, 1, 8, 9, 4, 5, 2]) % 11);
  if (first === null) return null;
  const front = text.slice(0, 9) + first;
  const second = elevenLess(weighted(front, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11);
  return second === null ? null : front + second;
};

const FINNISH = "0123456789ABCDEFHJKLMNPRSTUVWXY";
/** The signs of a century: the first is the usual one, the others came in 2023. */
const FINNISH_SIGNS = [
  [1900, "-YXWVU"],
  [2000, "ABCDEF"],
] as const;

const finnish = ending(1, (before) => FINNISH[Number(before.slice(0, 6) + before.slice(7)) % 31]!);

/** The Baltic number: sex and century, date, number of the day, and a check digit of two rounds. */
const baltic = () => {
  const write = (sex: number) => (year: number, month: number, day: number) =>
    String(2 * (Math.floor(year / 100) - 18) + sex) + yymmdd(year, month, day);
  const complete = ending(1, (before) => {
    const first = weighted(before, [1, 2, 3, 4, 5, 6, 7, 8, 9, 1]) % 11;
    return first < 10 ? first : (weighted(before, [3, 4, 5, 6, 7, 8, 9, 1, 2, 3]) % 11) % 10;
  });
  return dated(FIRST_YEAR, [write(1), write(2)], (date) => ({ fields: [date, digits(3), check()], complete }));
};

const swedish = (text: string) => text.slice(0, text.length - 10) + luhnEnding(text.slice(-10));

/** Numbers of people in the countries of northern Europe. */
export const IDS_OF_THE_NORTH = {
  "se.personnummer": fixed("Sweden's personnummer and samordningsnummer, with 10 or 12 digits", () => [
    { fields: [centuryDates(yymmdd), digits(3), check()], complete: swedish },
    { fields: [centuryDates((y, m, d) => yymmdd(y, m, d + 60)), digits(3), check()], complete: swedish },
    ...dated(FIRST_YEAR, yyyymmdd, (date) => ({ fields: [date, digits(3), check()], complete: swedish })),
    ...dated(
      FIRST_YEAR,
      (y, m, d) => yyyymmdd(y, m, d + 60),
      (date) => ({ fields: [date, digits(3), check()], complete: swedish }),
    ),
  ]),
  "se.orgnr": fixed("Sweden's organisation number", () => [
    { fields: [digits(2), chars("23456789"), digits(6), check()], complete: luhnEnding },
  ]),
  "no.fodselsnummer": fixed("Norway's fødselsnummer and D-number", () =>
    [ddmmyy, (y: number, m: number, d: number) => ddmmyy(y, m, d + 40)].flatMap((write) =>
      byOtherPart(centuryDates(write), [digits(3), check(2)], (text) => norwegianYear(text), norwegian),
    ),
  ),
  "no.orgnr": fixed("Norway's organisation number", () => [
    { fields: [chars("89"), digits(7), check()], complete: weightedEnding([3, 2, 7, 6, 5, 4, 3, 2], 11, elevenLess) },
  ]),
  "dk.cpr": fixed("Denmark's CPR number", () => byOtherPart(centuryDates(ddmmyy), [digits(4)], danishYear, (text) => text)),
  "dk.cvr": fixed("Denmark's CVR number", () => [
    { fields: [span(1, 9), digits(6), check()], complete: weightedEnding([2, 7, 6, 5, 4, 3, 2], 11, elevenLess) },
  ]),
  "fi.hetu": {
    describe: "Finland's henkilötunnus",
    alsoCounts: "-+",
    forms: (key) =>
      key !== "11"
        ? []
        : FINNISH_SIGNS.flatMap(([century, signs]): IdForm[] => {
            const rest = [chars(signs), span(2, 899, 3), check()];
            const days = (from: number, to: number) => oneOf(dates(from, to, ddmmyy));
            const born: IdForm[] = [{ fields: [days(century, Math.min(century + 99, LAST_YEAR)), ...rest], complete: finnish }];
            if (century === 2000) born.push({ fields: [keptOf(days(LAST_YEAR + 1, 2099)), ...rest], complete: finnish });
            return born;
          }),
  },
  "fi.ytunnus": fixed("Finland's business id", () => [
    { fields: [digits(7), check()], complete: weightedEnding([7, 9, 10, 5, 8, 4, 2], 11, elevenLess) },
  ]),
  "is.kennitala": fixed("Iceland's kennitala", () => {
    const write = (y: number, m: number, d: number) => ddmmyy(y, m, d);
    const complete = (text: string) => {
      const digit = elevenLess(weighted(text, [3, 2, 7, 6, 5, 4, 3, 2]) % 11);
      return digit === null ? null : text.slice(0, 8) + digit + text[9];
    };
    const century = (sign: string) => keptOf(oneOf([sign]));
    const born = (from: number, to: number) => oneOf(dates(from, to, write));
    return [
      { fields: [born(1900, 1999), span(20, 99), check(), century("9")], complete },
      // A company's day has 40 more.
      { fields: [oneOf(dates(1900, 1999, (y, m, d) => ddmmyy(y, m, d + 40))), digits(2), check(), chars("09")], complete },
      { fields: [born(2000, LAST_YEAR), span(20, 99), check(), century("0")], complete },
      { fields: [keptOf(born(LAST_YEAR + 1, 2099)), span(20, 99), check(), century("0")], complete },
    ];
  }),
  "ee.ik": fixed("Estonia's isikukood", baltic),
  "lt.asmens": fixed("Lithuania's asmens kodas", baltic),
  "lv.pk": fixed("Latvia's personas kods, old and new", () => {
    const complete = ending(1, (before) => belowTen((1101 - weighted(before, [1, 6, 3, 7, 9, 10, 5, 8, 4, 2])) % 11));
    return [
      ...dated(
        FIRST_YEAR,
        (y, m, d) => two(d) + two(m) + two(y) + (Math.floor(y / 100) - 18),
        (date) => ({ fields: [date, digits(3), check()], complete }),
      ),
      { fields: [oneOf(["32", "33", "34", "35", "36", "37", "38", "39"]), digits(8), check()], complete },
    ];
  }),
} satisfies IdSchemes;
