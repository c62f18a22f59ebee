import { dates, type IdField, LAST_YEAR, oneOf, two } from "./id-field.ts";
import type { IdForm } from "./id-scheme.ts";

type WriteDate = (year: number, month: number, day: number) => string;

export const yymmdd: WriteDate = (year, month, day) => two(year) + two(month) + two(day);
export const ddmmyy: WriteDate = (year, month, day) => two(day) + two(month) + two(year);
export const yyyymmdd: WriteDate = (year, month, day) => year + two(month) + two(day);

const LAST_OF_ALL = 2099;

/** Any of the texts, which stays. */
export function keptOf(field: IdField): IdField {
  return { ...field, size: 1, keeps: "bound", rank: (text, at) => Math.min(field.rank(text, at), 0) };
}

/** A form with a full date, and the one of the days that no made-up number may have: those stay. */
export function dated(
  fromYear: number,
  writes: WriteDate | readonly WriteDate[],
  form: (date: IdField) => IdForm,
): readonly IdForm[] {
  const all = typeof writes === "function" ? [writes] : writes;
  const table = (from: number, to: number) => oneOf(all.flatMap((write) => dates(from, to, write)));
  return [form(table(fromYear, LAST_YEAR)), form(keptOf(table(LAST_YEAR + 1, LAST_OF_ALL)))];
}

/** All days of a hundred years, where the century is not written. */
export function centuryDates(...writes: readonly WriteDate[]): IdField {
  return oneOf(writes.flatMap((write) => dates(LAST_YEAR - 99, LAST_YEAR, write)));
}
