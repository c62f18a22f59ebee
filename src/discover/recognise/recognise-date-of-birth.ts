import { type Recogniser, shareOf } from "./recogniser.ts";

/** The year of a date in one of the usual orders, or a year alone; null where it is none. */
export function yearOf(value: string): number | null {
  const text = value.slice(0, 40);
  const found =
    /^(\d{4})[-/. ]?\d{1,2}[-/. ]?\d{1,2}(?:[ T].*)?$/.exec(text) ??
    /^\d{1,2}[-/. ]\d{1,2}[-/. ](\d{4})(?:[ T].*)?$/.exec(text) ??
    /^(\d{4})$/.exec(text) ??
    /^\d{1,2}[. -]+\p{L}{3,12}\.?[, -]+(\d{4})$/u.exec(text) ??
    /^\p{L}{3,12}\.? \d{1,2},? (\d{4})$/u.exec(text);
  if (found !== null) return Number(found[1]);
  const short = /^\d{1,2}[-/.]\d{1,2}[-/.](\d{2})$/.exec(text);
  return short === null ? null : 1900 + Number(short[1]);
}

/** A day of the year without its year, or a number of a day or month alone: only a name says what it is. */
function isPartOfDate(value: string): boolean {
  return /^(?:--)?\d{1,2}(?:[-/.]\d{1,2}[-/.]?)?$/.test(value) && value.split(/\D+/).every((part) => Number(part) <= 31);
}

const isYearOfLife = (year: number | null) => year !== null && year >= 1880 && year <= 2099;

/** Dates of a lifetime. Alone, they say so where most lie long ago and wide apart, as no business has them. */
export const recogniseBirthDate: Recogniser = {
  kind: "birthDate",
  accepts: ["text", "date", "timestamp", "integer"],
  measure: (values) => {
    const years = values
      .map(yearOf)
      .filter((year): year is number => isYearOfLife(year))
      .sort((one, other) => one - other);
    const share = values.length === 0 ? 0 : years.length / values.length;
    const isLifetime =
      years.length >= 20 &&
      years[Math.floor(years.length * 0.9)]! < 2008 &&
      years[Math.floor(years.length * 0.1)]! < 1975 &&
      years.at(-1)! - years[0]! > 30;
    const parts = shareOf(values, isPartOfDate);
    if (parts > share)
      return { kind: "birthDate", share: parts, alone: 0, support: 0.3, isNeeded: true, says: "are parts of dates" };
    const isFull = shareOf(values, (value) => value.length >= 8) > 0.9;
    return {
      kind: "birthDate",
      share,
      alone: isLifetime && isFull ? 0.45 : 0,
      support: 0.8,
      isNeeded: true,
      says: "are dates of a lifetime",
    };
  },
};

/** `42`, or a band of years: `18-25`, `65+`, `<18`. */
function isAge(value: string): boolean {
  const years = /^[<>]?=? ?(\d{1,3})(?:\.\d+)?(?: ?(?:-|–|to|bis) ?(\d{1,3})| ?\+)?$/.exec(value);
  return years !== null && Number(years[1]) <= 122 && Number(years[2] ?? 0) <= 122;
}

export const recogniseAge: Recogniser = {
  kind: "age",
  accepts: ["text", "integer", "decimal", "float"],
  measure: (values) => ({
    kind: "age",
    share: shareOf(values, isAge),
    alone: 0,
    support: 0.25,
    isNeeded: true,
    says: "are numbers up to 122",
  }),
};
