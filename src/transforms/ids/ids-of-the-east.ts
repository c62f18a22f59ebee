import { ending, remainder, tenIsZero, tenLess, weighted, weightedEnding } from "./id-checks.ts";
import { dated, keptOf, yymmdd } from "./id-dates.ts";
import { chars, check, codes, dates, digits, type IdField, LAST_YEAR, oneOf, span, two } from "./id-field.ts";
import { fixed, type IdForm, type IdSchemes } from "./id-scheme.ts";

const polishTax = weightedEnding([6, 5, 7, 2, 3, 4, 5, 6, 7], 11, (rest) => (rest === 10 ? null : rest));
const regon = weightedEnding([8, 9, 2, 3, 4, 5, 6, 7], 11, tenIsZero);
const longRegon = weightedEnding([2, 4, 8, 5, 0, 9, 7, 3, 6, 1, 2, 4, 8], 11, tenIsZero);

/** Months of Poland and Bulgaria tell the century: so many more for those born before 1900 and from 2000 on. */
const monthAndCentury = (before: number, after: number) => (y: number, m: number, d: number) =>
  two(y) + two(m + (y < 1900 ? before : y < 2000 ? 0 : after)) + two(d);

/** The Czech and Slovak number: women's months have 50 more, and where a day's numbers ran out, 20 more. */
const czechoslovak = (): readonly IdForm[] => {
  const days = (from: number, to: number, more: readonly number[]): IdField =>
    oneOf(more.flatMap((plus) => dates(from, to, (y, m, d) => yymmdd(y, m + plus, d))));
  const rest = [digits(3), check()];
  /** Until 1985 a remainder of 10 counted as 0. */
  const complete = ending(1, (before) => {
    const yy = Number(before.slice(0, 2));
    const left = remainder(before, 11);
    return left < 10 ? left : yy >= 54 && yy < 85 ? 0 : null;
  });
  return [
    { fields: [days(1954, LAST_YEAR, [0, 50]), ...rest], complete },
    { fields: [days(2004, LAST_YEAR, [20, 70]), ...rest], complete },
    { fields: [keptOf(days(LAST_YEAR + 1, 2053, [0, 20, 50, 70])), ...rest], complete },
    { fields: [days(1881, 1953, [0, 50]), span(1, 999)] },
  ];
};

const COUNTIES = [...codes(1, 48), "51", "52"];

const romanian = weightedEnding([2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9], 11, (rest) => (rest === 10 ? 1 : rest));

const ukrainian = weightedEnding([-1, 5, 7, 9, 4, 6, 10, 5, 7], 11, (rest) => ((rest + 11) % 11) % 10);

const russianTax = (text: string): string => {
  if (text.length === 10) return text.slice(0, 9) + ((weighted(text, [2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11) % 10);
  const front = text.slice(0, 10) + ((weighted(text, [7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11) % 10);
  return front + ((weighted(front, [3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11) % 10);
};

/** Numbers of people and companies in the countries of eastern Europe. */
export const IDS_OF_THE_EAST = {
  "pl.pesel": fixed("Poland's PESEL", () =>
    dated(1880, monthAndCentury(80, 20), (date) => ({
      fields: [date, digits(4), check()],
      complete: weightedEnding([1, 3, 7, 9, 1, 3, 7, 9, 1, 3], 10, tenLess),
    })),
  ),
  "pl.nip": fixed("Poland's NIP", () => [{ fields: [span(101, 998, 3), digits(6), check()], complete: polishTax }]),
  "pl.regon": fixed("Poland's REGON", () => [
    { fields: [digits(8), check()], complete: regon },
    { fields: [digits(8), check(), digits(4), check()], complete: (text) => longRegon(regon(text.slice(0, 9)) + text.slice(9)) },
  ]),
  "cz.rc": fixed("Czechia's rodné číslo", czechoslovak),
  "sk.rc": fixed("Slovakia's rodné číslo", czechoslovak),
  "cz.ico": fixed("Czechia's and Slovakia's IČO", () => [
    {
      fields: [chars("012345678"), digits(6), check()],
      complete: weightedEnding([8, 7, 6, 5, 4, 3, 2], 11, (rest) => (11 - rest) % 10),
    },
  ]),
  "ro.cnp": fixed("Romania's CNP", () => {
    const rest = [oneOf(COUNTIES), span(1, 999), check()];
    const written = (sex: number) => (y: number, m: number, d: number) => String((y < 2000 ? 0 : 4) + sex) + yymmdd(y, m, d);
    return dated(1900, [written(1), written(2)], (date) => ({ fields: [date, ...rest], complete: romanian }));
  }),
  "ro.cui": fixed("Romania's CUI", () =>
    [5, 6, 7, 8, 9].map((width) => ({
      fields: [span(1, 9), digits(width - 1), check()],
      complete: ending(1, (before: string) => ((weighted(before.padStart(9, "0"), [7, 5, 3, 2, 1, 7, 5, 3, 2]) * 10) % 11) % 10),
    })),
  ),
  "bg.egn": fixed("Bulgaria's EGN", () =>
    dated(1880, monthAndCentury(20, 40), (date) => ({
      fields: [date, digits(3), check()],
      complete: weightedEnding([2, 4, 8, 5, 10, 9, 7, 3, 6], 11, tenIsZero),
    })),
  ),
  "bg.pnf": fixed("Bulgaria's number of a foreigner", () => [
    { fields: [digits(9), check()], complete: weightedEnding([21, 19, 17, 13, 11, 9, 7, 3, 1], 10, (rest) => rest) },
  ]),
  "hu.anum": fixed("Hungary's tax number", () => [
    { fields: [span(1, 9), digits(6), check()], complete: weightedEnding([9, 7, 3, 1, 9, 7, 3], 10, tenLess) },
  ]),
  "ua.rntrc": fixed("Ukraine's taxpayer number", () => [{ fields: [digits(9), check()], complete: ukrainian }]),
  "ru.inn": fixed("Russia's INN", () => [
    { fields: [digits(9), check()], complete: russianTax },
    { fields: [digits(10), check(2)], complete: russianTax },
  ]),
  "ru.snils": fixed("Russia's SNILS", () => [
    {
      fields: [digits(9), check(2)],
      complete: ending(2, (before) => (weighted(before, [9, 8, 7, 6, 5, 4, 3, 2, 1]) % 101) % 100),
    },
  ]),
  "by.unp": fixed("Belarus's UNP of a company", () => [
    {
      fields: [chars("1234567"), digits(7), check()],
      complete: weightedEnding([29, 23, 19, 17, 13, 7, 5, 3], 11, (rest) => (rest === 10 ? null : rest)),
    },
  ]),
  "md.idno": fixed("Moldova's company number", () => [
    {
      fields: [span(1, 9), digits(11), check()],
      complete: weightedEnding([7, 3, 1, 7, 3, 1, 7, 3, 1, 7, 3, 1], 10, (rest) => rest),
    },
  ]),
} satisfies IdSchemes;
